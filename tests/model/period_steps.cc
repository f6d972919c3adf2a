// SPDX-License-Identifier: Apache-2.0
// The step that closes months. What a month comes to is added up here from the first record on, by
// when records were written, and by nothing that they or the views say about months.
#include "ledger/engine/period_close.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/typed_reads.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

using ledger::Reason;

// Shanghai keeps this offset all the year round.
absl::TimeZone EastEight() { return absl::FixedTimeZone(8 * 60 * 60); }

absl::CivilMonth MonthAt(absl::Time time) { return absl::ToCivilMonth(time, EastEight()); }

std::uint32_t NumberOf(absl::CivilMonth month) {
  return static_cast<std::uint32_t>(month.year() * 100 + month.month());
}

struct MonthOfBooks {
  absl::CivilMonth first_month{};  // Of the whole ledger.
  Sequence first = 1;
  Sequence last = 0;
  std::uint64_t entries = 0;
  ledger::Hash root{};
  std::map<std::pair<int, std::uint32_t>, std::int64_t> before;
  std::map<std::pair<int, std::uint32_t>, std::int64_t> added;
  std::map<std::pair<int, std::uint32_t>, std::int64_t> taken;
};

absl::StatusOr<MonthOfBooks> AddUpMonth(const ledger::Readable& store, absl::CivilMonth month) {
  MonthOfBooks books;
  ledger::MerkleTree tree;
  const auto visit = [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ledger::ParseRecord(sequence, bytes));
    const absl::CivilMonth of = MonthAt(absl::FromUnixMicros(record.time_micros()));
    if (sequence == 1) books.first_month = of;
    if (of > month) return false;
    tree.Append(ledger::LeafHash(bytes));
    books.last = sequence;
    if (of < month) books.first = sequence + 1;
    if (of == month && record.has_entry()) ++books.entries;
    for (const journal::v1::Posting& posting : record.entry().postings()) {
      const std::pair<int, std::uint32_t> key{posting.kind(), posting.origin()};
      if (of < month) {
        books.before[key] += posting.points();
      } else if (posting.points() > 0) {
        books.added[key] += posting.points();
      } else {
        books.taken[key] -= posting.points();
      }
    }
    return true;
  };
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(store, 1, SIZE_MAX, visit));
  books.root = tree.Root();
  return books;
}

void ExpectLines(const std::vector<ledger::PeriodBalance>& lines, MonthOfBooks books) {
  for (const ledger::PeriodBalance& line : lines) {
    const std::pair key{static_cast<int>(line.key.first),
                        static_cast<std::uint32_t>(line.key.second)};
    EXPECT_EQ(line.opening, books.before[key]);
    EXPECT_EQ(line.debits, books.added[key]);
    EXPECT_EQ(line.credits, books.taken[key]);
    EXPECT_EQ(line.closing, books.before[key] + books.added[key] - books.taken[key]);
    books.before.erase(key);
    books.added.erase(key);
    books.taken.erase(key);
  }
  for (const auto& [key, points] : books.before) EXPECT_EQ(points, 0) << "a line is missing";
  EXPECT_TRUE(books.added.empty());
  EXPECT_TRUE(books.taken.empty());
}

}  // namespace

// Mostly the month that is next; now and then the one after it, or one that is closed.
void RandomDriver::ClosePeriod() {
  ASSERT_OK_AND_ASSIGN(const MonthOfBooks none,
                       AddUpMonth(ledger_.store(), absl::CivilMonth(1970, 1)));
  const absl::CivilMonth next =
      model_.closed_months == 0 ? none.first_month : none.first_month + model_.closed_months;
  absl::CivilMonth asked = next;
  if (random_.Below(4) == 0) asked += random_.Below(2) == 0 ? 1 : -1;
  const bool again = asked < next && model_.closed_months > 0;
  Verdict expected;
  if (!again && asked != next) expected = Reason::kPeriodNotNext;
  if (asked == next && NextTime() < absl::FromCivil(asked + 1, EastEight())) {
    expected = Reason::kPeriodNotOver;
  }
  ASSERT_OK_AND_ASSIGN(const MonthOfBooks books, AddUpMonth(ledger_.store(), asked));
  ledger::PeriodSums sums{.period = NumberOf(asked)};
  if (asked == next && !expected.has_value()) {
    ASSERT_OK_AND_ASSIGN(const auto stand, ledger::PeriodStandOf(ledger_.store()));
    ASSERT_OK_AND_ASSIGN(
        sums, ledger::AddUpPeriod(ledger_.store(), stand, [] { return absl::OkStatus(); }));
    sums.root = books.root;
  }
  const auto outcome = Run([sums, this] {
    return std::make_unique<ledger::ClosePeriodCommand>(
        &ledger_.views(), ledger::ClosePeriodCommand::Wish{.sums = sums, .person = "people/sue"});
  });
  if (!Expect(expected, outcome)) return;
  EXPECT_EQ(outcome->empty(), again);
  if (!again) ++model_.closed_months;
  ASSERT_OK_AND_ASSIGN(const auto row,
                       ledger::Find(ledger_.store(), ledger::kClosedPeriodTable, NumberOf(asked)));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->first, books.first);
  EXPECT_EQ(row->last, books.last);
  EXPECT_EQ(row->entries, books.entries);
  EXPECT_EQ(row->root, books.root);
  ASSERT_OK_AND_ASSIGN(const auto lines, ledger::ReadPeriodLines(ledger_.store(), *row));
  ExpectLines(lines, books);
}

}  // namespace puhui::testing
