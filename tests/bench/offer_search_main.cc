// SPDX-License-Identifier: Apache-2.0
// offer_search: fills the ledger of a server that is not running with offers, or searches those of
// one that is, and says how long that took, as one line of JSON.
#include "ledger/base/status_macros.h"
#include "services/server/config.h"
#include "tests/bench/connections.h"
#include "tests/bench/offer_filler.h"
#include "tests/bench/search_load.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

struct Wish {
  std::string config;
  OfferFill fill;
  int port = 0;
  std::string certificates;
  std::size_t offers = 100'000;
  std::int64_t seconds = 30;
  double searches = 50;
  double updates = 500;
};

absl::Status Fill(const Wish& wish) {
  PUHUI_ASSIGN_OR_RETURN(const auto config, services::ReadConfig(wish.config));
  PUHUI_ASSIGN_OR_RETURN(const auto ledger, LedgerOnDisk::Open(config));
  PUHUI_RETURN_IF_ERROR(FillOffers(ledger.get(), wish.fill));
  return ledger->Close();
}

absl::Status Search(const Wish& wish) {
  SearchLoad load{.offers = wish.offers,
                  .duration = absl::Seconds(wish.seconds),
                  .searches_per_second = wish.searches,
                  .updates_per_second = wish.updates};
  PUHUI_ASSIGN_OR_RETURN(load.its_operator, Connect(wish.port, wish.certificates, "operator"));
  PUHUI_ASSIGN_OR_RETURN(load.hr, Connect(wish.port, wish.certificates, "hr"));
  PUHUI_ASSIGN_OR_RETURN(const SearchReport report, RunSearches(load));
  std::cout << report.ToJson() << std::endl;
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app{"Offers in any number, searched while they change", "offer_search"};
  app.require_subcommand(1);
  Wish wish;
  CLI::App* const fill = app.add_subcommand("fill", "Fill an empty ledger");
  fill->add_option("--config", wish.config, "The server's configuration")->required();
  fill->add_option("--offers", wish.fill.offers)
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000'000));
  fill->add_option("--merchants", wish.fill.merchants)
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  CLI::App* const search = app.add_subcommand("search", "Search, and change offers meanwhile");
  search->add_option("--port", wish.port, "The server's port on 127.0.0.1")->required();
  search->add_option("--certificates", wish.certificates, "Made by deploy/dev_ca.sh")->required();
  search->add_option("--offers", wish.offers, "That were filled in")->capture_default_str();
  search->add_option("--seconds", wish.seconds)->capture_default_str();
  search->add_option("--searches-per-second", wish.searches)->capture_default_str();
  search->add_option("--updates-per-second", wish.updates)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = fill->parsed() ? Fill(wish) : Search(wish);
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "offer_search: " << status << std::endl;
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
