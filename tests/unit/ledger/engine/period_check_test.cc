// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/period_check.h"

#include "ledger/engine/period_close.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::testing::period_check_test {
namespace {

namespace jv1 = journal::v1;
using ledger::AccountKind;
using ledger::Period;
using ledger::PeriodBalance;

ledger::Hash RootOfSize(std::uint64_t size) {
  ledger::Hash root{};
  root[0] = static_cast<std::uint8_t>(size);
  return root;
}

jv1::Record Funded(Sequence sequence, Period period, std::int64_t points) {
  jv1::Record record;
  record.set_sequence(sequence);
  record.set_period(period);
  AddPosting(AccountKind::kFunding, 1, 1, -points, *record.mutable_entry());
  AddPosting(AccountKind::kBudget, 1, 1, points, *record.mutable_entry());
  record.mutable_entry()->mutable_funding()->set_union_number(1);
  return record;
}

struct Closing {
  Sequence sequence = 0;
  Period period = 0;
  Sequence first = 0;
  std::int64_t opening = 0;
  std::int64_t funded = 0;
  std::uint64_t closings = 0;  // Among its records.
};
jv1::Record Closed(const Closing& closing) {
  jv1::Record record;
  record.set_sequence(closing.sequence);
  record.set_period(closing.period + 1);
  jv1::PeriodClosed& closed = *record.mutable_period_closed();
  closed.set_period(closing.period);
  closed.set_first(closing.first);
  closed.set_last(closing.sequence - 1);
  closed.set_root(std::string(ledger::AsBytes(RootOfSize(closing.sequence - 1))));
  closed.set_entries(1);
  jv1::PeriodCount& entries = *closed.add_counts();
  entries.set_body(jv1::Record::kEntryFieldNumber);
  entries.set_cause(jv1::Entry::kFundingFieldNumber);
  entries.set_records(1);
  entries.set_points(closing.funded);
  if (closing.closings > 0) {
    jv1::PeriodCount& count = *closed.add_counts();
    count.set_body(jv1::Record::kPeriodClosedFieldNumber);
    count.set_records(closing.closings);
  }
  const std::int64_t after = closing.opening + closing.funded;
  const std::vector<PeriodBalance> lines = {
      {{AccountKind::kFunding, UnionNumber{1}}, -closing.opening, 0, closing.funded, -after},
      {{AccountKind::kBudget, UnionNumber{1}}, closing.opening, closing.funded, 0, after}};
  for (const PeriodBalance& line : lines) ledger::StoreLine(line, *closed.add_lines());
  closed.set_line_count(lines.size());
  closed.set_closing_digest(
      std::string(ledger::AsBytes(ledger::DigestOf(ledger::ClosingsOf(lines)))));
  return record;
}

// Two months: a funding and its closing, twice.
std::vector<jv1::Record> TwoMonths() {
  return {Funded(1, 202501, 10),
          Closed({.sequence = 2, .period = 202501, .first = 1, .opening = 0, .funded = 10}),
          Funded(3, 202502, 5),
          Closed({.sequence = 4,
                  .period = 202502,
                  .first = 2,
                  .opening = 10,
                  .funded = 5,
                  .closings = 1})};
}

absl::Status CheckFrom(Sequence from, const std::vector<jv1::Record>& records) {
  ledger::PeriodCheck check;
  for (std::size_t i = from - 1; i < records.size(); ++i) {
    PUHUI_RETURN_IF_ERROR(check.Take(
        records[i],
        [](std::uint64_t size) -> absl::StatusOr<ledger::Hash> { return RootOfSize(size); }));
  }
  return absl::OkStatus();
}

TEST(PeriodCheckTest, FindsNothingWhereverItBegins) {
  for (const Sequence from : {1U, 2U, 3U, 4U}) EXPECT_OK(CheckFrom(from, TwoMonths())) << from;
}

TEST(PeriodCheckTest, RecordsFromBeforeThereWerePeriodsAreOfTheFirst) {
  std::vector<jv1::Record> records = TwoMonths();
  records[0].clear_period();
  records.insert(records.begin() + 1, jv1::Record());
  records[1].set_sequence(2);
  records[1].set_period(202501);
  records[1].mutable_requests_forgotten();
  records.resize(2);
  Closing closing{.sequence = 3, .period = 202501, .first = 1, .opening = 0, .funded = 10};
  records.push_back(Closed(closing));
  jv1::PeriodCount& count = *records[2].mutable_period_closed()->add_counts();
  count.set_body(jv1::Record::kRequestsForgottenFieldNumber);
  count.set_records(1);
  EXPECT_OK(CheckFrom(1, records));
}

TEST(PeriodCheckTest, SeesTheMoreTheEarlierItBegins) {
  const auto wrong = [](const std::function<void(jv1::PeriodClosed&)>& change) {
    std::vector<jv1::Record> records = TwoMonths();
    change(*records[3].mutable_period_closed());
    return records;
  };
  const auto root = wrong([](auto& closed) { closed.set_root(std::string(32, 'x')); });
  const auto digest = wrong([](auto& closed) { closed.set_closing_digest(std::string(32, 'x')); });
  const auto moved = wrong([](auto& closed) {
    for (jv1::PeriodLine& line : *closed.mutable_lines()) {
      line.set_debits(line.debits() + 1);
      line.set_credits(line.credits() + 1);
    }
  });
  for (const Sequence from : {1U, 2U, 3U, 4U}) {
    EXPECT_THAT(CheckFrom(from, root), HasCode(absl::StatusCode::kDataLoss)) << from;
    EXPECT_THAT(CheckFrom(from, digest), HasCode(absl::StatusCode::kDataLoss)) << from;
    // What the entries come to is known to who has seen all of them.
    const bool whole = from <= 2;
    EXPECT_EQ(CheckFrom(from, moved).ok(), !whole) << from;
  }
}

TEST(PeriodCheckTest, LinesThatAreMissingAreFoundUnlessItBeganAmongThem) {
  std::vector<jv1::Record> records = TwoMonths();
  // However many it says there are: saying more does not keep it from being checked.
  for (const std::uint32_t line_records : {1U, 1'000'000U}) {
    records[3].mutable_period_closed()->set_line_records(line_records);
    for (const Sequence from : {1U, 2U, 3U}) {
      EXPECT_THAT(CheckFrom(from, records), HasCode(absl::StatusCode::kDataLoss)) << from;
    }
    EXPECT_OK(CheckFrom(4, records));
  }
}

// The second month, whose first line is in a record of its own that says it is of `period`.
std::vector<jv1::Record> WithLinesOf(Period period) {
  std::vector<jv1::Record> records = TwoMonths();
  jv1::Record& last = records.back();
  jv1::PeriodClosed& closed = *last.mutable_period_closed();
  jv1::Record before;
  before.set_sequence(4);
  before.set_period(last.period());
  before.mutable_period_lines()->set_period(period);
  *before.mutable_period_lines()->add_lines() = closed.lines(0);
  closed.mutable_lines()->DeleteSubrange(0, 1);
  closed.set_line_records(1);
  last.set_sequence(5);
  records.insert(records.begin() + 3, before);
  return records;
}

TEST(PeriodCheckTest, LinesAreOfThePeriodThatIsClosed) {
  EXPECT_OK(CheckFrom(1, WithLinesOf(202502)));
  for (const Period other : {Period{202501}, Period{0}}) {
    EXPECT_THAT(CheckFrom(1, WithLinesOf(other)), HasCode(absl::StatusCode::kDataLoss)) << other;
    EXPECT_THAT(CheckFrom(4, WithLinesOf(other)), HasCode(absl::StatusCode::kDataLoss)) << other;
  }
}

TEST(PeriodCheckTest, NoneIsClosedBeforeItEnded) {
  std::vector<jv1::Record> records = TwoMonths();
  jv1::Record& last = records.back();
  last.set_time_micros(1'000);
  last.mutable_period_closed()->set_end_micros(1'000);
  EXPECT_OK(CheckFrom(1, records));
  last.mutable_period_closed()->set_end_micros(1'001);
  for (const Sequence from : {1U, 4U}) {
    EXPECT_THAT(CheckFrom(from, records), HasCode(absl::StatusCode::kDataLoss)) << from;
  }
}

class PeriodWalkTest : public EngineTest {};

TEST_F(PeriodWalkTest, EndsWhenNobodyWaitsForIt) {
  ASSERT_OK(Open());
  ASSERT_OK(Run(Always([](ledger::Decision& decision) {
    for (std::uint32_t i = 0; i < 1'100; ++i) AddFunding(1, 1, decision);
  })));
  ASSERT_OK_AND_ASSIGN(const auto stand, ledger::PeriodStandOf(*engine_->Read()));
  EXPECT_EQ(stand.first_period, 202501U);
  const auto sums = ledger::AddUpPeriod(*engine_->Read(), stand,
                                        [] { return absl::CancelledError("nobody waits"); });
  EXPECT_THAT(sums, HasCode(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace puhui::testing::period_check_test
