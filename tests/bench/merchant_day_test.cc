// SPDX-License-Identifier: Apache-2.0
// A small version of S2: a merchant reconciles a day over the wire. No time is asserted.
#include "tests/bench/merchant_day.h"

#include "services/cli/command_line.h"
#include "services/server/config.h"
#include "tests/bench/filler.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/deployment.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace puhui::bench {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kPurchases = 3'000;

class MerchantDayTest : public ::testing::Test {
 protected:
  // `puhui reconcile` of these books; what it prints is in said_.
  int Reconcile(const puhui::merchant::StoreBooks& books) {
    const std::string path = deployment_.directory().Join("books.csv");
    EXPECT_OK(WriteBooks(books, path));
    std::ostringstream out;
    std::ostringstream err;
    const services::Environment environment{
        .out = &out,
        .err = &err,
        .random = &random_,
        .now = [] { return absl::Now(); },
        .sleep = [](absl::Duration) {},
        .default_profile = "none",
        .connect = [this](const std::string&,
                          const std::string&) -> absl::StatusOr<std::shared_ptr<grpc::Channel>> {
          return deployment_.Connect("/merchant/merchants/day");
        }};
    const services::ExitCode code =
        services::RunCommandLine({"reconcile", path, "--merchant", "day", "--day",
                                  absl::FormatCivilTime(day_), "--zone", "UTC"},
                                 environment);
    EXPECT_EQ(err.str(), "");
    said_ = out.str();
    return static_cast<int>(code);
  }
  std::size_t BytesSaid() const {
    std::smatch found;
    std::size_t bytes = 0;
    EXPECT_TRUE(std::regex_search(said_, found, std::regex("([0-9,]+) bytes")));
    EXPECT_TRUE(absl::SimpleAtoi(absl::StrReplaceAll(found[1].str(), {{",", ""}}), &bytes));
    return bytes;
  }

  SeededRandom random_{1};
  Deployment deployment_;
  const absl::CivilDay day_ = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) - 1;
  std::string said_;
};

TEST_F(MerchantDayTest, ThreeHiddenDifferencesAreFoundAndNothingElse) {
  const absl::Time morning = absl::FromCivil(day_, absl::UTCTimeZone());
  puhui::merchant::StoreBooks books;
  {
    ASSERT_OK_AND_ASSIGN(const auto config, services::ReadConfig(deployment_.config_path()));
    ASSERT_OK_AND_ASSIGN(const auto ledger, LedgerOnDisk::Open(config, absl::Now() - morning));
    Filler filler(ledger.get());
    ASSERT_OK(FillWallets(/*members=*/100, kPurchases, &filler));
    ASSERT_OK_AND_ASSIGN(books, FillMerchantDay(ledger.get(), filler.accounts().cards,
                                                {.stores = 3,
                                                 .terminals = 2,
                                                 .purchases = kPurchases,
                                                 .start = morning + absl::Hours(6),
                                                 .end = morning + absl::Hours(22)}));
    ASSERT_OK(ledger->Close());
  }
  std::size_t bought = 0;
  for (const auto& [store, of_store] : books) {
    bought += of_store.size();
    EXPECT_GE(of_store.front().time, morning + absl::Hours(6));
    EXPECT_LT(of_store.back().time, morning + absl::Hours(23));
  }
  EXPECT_EQ(bought, kPurchases);
  ASSERT_OK(deployment_.Start());
  EXPECT_EQ(Reconcile(books), 0);
  EXPECT_THAT(said_, HasSubstr("nothing differs"));
  HideDifferences(&books);
  EXPECT_EQ(Reconcile(books), 8);
  EXPECT_THAT(said_, HasSubstr("3 differ"));
  // Fewer than a tenth of what the books themselves are.
  EXPECT_LT(BytesSaid(), kPurchases * 65 / 10);
  ASSERT_OK(deployment_.Stop());
}

}  // namespace
}  // namespace puhui::bench
