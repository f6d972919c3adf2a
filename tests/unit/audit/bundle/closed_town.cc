// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/bundle/closed_town.h"

#include "ledger/crypto/hash.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include "absl/base/internal/endian.h"

#include <map>
#include <utility>

namespace puhui::audit {

namespace jv1 = journal::v1;

std::string ClosingDigestOf(const jv1::PeriodClosed& closed) {
  std::string rows;
  for (const jv1::PeriodLine& line : closed.lines()) {
    if (line.closing() == 0) continue;
    std::string row(13, static_cast<char>(line.kind()));
    absl::big_endian::Store32(row.data() + 1, line.origin());
    absl::big_endian::Store64(row.data() + 5, static_cast<std::uint64_t>(line.closing()));
    rows += row;
  }
  const ledger::Hash hash = ledger::Sha256().Digest(rows);
  return std::string(ledger::AsBytes(hash));
}

namespace {

// What moves points from budget to budget is no member of the oneof.
std::uint32_t CountedCauseOf(const jv1::Entry& entry) {
  if (entry.has_allocation()) return jv1::Entry::kAllocationFieldNumber;
  if (entry.has_budget_return()) return jv1::Entry::kBudgetReturnFieldNumber;
  return static_cast<std::uint32_t>(entry.cause_case());
}

// Closes December, of which all of `records` are.
jv1::PeriodClosed Closing(const std::vector<jv1::Record>& records) {
  jv1::PeriodClosed closed;
  closed.set_period(kDecember);
  closed.set_first(1);
  closed.set_last(records.size());
  closed.set_time_zone("Asia/Shanghai");
  const TownJournal journal(records, /*per_segment=*/4);
  const ledger::Hash root = *journal.RootAt(records.size());
  closed.set_root(std::string(ledger::AsBytes(root)));
  std::map<std::pair<int, std::uint32_t>, jv1::PeriodLine> lines;
  std::map<std::pair<int, std::uint32_t>, jv1::PeriodCount> counts;
  std::uint64_t entries = 0;
  for (const jv1::Record& record : records) {
    if (record.has_entry()) ++entries;
    const std::uint32_t cause = CountedCauseOf(record.entry());
    jv1::PeriodCount& count = counts[{record.body_case(), cause}];
    count.set_body(static_cast<std::uint32_t>(record.body_case()));
    count.set_cause(cause);
    count.set_records(count.records() + 1);
    for (const jv1::Posting& posting : record.entry().postings()) {
      jv1::PeriodLine& line = lines[{posting.kind(), posting.origin()}];
      line.set_kind(posting.kind());
      line.set_origin(posting.origin());
      line.set_closing(line.closing() + posting.points());
      if (posting.points() > 0) {
        line.set_debits(line.debits() + posting.points());
        count.set_points(count.points() + posting.points());
      }
      if (posting.points() < 0) line.set_credits(line.credits() - posting.points());
    }
  }
  closed.set_entries(entries);
  for (const auto& [key, line] : lines) *closed.add_lines() = line;
  for (const auto& [key, count] : counts) *closed.add_counts() = count;
  closed.set_line_count(lines.size());
  closed.set_closing_digest(ClosingDigestOf(closed));
  return closed;
}

}  // namespace

std::vector<jv1::Record> ClosedTown(const std::function<void(jv1::PeriodClosed&)>& tell) {
  return ClosedAfter(TownRecords(), tell);
}

std::vector<jv1::Record> ClosedAfter(std::vector<jv1::Record> records,
                                     const std::function<void(jv1::PeriodClosed&)>& tell) {
  // The first two are of before there were months.
  for (std::size_t i = 2; i < records.size(); ++i) records[i].set_period(kDecember);
  const auto add = [&records](const std::vector<jv1::Record>& before) -> jv1::Record& {
    jv1::Record& record = records.emplace_back();
    record.set_sequence(before.size() + 1);
    record.set_time_micros(before.back().time_micros() + 1'000'000);
    record.mutable_request()->set_records(1);
    record.set_period(kJanuary);
    return record;
  };
  const std::vector<jv1::Record> december = records;
  jv1::PeriodClosed& closed = *add(december).mutable_period_closed();
  closed = Closing(december);
  if (tell) tell(closed);
  const std::vector<jv1::Record> until = records;
  add(until).mutable_union_created()->set_number(9);
  return records;
}

}  // namespace puhui::audit
