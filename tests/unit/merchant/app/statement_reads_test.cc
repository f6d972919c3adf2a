// SPDX-License-Identifier: Apache-2.0
// A frozen statement that was altered is found when it is read, whatever was altered.
#include "ledger/journal/segment.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/statement_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ::testing::HasSubstr;

class FrozenStatementTest : public StatementTest {
 protected:
  FrozenStatementTest() {
    TurnTo(2, 9);
    Buy(1'000);
    bought_ = Buy(200);
    Buy(30);
    TurnTo(3);
    PUHUI_CHECK_OK(Cut(2).status());
  }
  absl::Status Read() {
    return ListLines(ledger_.store(), kGrocerNumber, Statement(2).lines, 0, 100).status();
  }

  Sequence bought_ = 0;  // The second of three.
};

TEST_F(FrozenStatementTest, IsWhatItsRecordSays) {
  const StatementRow row = Statement(2);
  ASSERT_OK(CheckFrozen(ledger_.store(), row));
  const std::vector<std::function<void(StatementRow&)>> changes = {
      [](StatementRow& altered) { ++altered.lines.figures.purchases; },
      [](StatementRow& altered) { --altered.lines.figures.fees; },
      [](StatementRow& altered) { ++altered.lines.payable_before; },
      [](StatementRow& altered) { ++altered.lines.refunds; },
      [](StatementRow& altered) { --altered.lines.last; },
      [](StatementRow& altered) { altered.lines.digest[31] ^= 1; },
      [](StatementRow& altered) { altered.day.end += absl::Microseconds(1); },
      [](StatementRow& altered) { altered.day.time_zone = "Asia/Shanghai"; },
      [](StatementRow& altered) { altered.invoice_remark = "福利积分"; },
  };
  for (const auto& change : changes) {
    StatementRow altered = row;
    change(altered);
    const absl::Status status = CheckFrozen(ledger_.store(), altered);
    EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("record ", row.cut)));
  }
}

// Whoever cuts, on call or because its time has come; and nothing that is configured later.
TEST_F(FrozenStatementTest, KeepsTheRemarkThatItWasCutWith) {
  TillState state = State();
  Buy(10);
  TurnTo(4);
  state.invoice_remark = "福利积分";
  CutDayCommand called(state, Key(3));
  ASSERT_OK(ledger_.Run(called));
  Buy(10);
  TurnTo(5);
  state.invoice_remark = "another remark";
  CutDayCommand once_more(state, Key(3));
  ASSERT_OK(ledger_.Run(once_more));
  EXPECT_EQ(RunTimersOf(ledger_, state), 1U);
  Buy(10);
  TurnTo(6);
  EXPECT_EQ(Statement(2).invoice_remark, "");  // None was configured.
  EXPECT_EQ(Statement(3).invoice_remark, "福利积分");
  EXPECT_EQ(Statement(4).invoice_remark, "another remark");
  EXPECT_EQ(Statement(5).invoice_remark, "");  // It is not cut yet.
  for (const int day : {2, 3, 4}) EXPECT_OK(CheckFrozen(ledger_.store(), Statement(day)));
  ExpectFoldsAlike(ledger_);
}

TEST_F(FrozenStatementTest, ItsPartsAddUpToIt) {
  ASSERT_OK(PartsOf(ledger_.store(), Key(2), Statement(2)));
  const DayFiguresKey key{kGrocerNumber, Day(2), UnionNumber{1}, CampaignNumber{1}};
  const auto figures = ledger::Find(ledger_.store(), kDayFiguresTable, key);
  ASSERT_OK(figures);
  ASSERT_TRUE(figures->has_value());
  DayFigures altered = **figures;
  ++altered.fees;
  --altered.discounts;
  ledger::WriteBatch batch;
  ledger::PutRow(batch, kDayFiguresTable, key, altered);
  ASSERT_OK(ledger_.store().Commit(batch, ledger::Durability::kView));
  EXPECT_THAT(PartsOf(ledger_.store(), Key(2), Statement(2)), HasCode(absl::StatusCode::kDataLoss));
}

// A point that stands with another union changes neither the sums nor the digest.
TEST_F(FrozenStatementTest, ItsPartsAreWhatAccountsSay) {
  AddLot(300, absl::Hours(24 * 5));  // Another union's, and spent first.
  Buy(1'000);
  TurnTo(4);
  ASSERT_OK(Cut(3));
  ASSERT_OK(PartsOf(ledger_.store(), Key(3), Statement(3)));
  auto rows = ledger::List(
      ledger_.store(), kDayFiguresTable,
      {.prefix = ledger::EncodeKeyPrefix(ledger::Table::kDayFigures, kGrocerNumber, Day(3))}, 10);
  ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), 2U);
  ASSERT_NE(rows->front().key.origin, rows->back().key.origin);
  --rows->front().value.purchases;
  ++rows->back().value.purchases;
  ledger::WriteBatch batch;
  for (const auto& row : *rows) ledger::PutRow(batch, kDayFiguresTable, row.key, row.value);
  ASSERT_OK(ledger_.store().Commit(batch, ledger::Durability::kView));
  EXPECT_THAT(PartsOf(ledger_.store(), Key(3), Statement(3)), HasCode(absl::StatusCode::kDataLoss));
}

// Every command of the fixture has a segment of its own.
TEST_F(FrozenStatementTest, NoByteOfALineIsAlteredUnseen) {
  ASSERT_OK(Read());
  const std::string key = ledger::SegmentKey(bought_);
  const auto segment = ledger_.store().Get(ledger::Family::kJournal, key);
  ASSERT_OK(segment);
  ASSERT_TRUE(segment->has_value());
  for (std::size_t at = 0; at < (*segment)->size(); ++at) {
    std::string altered = **segment;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    ledger::WriteBatch batch;
    batch.Put(ledger::Family::kJournal, key, altered);
    ASSERT_OK(ledger_.store().Commit(batch, ledger::Durability::kSynced));
    const absl::Status status = Read();
    ASSERT_THAT(status, HasCode(absl::StatusCode::kDataLoss)) << at;
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat(bought_)));
  }
}

}  // namespace
}  // namespace puhui::merchant
