// SPDX-License-Identifier: Apache-2.0
// fill: makes the data directory of a server that is not running fit for a load, and says who can
// buy and where.
#include "services/server/config.h"
#include "tests/bench/accounts.h"
#include "tests/bench/busy_day.h"
#include "tests/bench/filler.h"
#include "tests/bench/ledger_on_disk.h"
#include "tests/bench/till_rules.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

struct Wish {
  std::string config;
  std::string accounts;
  std::size_t members = 100'000;
  std::size_t cards = 100'000;
  std::size_t campaigns = 1;
  std::int64_t points = 1'000'000;  // Granted to each member by each campaign.
  bool ruled = false;
  std::size_t devices = 0;
  MerchantWish merchants;
  std::size_t offers = 0;     // To order.
  std::size_t sales = 0;      // Of m-0, on one business day,
  std::int64_t ends_in = 60;  // which ends when so many seconds have passed.
};

absl::Status Fill(const Wish& wish) {
  PUHUI_ASSIGN_OR_RETURN(const auto config, services::ReadConfig(wish.config));
  const bool busy = wish.sales > 0;
  const absl::Time day_end = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + wish.ends_in);
  PUHUI_ASSIGN_OR_RETURN(const auto ledger,
                         LedgerOnDisk::Open(config, busy ? kBusyDayLate : absl::ZeroDuration()));
  PUHUI_ASSIGN_OR_RETURN(const Points grant, Points::FromRequest(wish.points, "points"));
  Filler filler(ledger.get(), wish.ruled ? RuledTerms(grant) : PlainTerms());
  const std::size_t grants = wish.members * wish.campaigns;
  PUHUI_RETURN_IF_ERROR(filler.FoundUnion(static_cast<std::int64_t>(grants) * wish.points));
  MerchantWish merchants = wish.merchants;
  merchants.fee = wish.ruled;
  if (wish.ruled) PUHUI_RETURN_IF_ERROR(SetHighLimits(ledger.get()));
  if (busy) merchants.time_zone = ZoneOfBusyDay(day_end);
  PUHUI_RETURN_IF_ERROR(filler.OpenMerchants(merchants));
  PUHUI_RETURN_IF_ERROR(filler.EnrolMembers(wish.members, wish.cards));
  PUHUI_RETURN_IF_ERROR(filler.EnrolDevices(wish.devices, config.payment_code_prefix()));
  for (std::size_t i = 0; i < wish.campaigns; ++i) {
    const auto campaign = KnownId<CampaignId>(absl::StrCat("c-", i));
    PUHUI_RETURN_IF_ERROR(filler.ApproveCampaign(campaign, wish.points));
    PUHUI_RETURN_IF_ERROR(filler.Issue(campaign));
  }
  PUHUI_RETURN_IF_ERROR(filler.PublishOffers(wish.offers, merchants));
  if (busy) {
    PUHUI_RETURN_IF_ERROR(SellAtFirstMerchant(wish.sales, filler.accounts(), ledger.get()));
  }
  const Sequence records = ledger->engine().durable().sequence;
  PUHUI_RETURN_IF_ERROR(WriteAccounts(filler.accounts(), wish.accounts));
  PUHUI_RETURN_IF_ERROR(ledger->Close());
  std::cout << R"({"members":)" << wish.members << R"(,"records":)" << records;
  if (busy) {
    std::cout << R"(,"statement":")" << StatementOfBusyDay(day_end) << R"(","day_end":)"
              << absl::ToUnixSeconds(day_end);
  }
  std::cout << "}" << std::endl;
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app{"Fills the ledger of a server that is not running", "fill"};
  Wish wish;
  app.add_option("--config", wish.config, "The server's configuration")->required();
  app.add_option("--accounts", wish.accounts, "Where to write terminals and cards")->required();
  app.add_option("--members", wish.members)->capture_default_str();
  app.add_option("--cards", wish.cards, "How many members' cards to write")->capture_default_str();
  app.add_option("--campaigns", wish.campaigns, "Each gives to every member")
      ->capture_default_str();
  app.add_option("--points", wish.points, "Per grant")->capture_default_str();
  app.add_flag("--ruled", wish.ruled,
               "Merchants pay a fee, grants have terms, and there are limits that nobody reaches");
  app.add_option("--devices", wish.devices, "Enrolled of each member whose card is written")
      ->capture_default_str();
  app.add_option("--merchants", wish.merchants.merchants)->capture_default_str();
  app.add_option("--selling", wish.merchants.selling, "Of them, one for each connection")
      ->capture_default_str();
  app.add_option("--terminals", wish.merchants.terminals, "Of each selling merchant")
      ->capture_default_str();
  app.add_option("--offers", wish.offers,
                 "E-coupons to order, and who orders them, one for each "
                 "selling merchant")
      ->capture_default_str();
  app.add_option("--sales", wish.sales, "Purchases at m-0 on one business day; says which it is")
      ->capture_default_str();
  app.add_option("--day-ends-in", wish.ends_in, "Seconds from now until that day is over")
      ->capture_default_str()
      ->check(CLI::Range(0, 6 * 60 * 60));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Fill(wish);
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "fill: " << status << std::endl;
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
