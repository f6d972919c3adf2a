// SPDX-License-Identifier: Apache-2.0
// A small version of F1: offers are filled in, indexed, searched and changed. No time is asserted.
#include "services/server/config.h"
#include "tests/bench/offer_filler.h"
#include "tests/bench/search_load.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/deployment.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace puhui::bench {
namespace {

constexpr std::size_t kOffers = 500;

TEST(OfferSearchTest, OffersAreFoundWhileTheyChangeAndAfterTheIndexWasDeleted) {
  Deployment deployment;
  {
    ASSERT_OK_AND_ASSIGN(const auto config, services::ReadConfig(deployment.config_path()));
    ASSERT_OK_AND_ASSIGN(const auto ledger, LedgerOnDisk::Open(config));
    ASSERT_OK(FillOffers(ledger.get(), {.offers = kOffers, .merchants = 10}));
    ASSERT_OK(ledger->Close());
  }
  ASSERT_OK(deployment.Start());
  SearchLoad load{.its_operator = deployment.Connect("/operator"),
                  .hr = deployment.Connect("/hr/unions/bench"),
                  .offers = kOffers,
                  .duration = absl::Seconds(2),
                  .searches_per_second = 50,
                  .updates_per_second = 100};
  ASSERT_OK_AND_ASSIGN(const SearchReport report, RunSearches(load));
  EXPECT_EQ(report.searches, 100U);
  EXPECT_GT(report.found, 0);
  EXPECT_GT(report.update_rate, 1);
  std::filesystem::remove_all(deployment.data_directory() + "/search");
  ASSERT_OK_AND_ASSIGN(const SearchReport again, RunSearches(load));
  EXPECT_EQ(again.searches, 100U);
}

}  // namespace
}  // namespace puhui::bench
