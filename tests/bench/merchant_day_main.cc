// SPDX-License-Identifier: Apache-2.0
// merchant_day: fills the ledger of a server that is not running with a merchant's purchases of
// yesterday, and writes the merchant's own books of it, which differ in three of them.
#include "ledger/base/status_macros.h"
#include "services/server/config.h"
#include "tests/bench/filler.h"
#include "tests/bench/merchant_day.h"

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

struct Wish {
  std::string config;
  std::string books;
  std::size_t members = 10'000;
  MerchantDayWish day;
};

absl::Status Fill(Wish wish) {
  PUHUI_ASSIGN_OR_RETURN(const auto config, services::ReadConfig(wish.config));
  const absl::CivilDay yesterday = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) - 1;
  const absl::Time morning = absl::FromCivil(yesterday, absl::UTCTimeZone());
  PUHUI_ASSIGN_OR_RETURN(const auto ledger, LedgerOnDisk::Open(config, absl::Now() - morning));
  // A shop that is open for sixteen hours; whatever comes before is there when it opens.
  wish.day.start = morning + absl::Hours(6);
  wish.day.end = morning + absl::Hours(22);
  Filler filler(ledger.get());
  PUHUI_RETURN_IF_ERROR(FillWallets(wish.members, wish.day.purchases, &filler));
  PUHUI_ASSIGN_OR_RETURN(auto books,
                         FillMerchantDay(ledger.get(), filler.accounts().cards, wish.day));
  PUHUI_RETURN_IF_ERROR(ledger->Close());
  HideDifferences(&books);
  PUHUI_RETURN_IF_ERROR(WriteBooks(books, wish.books));
  std::cout << R"({"merchant":")" << wish.day.merchant << R"(","day":")"
            << absl::FormatCivilTime(yesterday) << R"(","purchases":)" << wish.day.purchases << "}"
            << std::endl;
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app{"Fills a merchant's day, and writes books that differ in three purchases",
               "merchant_day"};
  Wish wish;
  app.add_option("--config", wish.config, "The server's configuration")->required();
  app.add_option("--books", wish.books, "Where to write the merchant's own CSV")->required();
  app.add_option("--purchases", wish.day.purchases)
      ->capture_default_str()
      ->check(CLI::Range(3, 10'000'000));
  app.add_option("--stores", wish.day.stores)->capture_default_str()->check(CLI::Range(1, 1'000));
  app.add_option("--members", wish.members)->capture_default_str()->check(CLI::Range(1, 1'000'000));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Fill(std::move(wish));
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "merchant_day: " << status << std::endl;
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
