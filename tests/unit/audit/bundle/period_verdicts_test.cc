// SPDX-License-Identifier: Apache-2.0
// The record that closes a month says what its records come to: both verifiers add it up again.
#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/closed_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit::period_verdicts_test {
namespace {

namespace jv1 = journal::v1;

struct MonthLie {
  const char* name;
  std::vector<jv1::Record> records;
};

std::vector<MonthLie> MonthLies() {
  const auto lie = [](const char* name, const std::function<void(jv1::PeriodClosed&)>& tell) {
    return MonthLie{name, ClosedTown(tell)};
  };
  return {
      lie("another closing, with its digest",
          [](jv1::PeriodClosed& c) {
            c.mutable_lines(0)->set_closing(c.lines(0).closing() + 5);
            c.mutable_lines(0)->set_debits(c.lines(0).debits() + 5);
            c.set_closing_digest(ClosingDigestOf(c));
          }),
      lie("another opening",
          [](jv1::PeriodClosed& c) {
            c.mutable_lines(0)->set_opening(5);
            c.mutable_lines(0)->set_credits(c.lines(0).credits() + 5);
          }),
      lie("a line that does not add up",
          [](jv1::PeriodClosed& c) { c.mutable_lines(0)->set_debits(7); }),
      lie("other debits and credits",
          [](jv1::PeriodClosed& c) {
            c.mutable_lines(1)->set_debits(c.lines(1).debits() + 5);
            c.mutable_lines(1)->set_credits(c.lines(1).credits() + 5);
          }),
      lie("a line that is missing",
          [](jv1::PeriodClosed& c) {
            c.mutable_lines()->RemoveLast();
            c.set_line_count(c.line_count() - 1);
            c.set_closing_digest(ClosingDigestOf(c));
          }),
      lie("another digest", [](jv1::PeriodClosed& c) { c.set_closing_digest("none"); }),
      lie("another root", [](jv1::PeriodClosed& c) { c.mutable_root()->front() ^= 1; }),
      lie("another end", [](jv1::PeriodClosed& c) { c.set_last(c.last() - 1); }),
      lie("another beginning", [](jv1::PeriodClosed& c) { c.set_first(2); }),
      lie("more entries", [](jv1::PeriodClosed& c) { c.set_entries(c.entries() + 1); }),
      lie("a record more of a kind",
          [](jv1::PeriodClosed& c) {
            c.mutable_counts(0)->set_records(c.counts(0).records() + 1);
          }),
      lie("more points of a kind",
          [](jv1::PeriodClosed& c) { c.mutable_counts(0)->set_points(c.counts(0).points() + 1); }),
      lie("records of another kind",
          [](jv1::PeriodClosed& c) {
            c.mutable_counts(c.counts_size() - 1)->set_body(jv1::Record::kPeriodLinesFieldNumber);
          }),
      lie("entries of another cause",
          [](jv1::PeriodClosed& c) { c.mutable_counts(0)->set_cause(0); }),
      lie("kinds out of order",
          [](jv1::PeriodClosed& c) { c.mutable_counts()->SwapElements(0, 1); }),
      lie("a kind that is missing", [](jv1::PeriodClosed& c) { c.mutable_counts()->RemoveLast(); }),
      lie("a month that goes on", [](jv1::PeriodClosed& c) { c.set_period(kJanuary); }),
      lie("lines that are not there", [](jv1::PeriodClosed& c) { c.set_line_records(1); }),
      lie("lines that would be from before the bundle",
          [](jv1::PeriodClosed& c) {
            c.mutable_lines(0)->set_debits(c.lines(0).debits() + 5);
            c.mutable_lines(0)->set_credits(c.lines(0).credits() + 5);
            c.set_line_records(1'000'000);
          }),
      lie("a line of no kind",
          [](jv1::PeriodClosed& c) {
            *c.add_lines() = c.lines(0);
            c.mutable_lines(c.lines_size() - 1)->set_kind(static_cast<jv1::AccountKind>(300));
            c.set_line_count(c.line_count() + 1);
          }),
      lie("a month that has not ended",
          [](jv1::PeriodClosed& c) { c.set_end_micros(std::int64_t{1} << 60); }),
      lie("no time zone", [](jv1::PeriodClosed& c) { c.clear_time_zone(); }),
  };
}

class PeriodVerdictsTest : public ::testing::Test {
 protected:
  void ExpectBothSay(const std::vector<jv1::Record>& records, Sequence first,
                     const std::string& verdict) {
    const std::string bytes = BundleOf(records, first, records.size());
    const auto report = VerifyBytes(bytes);
    EXPECT_EQ(report.ok() ? "fits" : PlaceIn(report.status().message()), verdict)
        << report.status();
    const std::string path = directory_.Join("town.phb");
    std::ofstream(path, std::ios::binary) << bytes;
    const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
    EXPECT_EQ(SecondVerdicts(absl::StrCat("--key ", key, " ", path)),
              std::vector<std::string>{verdict});
  }
  const TempDir directory_;
};

TEST_F(PeriodVerdictsTest, AClosedMonthFitsWhereverTheBundleBegins) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const std::vector<jv1::Record> records = ClosedTown();
  for (const Sequence first : {Sequence{1}, Sequence{2}, Sequence{5}, TownRecords().size(),
                               TownRecords().size() + 1, TownRecords().size() + 2}) {
    SCOPED_TRACE(absl::StrCat("from record ", first));
    ExpectBothSay(records, first, "fits");
  }
  const auto report = VerifyBytes(BundleOf(records, 1, records.size()));
  ASSERT_OK(report);
  EXPECT_EQ(report->periods.closed, 1U);
  EXPECT_EQ(report->periods.whole, 1U);
}

TEST_F(PeriodVerdictsTest, NamesTheRecordThatClosesAMonthWrongly) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  for (const MonthLie& lie : MonthLies()) {
    SCOPED_TRACE(lie.name);
    ExpectBothSay(lie.records, 1, absl::StrCat("record ", lie.records.size() - 1));
  }
}

// What unions hand down and back is counted by fields that are outside of the oneof.
TEST_F(PeriodVerdictsTest, PointsFromBudgetToBudgetAreCountedByWhatMovedThem) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  std::vector<jv1::Record> december = TownRecords();
  const auto move = [&december](std::uint32_t from, std::uint32_t to, std::int64_t points) {
    const std::int64_t time = december.back().time_micros() + 1;
    jv1::Record& record = december.emplace_back();
    record.set_sequence(december.size());
    record.set_time_micros(time);
    record.mutable_request()->set_records(1);
    for (const auto& [owner, moved] : {std::pair(from, -points), std::pair(to, points)}) {
      jv1::Posting& posting = *record.mutable_entry()->add_postings();
      posting.set_kind(jv1::ACCOUNT_KIND_BUDGET);
      posting.set_owner(owner);
      posting.set_origin(1);
      posting.set_points(moved);
    }
    return record.mutable_entry();
  };
  move(1, 2, 300)->mutable_allocation()->set_points(300);
  move(2, 1, 100)->mutable_budget_return()->set_points(100);
  ExpectBothSay(ClosedAfter(december), 1, "fits");
  for (const std::uint32_t cause : {16U, 17U}) {
    const auto counted = [cause](jv1::PeriodClosed& c) {
      for (jv1::PeriodCount& count : *c.mutable_counts()) {
        if (count.cause() != cause) continue;
        EXPECT_EQ(count.records(), 1U);
        EXPECT_EQ(count.points(), cause == 16 ? 300 : 100);
        count.set_records(2);
        return;
      }
      ADD_FAILURE() << "no row of cause " << cause;
    };
    const std::vector<jv1::Record> lie = ClosedAfter(december, counted);
    ExpectBothSay(lie, 1, absl::StrCat("record ", lie.size() - 1));
  }
}

// What every entry may have is no cause, however it is written; what no version has is none beside
// one that is there, nor is it another body.
TEST_F(PeriodVerdictsTest, AFieldOfAnotherWireTypeIsNoCause) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  std::vector<jv1::Record> december = TownRecords();
  const auto add = [](google::protobuf::Message& to, int number) {
    to.GetReflection()->MutableUnknownFields(&to)->AddVarint(number, 1);
  };
  for (const int number : {jv1::Entry::kPostingsFieldNumber, jv1::Entry::kOpenedDayFieldNumber}) {
    jv1::Record& record = december.emplace_back();
    record.set_sequence(december.size());
    record.set_time_micros(december[december.size() - 2].time_micros() + 1);
    record.mutable_request()->set_records(1);
    for (const std::int64_t points : {5, -5}) {
      jv1::Posting& posting = *record.mutable_entry()->add_postings();
      posting.set_kind(jv1::ACCOUNT_KIND_BUDGET);
      posting.set_owner(1);
      posting.set_origin(1);
      posting.set_points(points);
    }
    add(*record.mutable_entry(), number);
  }
  add(*december[TownRecord("funding") - 1].mutable_entry(), 255);
  add(december[TownRecord("funding") - 1], 255);
  ExpectBothSay(ClosedAfter(december), 1, "fits");
}

TEST_F(PeriodVerdictsTest, AMonthThatBeginsWhereTheBundleDoesIsAddedUp) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  // The records before the bundle are unions and packs: all entries are in it.
  constexpr Sequence kFirst = 3;
  const std::vector<jv1::Record> town = TownRecords();
  const auto from_third = [&town](jv1::PeriodClosed& c) {
    c.set_first(kFirst);
    for (Sequence before = 1; before < kFirst; ++before) {
      auto& counts = *c.mutable_counts();
      const auto body = static_cast<std::uint32_t>(town[before - 1].body_case());
      const auto count =
          std::find_if(counts.begin(), counts.end(),
                       [body](const jv1::PeriodCount& each) { return each.body() == body; });
      ASSERT_NE(count, counts.end());
      count->set_records(count->records() - 1);
      if (count->records() == 0) counts.erase(count);
    }
  };
  const std::vector<jv1::Record> fits = ClosedTown(from_third);
  ExpectBothSay(fits, kFirst, "fits");
  const auto report = VerifyBytes(BundleOf(fits, kFirst, fits.size()));
  ASSERT_OK(report);
  EXPECT_EQ(report->periods.whole, 1U);
  const std::string verdict = absl::StrCat("record ", fits.size() - 1);
  ExpectBothSay(ClosedTown([&](jv1::PeriodClosed& c) {
                  from_third(c);
                  c.set_entries(c.entries() + 1);
                }),
                kFirst, verdict);
  ExpectBothSay(ClosedTown([](jv1::PeriodClosed& c) { c.set_first(kFirst + 1); }), kFirst, verdict);
}

TEST_F(PeriodVerdictsTest, TheFirstClosingIsOfTheFirstMonth) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  for (const std::uint32_t other : {202511U, 202510U}) {
    SCOPED_TRACE(other);
    const std::vector<jv1::Record> records = ClosedTown([other](jv1::PeriodClosed& c) {
      c.set_period(other);
      c.set_first(1);
      c.set_last(0);
    });
    ExpectBothSay(records, 1, absl::StrCat("record ", records.size() - 1));
  }
}

TEST_F(PeriodVerdictsTest, AnEmptyMonthBeginsWhereTheOneBeforeEnded) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const auto with_january = [](const std::function<void(jv1::PeriodClosed&)>& tell) {
    std::vector<jv1::Record> records = ClosedTown();
    records.pop_back();
    jv1::Record& closes_december = records.back();
    closes_december.set_period(202602);
    jv1::Record closes_january = closes_december;
    closes_january.set_sequence(closes_december.sequence() + 1);
    closes_january.set_time_micros(closes_december.time_micros() + 1);
    jv1::PeriodClosed& closed = *closes_january.mutable_period_closed();
    closed.set_period(kJanuary);
    closed.set_first(closed.last() + 1);
    closed.set_entries(0);
    closed.clear_counts();
    closed.clear_lines();
    for (jv1::PeriodLine line : closes_december.period_closed().lines()) {
      line.set_opening(line.closing());
      line.clear_debits();
      line.clear_credits();
      if (line.closing() != 0) *closed.add_lines() = line;
    }
    closed.set_line_count(static_cast<std::uint64_t>(closed.lines_size()));
    tell(closed);
    records.push_back(closes_january);
    return records;
  };
  const std::vector<jv1::Record> fits = with_january([](jv1::PeriodClosed& /*closed*/) {});
  ExpectBothSay(fits, 1, "fits");
  const std::string verdict = absl::StrCat("record ", fits.size());
  ExpectBothSay(with_january([](jv1::PeriodClosed& c) {
                  c.set_first(c.last());
                  c.set_entries(55);
                }),
                1, verdict);
  ExpectBothSay(with_january([](jv1::PeriodClosed& c) { c.set_entries(1); }), 1, verdict);
}

TEST_F(PeriodVerdictsTest, NamesTheRecordThatIsOfAMonthThatIsOver) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  for (const std::uint32_t month : {kDecember, 202511U, 0U}) {
    SCOPED_TRACE(month);
    std::vector<jv1::Record> records = ClosedTown();
    records.back().set_period(month);
    ExpectBothSay(records, 1, absl::StrCat("record ", records.size()));
  }
}

}  // namespace
}  // namespace puhui::audit::period_verdicts_test
