// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/period_close.h"

#include "ledger/base/audit_limits.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

constexpr Sequence kLookUpEvery = 1'024;  // Records between two questions whether to go on.

Refusal TooManyLines() {
  return {.reason = Reason::kPeriodLinesLimit,
          .field = "period",
          .message =
              absl::StrCat("the trial balance would have more than ", kPeriodLinesMax, " lines")};
}

Refusal Unbalanced(absl::string_view what) {
  return {.reason = Reason::kPeriodUnbalanced, .field = "period", .message = std::string(what)};
}

// What the period before was closed with; nothing before the first.
absl::StatusOr<Balances> OpeningOf(const Readable& store,
                                   const absl::optional<ClosedPeriodRow>& before) {
  if (!before.has_value()) return Balances();
  PUHUI_ASSIGN_OR_RETURN(const std::vector<PeriodBalance> lines, ReadPeriodLines(store, *before));
  return ClosingsOf(lines);
}

}  // namespace

absl::StatusOr<PeriodStandRow> PeriodStandOf(const Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, Find(store, kPeriodStandTable, std::uint8_t{0}));
  return row.value_or(PeriodStandRow());
}

absl::StatusOr<jv1::Record> ReadClosing(const Readable& store, const ClosedPeriodRow& row) {
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ReadRecord(store, row.sequence));
  PUHUI_ASSIGN_OR_RETURN(jv1::Record record, ParseRecord(row.sequence, bytes));
  if (record.has_period_closed()) return record;
  return absl::DataLossError(absl::StrCat("record ", row.sequence, " closes no period"));
}

absl::StatusOr<std::vector<PeriodBalance>> ReadPeriodLines(const Readable& store,
                                                           const ClosedPeriodRow& row,
                                                           std::uint64_t first,
                                                           std::size_t count_max) {
  const std::uint64_t wanted =
      first >= row.lines ? 0 : std::min<std::uint64_t>(row.lines - first, count_max);
  std::vector<PeriodBalance> lines;
  if (wanted == 0) return lines;
  lines.reserve(wanted);
  // Every record before the one that closed it is full.
  const std::uint64_t skipped =
      std::min<std::uint64_t>(first / kPeriodLinesPerRecord, row.line_records);
  std::uint64_t index = skipped * kPeriodLinesPerRecord;
  const auto visit = [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const jv1::Record record, ParseRecord(sequence, bytes));
    const auto& stored =
        sequence == row.sequence ? record.period_closed().lines() : record.period_lines().lines();
    for (const jv1::PeriodLine& line : stored) {
      if (index++ >= first && lines.size() < wanted) lines.push_back(ReadLine(line));
    }
    return lines.size() < wanted;
  };
  PUHUI_RETURN_IF_ERROR(ReadRecords(store, row.sequence - row.line_records + skipped,
                                    row.line_records - skipped + 1, visit));
  if (lines.size() != wanted) {
    return absl::DataLossError(absl::StrCat("record ", row.sequence, " closes a period with ",
                                            row.lines, " lines, but has fewer"));
  }
  return lines;
}

absl::StatusOr<PeriodSums> AddUpPeriod(const Readable& store, const PeriodStandRow& stand,
                                       absl::FunctionRef<absl::Status()> go_on) {
  PeriodSums sums{.period = NextToClose(stand)};
  PUHUI_CHECK(sums.period != 0);
  PUHUI_ASSIGN_OR_RETURN(const auto start, Find(store, kPeriodStartTable, sums.period));
  absl::optional<ClosedPeriodRow> before;
  if (stand.closed != 0) {
    PUHUI_ASSIGN_OR_RETURN(before, Find(store, kClosedPeriodTable, stand.closed));
  }
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, AppliedSequence(store));
  sums.bounds = BoundsOf(start.has_value() ? &*start : nullptr,
                         before.has_value() ? &*before : nullptr, last);
  PUHUI_ASSIGN_OR_RETURN(const Balances opening, OpeningOf(store, before));
  PeriodFigures figures;
  std::size_t read = 0;
  const auto visit = [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const jv1::Record record, ParseRecord(sequence, bytes));
    if (absl::Status taken = figures.Take(record); !taken.ok()) {
      return absl::Status(taken.code(), absl::StrCat("record ", sequence, ": ", taken.message()));
    }
    ++read;
    if (figures.moved() > kPeriodLinesMax) return ToStatus(TooManyLines());
    if (sequence % kLookUpEvery == 0) PUHUI_RETURN_IF_ERROR(go_on());
    return true;
  };
  const std::size_t records = sums.bounds.last + 1 - sums.bounds.first;
  if (records > 0) {
    PUHUI_RETURN_IF_ERROR(ReadRecords(store, sums.bounds.first, records, visit));
  }
  // A journal that ends too early would be closed with too little, and nobody would hear of it.
  if (read < records) {
    return absl::DataLossError(
        absl::StrCat("record ", sums.bounds.first + read, " of the period is missing"));
  }
  sums.entries = figures.entries();
  sums.counts = figures.Counts();
  sums.lines = figures.LinesFrom(opening);
  if (sums.lines.size() > kPeriodLinesMax) return ToStatus(TooManyLines());
  return sums;
}

absl::optional<Refusal> ClosePeriodCommand::CheckTurn(absl::Time now) const {
  const Period next = NextToClose(views_.periods.stand());
  if (next == 0) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "period", .message = "no record is of a period yet"};
  }
  if (wish_.sums.period != next) {
    return Refusal{.reason = Reason::kPeriodNotNext,
                   .field = "period",
                   .message = absl::StrCat("the period to close next is ", PeriodText(next)),
                   .metadata = {{"period", PeriodText(next)}}};
  }
  const absl::Time end = wish_.calendar.EndOf(next);
  if (now < end) {
    return Refusal{.reason = Reason::kPeriodNotOver,
                   .field = "period",
                   .message = "the month has not ended",
                   .metadata = {{"end_time", absl::FormatTime(end, absl::UTCTimeZone())}}};
  }
  if (views_.periods.NextBounds() != wish_.sums.bounds) {
    return Refusal{.reason = Reason::kPeriodChanged,
                   .field = "period",
                   .message = "records of the period were still being written: ask again"};
  }
  return absl::nullopt;
}

absl::optional<Refusal> ClosePeriodCommand::CheckSums() const {
  if (prepared_.wrong.has_value()) return prepared_.wrong;
  const Period closed = views_.periods.stand().closed;
  const ClosedPeriodRow* const before = closed == 0 ? nullptr : views_.periods.Closed(closed);
  const Hash wanted = before == nullptr ? DigestOf({}) : before->closing_digest;
  if (prepared_.opening_digest != wanted) {
    return Unbalanced("it does not open with what the period before was closed with");
  }
  if (wish_.sums.lines.size() > kPeriodLinesMax) return TooManyLines();
  return absl::nullopt;
}

ClosePeriodCommand::Prepared ClosePeriodCommand::Prepare(const Wish& wish) {
  Prepared prepared;
  const PeriodSums& sums = wish.sums;
  if (!IsPeriod(sums.period)) return prepared;
  if (absl::Status added = CheckLines(sums.lines); !added.ok()) {
    prepared.wrong = Unbalanced(added.message());
    return prepared;
  }
  prepared.opening_digest = DigestOf(OpeningsOf(sums.lines));
  absl::Span<const PeriodBalance> lines = sums.lines;
  for (; lines.size() > kPeriodLinesPerRecord; lines.remove_prefix(kPeriodLinesPerRecord)) {
    jv1::PeriodLines& some = prepared.line_records.emplace_back();
    some.set_period(sums.period);
    for (const PeriodBalance& line : lines.subspan(0, kPeriodLinesPerRecord)) {
      StoreLine(line, *some.add_lines());
    }
  }
  jv1::PeriodClosed& closed = prepared.closed;
  closed.set_period(sums.period);
  closed.set_first(sums.bounds.first);
  closed.set_last(sums.bounds.last);
  closed.set_root(std::string(AsBytes(sums.root)));
  closed.set_end_micros(absl::ToUnixMicros(wish.calendar.EndOf(sums.period)));
  closed.set_time_zone(wish.calendar.zone_name());
  closed.set_entries(sums.entries);
  for (const PeriodCount& count : sums.counts) {
    jv1::PeriodCount& stored = *closed.add_counts();
    stored.set_body(count.body);
    stored.set_cause(count.cause);
    stored.set_records(count.records);
    stored.set_points(count.points);
  }
  for (const PeriodBalance& line : lines) StoreLine(line, *closed.add_lines());
  closed.set_line_records(static_cast<std::uint32_t>(prepared.line_records.size()));
  closed.set_line_count(sums.lines.size());
  closed.set_closing_digest(std::string(AsBytes(DigestOf(ClosingsOf(sums.lines)))));
  closed.set_person(wish.person);
  return prepared;
}

absl::optional<Refusal> ClosePeriodCommand::Decide(const DecideContext& context,
                                                   Decision& decision) {
  if (!IsPeriod(wish_.sums.period)) {
    return Refusal{.reason = Reason::kInvalidField, .field = "period", .message = "want a month"};
  }
  if (views_.periods.Closed(wish_.sums.period) != nullptr) return absl::nullopt;
  if (auto refusal = CheckTurn(context.now); refusal.has_value()) return refusal;
  if (auto refusal = CheckSums(); refusal.has_value()) return refusal;
  for (const jv1::PeriodLines& lines : prepared_.line_records) {
    *decision.Add().mutable_period_lines() = lines;
  }
  *decision.Add().mutable_period_closed() = prepared_.closed;
  return absl::nullopt;
}

}  // namespace puhui::ledger
