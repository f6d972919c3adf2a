// SPDX-License-Identifier: Apache-2.0
// Purchases and cuts at every moment around midnight, 100,000 times: each purchase is in exactly
// one statement, the one of its time.
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/statement_fixture.h"

#include <gtest/gtest.h>

#include <vector>

namespace puhui::merchant {
namespace {

constexpr std::size_t kPurchases = 100'000;
constexpr std::uint64_t kCutsEvery = 7;

class BusinessDayRaceTest : public StatementTest {
 protected:
  BusinessDayRaceTest() { AddLot(kPurchases, absl::Hours(24 * 365 * 200)); }
  std::int64_t Below(std::uint64_t bound) {
    return static_cast<std::int64_t>(random_.Below(bound));
  }
  // Mostly within the last or the first moments of a day; now and then a part of one further on.
  void Tick() {
    FakeClock& clock = ledger_.clock();
    if (random_.Below(3) != 0) return clock.Advance(absl::Microseconds(Below(3)));
    const absl::CivilDay today = absl::ToCivilDay(clock.Now(), absl::UTCTimeZone());
    const absl::Time midnight = absl::FromCivil(today + 1, absl::UTCTimeZone());
    if (random_.Below(20) == 0) return clock.Set(midnight);
    if (random_.Below(50) == 0) return clock.Advance(absl::Hours(Below(30)));
    if (midnight - clock.Now() > absl::Seconds(1)) clock.Set(midnight - absl::Microseconds(2));
  }

  SeededRandom random_{20'261'125};
};

TEST_F(BusinessDayRaceTest, EachPurchaseIsInTheOneDayOfItsTime) {
  std::vector<Sequence> bought;
  bought.reserve(kPurchases);
  while (bought.size() < kPurchases) {
    bought.push_back(Buy(1));
    Tick();
    if (random_.Below(kCutsEvery) == 0) RunTimers();
  }
  ledger_.clock().Advance(absl::Hours(48));
  RunTimers();
  std::vector<Sequence> found;
  found.reserve(kPurchases);
  std::int64_t before = 0;
  absl::optional<absl::CivilDay> after;
  std::size_t days = 0;
  while (true) {
    const auto page = ListStatements(ledger_.store(), kGrocerNumber, after, 100);
    ASSERT_OK(page);
    if (page->empty()) break;
    for (const StatementRow& row : *page) {
      ++days;
      ASSERT_EQ(row.state, StatementState::kCut);
      ASSERT_EQ(row.lines.payable_before, before);
      before = row.lines.PayableAfter();
      const auto lines = ListLines(ledger_.store(), kGrocerNumber, row.lines, 0, kPurchases);
      ASSERT_OK(lines);
      ASSERT_EQ(lines->size(), row.lines.purchases);
      for (const StatementLine& line : *lines) {
        ASSERT_GE(line.time, row.day.start);
        ASSERT_LT(line.time, row.day.end);
        found.push_back(line.sequence);
      }
    }
    after = page->back().day.day;
  }
  EXPECT_EQ(found, bought);
  EXPECT_EQ(before, Payable());
  EXPECT_GT(days, 300U);
}

}  // namespace
}  // namespace puhui::merchant
