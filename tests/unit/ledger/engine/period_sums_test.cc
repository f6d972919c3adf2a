// SPDX-License-Identifier: Apache-2.0
// What a month is closed with is added up from all of its records, or not at all.
#include "ledger/engine/period_close.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace puhui::testing::period_sums_test {
namespace {

using ledger::AccountKind;
using ledger::BalanceKey;
using ledger::PeriodBalance;
using ::testing::HasSubstr;

class PeriodSumsTest : public EngineTest {
 protected:
  absl::StatusOr<ledger::PeriodSums> Sums() {
    const auto store = engine_->Read();
    PUHUI_ASSIGN_OR_RETURN(const auto stand,
                           ledger::Find(*store, ledger::kPeriodStandTable, std::uint8_t{0}));
    PUHUI_CHECK(stand.has_value());
    return ledger::AddUpPeriod(*store, *stand, [] { return absl::OkStatus(); });
  }
};

// The journal has lost its end, and the views have not.
TEST_F(PeriodSumsTest, AMonthWhoseRecordsAreNotAllThereIsNotAddedUp) {
  ASSERT_OK(Open());
  for (int i = 0; i < 3; ++i) ASSERT_OK(Run(Deposit(10)));
  ASSERT_OK_AND_ASSIGN(const ledger::PeriodSums sums, Sums());
  EXPECT_EQ(sums.bounds.last, 3U);
  EXPECT_EQ(sums.entries, 3U);
  ledger::WriteBatch batch;
  batch.Delete(ledger::Family::kJournal, ledger::SegmentKey(3));
  ASSERT_OK(store_->Commit(batch, ledger::Durability::kSynced));
  const absl::Status missing = Sums().status();
  EXPECT_THAT(missing, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(std::string(missing.message()), HasSubstr("record 3 of the period is missing"));
}

TEST(PeriodLinesTest, SumsThatNoNumberHoldsDoNotAddUp) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  const BalanceKey funding = {AccountKind::kFunding, UnionNumber{1}};
  const BalanceKey budget = {AccountKind::kBudget, UnionNumber{1}};
  const auto check = [](const std::vector<PeriodBalance>& lines) {
    return ledger::CheckLines(lines);
  };
  EXPECT_OK(check({{funding, 0, 0, 5, -5}, {budget, 0, 5, 0, 5}}));
  EXPECT_FALSE(check({{funding, kMost, 1, 0, kLeast}}).ok());
  EXPECT_FALSE(check({{funding, kLeast, 0, 1, kMost}}).ok());
  EXPECT_FALSE(check({{funding, kMost, 0, 0, kMost}, {budget, kMost, 0, 0, kMost}}).ok());
}

}  // namespace
}  // namespace puhui::testing::period_sums_test
