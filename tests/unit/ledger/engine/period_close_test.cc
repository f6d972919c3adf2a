// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/period_close.h"

#include "ledger/base/audit_limits.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/golden_bytes.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing::period_close_test {
namespace {

namespace jv1 = journal::v1;
using ledger::AccountKind;
using ledger::BalanceKey;
using ledger::Period;
using ledger::PeriodBalance;
using ledger::PeriodSums;
using ledger::Reason;
using ::testing::Contains;
using ::testing::HasSubstr;

BalanceKey KeyOf(AccountKind kind, std::uint32_t origin) { return {kind, UnionNumber{origin}}; }

ledger::Hash HashOfBytes(std::uint8_t byte) {
  ledger::Hash hash{};
  hash.fill(byte);
  return hash;
}

// A ledger that begins in January 2025.
class PeriodCloseTest : public EngineTest {
 protected:
  void SetUp() override { ASSERT_OK(Open()); }

  void GoTo(Period period) { clock_.Set(options_.calendar.StartOf(period)); }
  absl::StatusOr<std::unique_ptr<ledger::MerkleTree>> TreeOf(Sequence last) {
    auto tree = std::make_unique<ledger::MerkleTree>();
    PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
        *store_, 1, last, [&](Sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
          tree->Append(ledger::LeafHash(bytes));
          return tree->size() < last;
        }));
    return tree;
  }
  // What a caller that asks for `period` brings along.
  absl::StatusOr<PeriodSums> SumsFor(Period period) {
    const auto store = engine_->Read();
    PUHUI_ASSIGN_OR_RETURN(const auto stand,
                           ledger::Find(*store, ledger::kPeriodStandTable, std::uint8_t{0}));
    if (!stand.has_value() || ledger::NextToClose(*stand) != period) {
      return PeriodSums{.period = period};
    }
    PUHUI_ASSIGN_OR_RETURN(PeriodSums sums,
                           ledger::AddUpPeriod(*store, *stand, [] { return absl::OkStatus(); }));
    if (sums.bounds.last == 0) return sums;
    PUHUI_ASSIGN_OR_RETURN(const auto tree, TreeOf(sums.bounds.last));
    sums.root = tree->Root();
    return sums;
  }
  absl::StatusOr<ledger::Outcome> CloseWith(PeriodSums sums) {
    return Run(std::make_unique<ledger::ClosePeriodCommand>(
        &books_->views,
        ledger::ClosePeriodCommand::Wish{
            .sums = std::move(sums), .calendar = options_.calendar, .person = "people/o-1"}));
  }
  absl::StatusOr<ledger::Outcome> Close(Period period) {
    PUHUI_ASSIGN_OR_RETURN(PeriodSums sums, SumsFor(period));
    return CloseWith(std::move(sums));
  }
  ledger::ClosedPeriodRow ClosedRow(Period period) {
    const auto row = ledger::Find(*engine_->Read(), ledger::kClosedPeriodTable, period);
    PUHUI_CHECK(row.ok() && row->has_value());
    return **row;
  }
  std::vector<PeriodBalance> LinesOf(Period period) {
    const auto lines = ledger::ReadPeriodLines(*store_, ClosedRow(period));
    PUHUI_CHECK_OK(lines.status());
    return *lines;
  }
  void ExpectVerifies() {
    const ledger::VerifyReport report = Verify();
    EXPECT_TRUE(report.ok()) << report.findings[0];
  }
  // Puts a last record that `alter` changed into the journal, under a good checksum.
  void ForgeLast(const std::function<void(jv1::Record&)>& alter) {
    const Sequence last = engine_->durable().sequence;
    ASSERT_OK_AND_ASSIGN(const std::string bytes, ledger::ReadRecord(*store_, last));
    ASSERT_OK_AND_ASSIGN(jv1::Record record, ledger::ParseRecord(last, bytes));
    alter(record);
    ASSERT_OK_AND_ASSIGN(const auto before, TreeOf(last - 1));
    ledger::SegmentBuilder forged(0, 1, last);
    forged.Add(record.SerializeAsString());
    const ledger::SealedSegment sealed = forged.Seal(before->Root());
    ledger::WriteBatch batch;
    batch.Put(ledger::Family::kJournal, ledger::SegmentKey(sealed.first), sealed.bytes);
    ASSERT_OK(store_->Commit(batch, ledger::Durability::kSynced));
  }
};

TEST_F(PeriodCloseTest, EveryRecordSaysItsMonthWhichNeverGoesBack) {
  GoTo(202502);
  clock_.Advance(-absl::Minutes(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome january, Run(Deposit(1)));
  EXPECT_EQ(january.first().period(), 202501U);
  clock_.Advance(absl::Minutes(2));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome february, Run(Deposit(1)));
  EXPECT_EQ(february.first().period(), 202502U);
  clock_.Advance(-absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Run(Deposit(1)));
  EXPECT_EQ(again.first().period(), 202502U);
  // It is still January there.
  ASSERT_OK_AND_ASSIGN(options_.calendar, ledger::PeriodCalendar::Of("America/New_York"));
  ASSERT_OK(Open());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome west, Run(Deposit(1)));
  EXPECT_EQ(west.first().period(), 202502U);
  EXPECT_THAT(Close(202501), Refuses(Reason::kPeriodNotOver, "period"));
  GoTo(202502);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome closed, Close(202501));
  EXPECT_EQ(closed.first().period_closed().last(), 1U);
  EXPECT_EQ(closed.first().period_closed().time_zone(), "America/New_York");
  ExpectVerifies();
}

TEST_F(PeriodCloseTest, RefusesInOrder) {
  EXPECT_THAT(CloseWith({}), Refuses(Reason::kInvalidField, "period"));
  EXPECT_THAT(CloseWith({.period = 202513}), Refuses(Reason::kInvalidField, "period"));
  EXPECT_THAT(Close(202501), Refuses(Reason::kNotFound, "period"));
  ASSERT_OK(Run(Deposit(10)));
  EXPECT_THAT(Close(202412), Refuses(Reason::kPeriodNotNext, "period"));
  EXPECT_THAT(Close(202502), Refuses(Reason::kPeriodNotNext, "period"));
  EXPECT_THAT(Close(202501), Refuses(Reason::kPeriodNotOver, "period"));
  ASSERT_OK_AND_ASSIGN(const PeriodSums early, SumsFor(202501));
  ASSERT_OK(Run(Deposit(10)));
  EXPECT_THAT(CloseWith(early), Refuses(Reason::kPeriodNotOver, "period"));
  GoTo(202502);
  EXPECT_THAT(CloseWith(early), Refuses(Reason::kPeriodChanged, "period"));
  ASSERT_OK_AND_ASSIGN(const PeriodSums sums, SumsFor(202501));
  PeriodSums wrong = sums;
  ++wrong.lines[0].closing;
  EXPECT_THAT(CloseWith(wrong), Refuses(Reason::kPeriodUnbalanced, "period"));
  wrong = sums;
  wrong.lines.pop_back();
  EXPECT_THAT(CloseWith(wrong), Refuses(Reason::kPeriodUnbalanced, "period"));
  wrong = sums;
  wrong.lines[0].opening -= 5;
  wrong.lines[0].closing -= 5;
  wrong.lines[1].opening += 5;
  wrong.lines[1].closing += 5;
  EXPECT_THAT(CloseWith(wrong), Refuses(Reason::kPeriodUnbalanced, "period"));
  wrong = sums;
  wrong.lines.clear();
  for (std::uint8_t kind = 1; kind <= ledger::kAccountKinds; ++kind) {
    for (std::uint32_t origin = 1; origin <= kPeriodLinesMax / ledger::kAccountKinds + 1;
         ++origin) {
      wrong.lines.push_back({.key = KeyOf(AccountKind{kind}, origin), .debits = 1, .credits = 1});
    }
  }
  EXPECT_THAT(CloseWith(wrong), Refuses(Reason::kPeriodLinesLimit, "period"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome closed, CloseWith(sums));
  EXPECT_EQ(closed.records().size(), 1U);
  EXPECT_EQ(closed.first().period(), 202502U);
  EXPECT_THAT(Close(202502), Refuses(Reason::kPeriodNotOver, "period"));
  EXPECT_THAT(Close(202503), Refuses(Reason::kPeriodNotNext, "period"));
  ExpectVerifies();
}

TEST_F(PeriodCloseTest, WhatIsClosedStaysAsItIs) {
  ASSERT_OK(Run(Deposit(10)));
  ASSERT_OK(Run(Deposit(5)));
  GoTo(202502);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome closed, Close(202501));
  const jv1::PeriodClosed first = closed.first().period_closed();
  EXPECT_EQ(first.first(), 1U);
  EXPECT_EQ(first.last(), 2U);
  EXPECT_EQ(first.entries(), 2U);
  ASSERT_EQ(first.counts_size(), 1);
  EXPECT_EQ(first.counts(0).points(), 15);
  EXPECT_THAT(LinesOf(202501),
              ::testing::ElementsAre(PeriodBalance{KeyOf(AccountKind::kFunding, 1), 0, 0, 15, -15},
                                     PeriodBalance{KeyOf(AccountKind::kBudget, 1), 0, 15, 0, 15}));
  const ledger::ClosedPeriodRow row = ClosedRow(202501);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome twice, Close(202501));
  EXPECT_TRUE(twice.empty());
  ASSERT_OK(Open());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome restarted, Close(202501));
  EXPECT_TRUE(restarted.empty());
  EXPECT_EQ(ClosedRow(202501), row);
  EXPECT_EQ(row.sequence, 3U);
  EXPECT_EQ(row.end, options_.calendar.EndOf(202501));
  ExpectVerifies();
}

TEST_F(PeriodCloseTest, MonthsWithoutRecordsAreClosedToo) {
  ASSERT_OK(Run(Deposit(10)));
  GoTo(202505);
  for (const Period period : {202501U, 202502U, 202503U, 202504U}) {
    ASSERT_OK(Close(period));
    const ledger::ClosedPeriodRow row = ClosedRow(period);
    EXPECT_EQ(row.last, 1U);
    EXPECT_EQ(row.first, period == 202501 ? 1U : 2U);
    EXPECT_EQ(row.root, ClosedRow(202501).root);
    EXPECT_EQ(row.closing_digest, ClosedRow(202501).closing_digest);
  }
  EXPECT_EQ(LinesOf(202504)[0], (PeriodBalance{KeyOf(AccountKind::kFunding, 1), -10, 0, 0, -10}));
  ASSERT_OK(Run(Deposit(1)));
  GoTo(202506);
  ASSERT_OK(Close(202505));
  EXPECT_EQ(ClosedRow(202505).first, 2U);
  EXPECT_EQ(ClosedRow(202505).last, 6U);
  ExpectVerifies();
}

// Over random books, against sums of the postings.
TEST_F(PeriodCloseTest, EveryMonthOpensWithWhatTheOneBeforeWasClosedWith) {
  std::mt19937_64 random(2701);
  std::map<BalanceKey, std::int64_t> wanted;
  Period period = 202501;
  for (int month = 0; month < 8; ++month, period = ledger::NextPeriod(period)) {
    const std::map<BalanceKey, std::int64_t> opening = wanted;
    std::map<BalanceKey, std::int64_t> debits;
    for (std::uint64_t i = random() % 40; i > 0; --i) {
      const auto origin = static_cast<std::uint32_t>(1 + random() % 5);
      const auto points = static_cast<std::int64_t>(1 + random() % 1'000);
      std::int64_t& budget = wanted[KeyOf(AccountKind::kBudget, origin)];
      if (budget > points) {
        ASSERT_OK(Run(Always([&](ledger::Decision& d) { AddApproval(1, origin, points, d); })));
        budget -= points;
        wanted[KeyOf(AccountKind::kCampaign, origin)] += points;
        debits[KeyOf(AccountKind::kCampaign, origin)] += points;
      } else {
        ASSERT_OK(Run(Always([&](ledger::Decision& d) { AddFunding(origin, points, d); })));
        budget += points;
        wanted[KeyOf(AccountKind::kFunding, origin)] -= points;
        debits[KeyOf(AccountKind::kBudget, origin)] += points;
      }
    }
    GoTo(ledger::NextPeriod(period));
    if (month % 3 == 2) {
      ASSERT_OK(Open());
    }
    // Nothing keeps the new month from beginning before the old one is closed.
    if (month % 2 == 1) {
      ASSERT_OK(Run(
          Always([&](ledger::Decision& d) { AddMember(MemberId(1, period), TagOf(period), d); })));
    }
    if (ledger::NextToClose(books_->views.periods.stand()) == 0) continue;  // No record yet.
    ASSERT_OK(Close(period));
    const std::vector<PeriodBalance> lines = LinesOf(period);
    std::map<BalanceKey, std::int64_t> closing;
    for (const PeriodBalance& line : lines) {
      EXPECT_EQ(line.opening, opening.contains(line.key) ? opening.at(line.key) : 0);
      EXPECT_EQ(line.debits, debits.contains(line.key) ? debits.at(line.key) : 0);
      closing[line.key] = line.closing;
    }
    for (const auto& [key, points] : wanted) {
      EXPECT_EQ(closing.contains(key) ? closing.at(key) : 0, points);
    }
  }
  ExpectVerifies();
  ASSERT_OK(store_->ClearFamily(ledger::Family::kMeta));  // All views are folded anew.
  ASSERT_OK(Open());
  ExpectVerifies();
}

TEST_F(PeriodCloseTest, LinesThatDoNotFitIntoOneRecordComeBeforeIt) {
  ASSERT_OK(Run(Always([](ledger::Decision& decision) {
    for (std::uint32_t origin = 1; origin <= 600; ++origin) AddFunding(origin, origin, decision);
  })));
  GoTo(202502);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome closed, Close(202501));
  ASSERT_EQ(closed.records().size(), 2U);
  EXPECT_EQ(closed.first().period_lines().lines_size(), 1'000);
  EXPECT_EQ(closed.records()[1]->period_closed().lines_size(), 200);
  EXPECT_EQ(closed.records()[1]->period_closed().line_count(), 1'200U);
  EXPECT_EQ(LinesOf(202501).size(), 1'200U);
  GoTo(202503);
  ASSERT_OK(Close(202502));
  EXPECT_EQ(LinesOf(202502).back(),
            (PeriodBalance{KeyOf(AccountKind::kBudget, 600), 600, 0, 0, 600}));
  ExpectVerifies();
}

TEST_F(PeriodCloseTest, VerifyNamesAClosingThatIsNotSo) {
  const std::vector<std::pair<std::string, std::function<void(jv1::PeriodClosed&)>>> forgeries = {
      {"line 1 is not what the entries come to",
       [](jv1::PeriodClosed& closed) {
         closed.mutable_lines(0)->set_credits(closed.lines(0).credits() + 1);
         closed.mutable_lines(0)->set_debits(closed.lines(0).debits() + 1);
       }},
      {"does not add up",
       [](jv1::PeriodClosed& closed) {
         closed.mutable_lines(1)->set_closing(closed.lines(1).closing() + 1);
       }},
      {"come to 0 and 1",
       [](jv1::PeriodClosed& closed) {
         closed.mutable_lines(1)->set_closing(closed.lines(1).closing() + 1);
         closed.mutable_lines(1)->set_debits(closed.lines(1).debits() + 1);
       }},
      {"does not open with what the period before",
       [](jv1::PeriodClosed& closed) {
         for (jv1::PeriodLine& line : *closed.mutable_lines()) {
           const std::int64_t more = line.kind() == jv1::ACCOUNT_KIND_BUDGET ? 1 : -1;
           line.set_opening(line.opening() + more);
           line.set_closing(line.closing() + more);
         }
       }},
      {"the root over the first 3 records is another",
       [](jv1::PeriodClosed& closed) { closed.set_root(std::string(32, 'x')); }},
      {"the digest is not that of its lines",
       [](jv1::PeriodClosed& closed) { closed.set_closing_digest(std::string(32, 'x')); }},
      {"it counts other records",
       [](jv1::PeriodClosed& closed) { closed.mutable_counts(0)->set_records(9); }},
      {"it has 2 lines", [](jv1::PeriodClosed& closed) { closed.set_line_count(3); }},
      {"has the records 2 to 3, not 2 to 2", [](jv1::PeriodClosed& closed) { closed.set_last(2); }},
      {"which is not over or not next",
       [](jv1::PeriodClosed& closed) { closed.set_period(202501); }},
  };
  ASSERT_OK(Run(Deposit(10)));
  GoTo(202502);
  ASSERT_OK(Close(202501));
  ASSERT_OK(Run(Deposit(10)));
  GoTo(202503);
  ASSERT_OK(Close(202502));
  ExpectVerifies();
  for (const auto& [finding, forge] : forgeries) {
    ASSERT_OK_AND_ASSIGN(const std::string good, ledger::ReadRecord(*store_, 4));
    // A binding goes into no lambda but by a copy.
    ForgeLast([&forge = forge](jv1::Record& record) { forge(*record.mutable_period_closed()); });
    EXPECT_THAT(Verify().findings, Contains(HasSubstr("record 4: "))) << finding;
    EXPECT_THAT(Verify().findings, Contains(HasSubstr(finding)));
    ForgeLast([&](jv1::Record& record) { ASSERT_TRUE(record.ParseFromString(good)); });
  }
  ForgeLast([](jv1::Record& record) { record.set_period(202502); });
  EXPECT_THAT(Verify().findings, Contains(HasSubstr("record 4: ")));
  ForgeLast([](jv1::Record& record) { record.set_period(202501); });
  EXPECT_THAT(Verify().findings, Contains(HasSubstr("a record of the period 202501 after one of")));
}

TEST(PeriodRowsTest, BytesAreWhatTheyWere) {
  jv1::Record record;
  record.set_sequence(9);
  record.set_time_micros(5);
  record.set_period(202702);
  jv1::PeriodClosed& closed = *record.mutable_period_closed();
  closed.set_period(202701);
  closed.set_first(3);
  closed.set_last(8);
  closed.set_root("\x11\x22");
  closed.set_end_micros(1'801'411'200'000'000);
  closed.set_time_zone("Asia/Shanghai");
  closed.set_entries(2);
  jv1::PeriodCount& count = *closed.add_counts();
  count.set_body(8);
  count.set_cause(4);
  count.set_records(2);
  count.set_points(700);
  ledger::StoreLine({KeyOf(AccountKind::kFunding, 7), -300, 0, 700, -1'000}, *closed.add_lines());
  closed.set_line_records(1);
  closed.set_line_count(1'001);
  closed.set_closing_digest("\x33");
  closed.set_person("people/o-1");
  EXPECT_EQ(RecordHex(record),
            "0809100528ceaf0cea0a5408cdaf0c10031808220211222880c0aed5fbcb9903320d"
            "417369612f5368616e676861693802420908081004180220bc054a0d0801100718d7"
            "0428bc0530cf0f500158e9076201336a0a70656f706c652f6f2d31");
  jv1::PeriodLines lines;
  lines.set_period(202701);
  ledger::StoreLine({KeyOf(AccountKind::kBudget, 7), 300, 700, 0, 1'000}, *lines.add_lines());
  EXPECT_EQ(RecordHex(lines), "08cdaf0c120d0802100718d80420bc0530d00f");
  // SHA-256 of 01 00000007 fffffffffffffc18 02 00000007 00000000000003e8.
  EXPECT_EQ(ledger::ToHex(ledger::DigestOf({{KeyOf(AccountKind::kFunding, 7), -1'000},
                                            {KeyOf(AccountKind::kBudget, 7), 1'000}})),
            "6af5160651585644e1b8c8f967364c78bf13c8b38a0eda9b0fb221b98f37eedb");
  EXPECT_EQ(KeyHex(ledger::kPeriodStandTable, 0), "a000");
  EXPECT_EQ(ValueHex(ledger::PeriodStandRow{202501, 202702, 202701}), "85ae0cceaf0ccdaf0c");
  EXPECT_EQ(KeyHex(ledger::kPeriodStartTable, 202701), "a1000317cd");
  EXPECT_EQ(ValueHex(ledger::PeriodStartRow{3, absl::FromUnixSeconds(5), 8}), "0380ade20408");
  EXPECT_EQ(KeyHex(ledger::kClosedPeriodTable, 202701), "a2000317cd");
  EXPECT_EQ(ValueHex(ledger::ClosedPeriodRow{9, 3, 8, HashOfBytes(0x11), absl::FromUnixSeconds(7),
                                             1, 1'001, 2, HashOfBytes(0x33)}),
            "090308" + std::string(32 * 2, '1') + "80bfd60601e90702" + std::string(32 * 2, '3'));
}

}  // namespace
}  // namespace puhui::testing::period_close_test
