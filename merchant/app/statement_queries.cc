// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/statement_queries.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/statement_records.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::EncodeKey;
using ledger::EncodeKeyPrefix;
using ledger::Table;

// The day that is running, or waits to be cut, as a statement.
absl::StatusOr<absl::optional<StatementRow>> FindRunning(const ledger::Readable& from,
                                                         MerchantNumber merchant) {
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(from, kOpenDayTable, merchant));
  if (!row.has_value() || !row->day.has_value() || row->lines.first == 0) {
    return absl::optional<StatementRow>();
  }
  return absl::make_optional(
      StatementRow{.day = *std::move(row->day), .lines = std::move(row->lines)});
}

absl::Status AddParts(const ledger::Readable& from, const StatementKey& key,
                      std::map<UnionNumber, OriginPart>* parts) {
  return ledger::Scan(
      from, kDayFiguresTable,
      {.prefix = EncodeKeyPrefix(Table::kDayFigures, key.merchant, key.day)},
      [&](const DayFiguresKey& of, const DayFigures& figures) -> absl::StatusOr<bool> {
        (*parts)[of.origin].figures += figures;
        return true;
      });
}

// What was sold before there were business days stands under no day, and belongs to the first.
absl::StatusOr<bool> IsFirst(const ledger::Readable& from, const StatementKey& key) {
  PUHUI_ASSIGN_OR_RETURN(
      const auto first,
      ledger::List(from, kStatementTable,
                   {.prefix = EncodeKeyPrefix(Table::kStatements, key.merchant)}, 1));
  return first.empty() || first.front().key.day == key.day;
}

// What accounts say that the lines earned, by origin: what is payable more, and what was paid out
// of it meanwhile. Whose money it was is in no digest, so the parts of a statement are held to
// this.
absl::StatusOr<ledger::BalanceByOrigin> EarnedBy(const ledger::Readable& from,
                                                 MerchantNumber merchant, const DayLines& lines) {
  ledger::BalanceByOrigin earned;
  for (const ledger::AccountKind kind :
       {ledger::AccountKind::kPayable, ledger::AccountKind::kPayout}) {
    for (const bool after : {true, false}) {
      PUHUI_ASSIGN_OR_RETURN(const ledger::BalanceByOrigin balances,
                             ledger::AccountAsOf(from, kind, static_cast<std::uint64_t>(merchant),
                                                 after ? lines.last : lines.first - 1));
      for (const auto& [origin, points] : balances) earned[origin] += after ? points : -points;
    }
  }
  return earned;
}

absl::Status CheckParts(const std::map<UnionNumber, OriginPart>& parts, const DayLines& lines,
                        ledger::BalanceByOrigin earned) {
  DayFigures all;
  for (const auto& [origin, part] : parts) {
    all += part.figures;
    earned[origin] -= part.figures.Payable() + part.figures.paid;
  }
  const bool same =
      all == lines.figures &&
      std::all_of(earned.begin(), earned.end(), [](const auto& left) { return left.second == 0; });
  if (same) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the parts of the statement that begins with record ",
                                          lines.first, " do not add up to it"));
}

// The sequences of the lines after `after`.
absl::StatusOr<std::vector<Sequence>> ListSequences(const ledger::Readable& from,
                                                    MerchantNumber merchant, const DayLines& lines,
                                                    Sequence after, std::size_t limit) {
  std::vector<Sequence> sequences;
  if (lines.first == 0 || limit == 0 || after >= lines.last) return sequences;
  const Sequence begin = std::max(lines.first, after + 1);
  PUHUI_RETURN_IF_ERROR(
      ledger::Scan(from, kStatementLineTable,
                   {.prefix = EncodeKeyPrefix(Table::kStatementLines, merchant),
                    .from = EncodeKey(Table::kStatementLines, StatementLinesKey{merchant, begin})},
                   [&](const StatementLinesKey& /*key*/,
                       const std::vector<Sequence>& row) -> absl::StatusOr<bool> {
                     for (const Sequence sequence : row) {
                       if (sequence < begin) continue;
                       if (sequence > lines.last || sequences.size() >= limit) return false;
                       sequences.push_back(sequence);
                     }
                     return sequences.size() < limit;
                   }));
  return sequences;
}

}  // namespace

absl::StatusOr<absl::optional<StatementRow>> FindStatement(const ledger::Readable& from,
                                                           const StatementKey& key) {
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(from, kStatementTable, key));
  if (row.has_value()) return row;
  PUHUI_ASSIGN_OR_RETURN(auto running, FindRunning(from, key.merchant));
  if (running.has_value() && running->day.day != key.day) running.reset();
  return running;
}

absl::StatusOr<std::vector<StatementRow>> ListStatements(const ledger::Readable& from,
                                                         MerchantNumber merchant,
                                                         absl::optional<absl::CivilDay> after,
                                                         std::size_t limit) {
  ledger::Range range{.prefix = EncodeKeyPrefix(Table::kStatements, merchant)};
  if (after.has_value()) {
    range.from = EncodeKey(Table::kStatements, StatementKey{merchant, *after});
    range.after_from = true;
  }
  PUHUI_ASSIGN_OR_RETURN(auto rows, ledger::List(from, kStatementTable, range, limit));
  std::vector<StatementRow> statements;
  statements.reserve(rows.size() + 1);
  for (auto& row : rows) statements.push_back(std::move(row.value));
  if (statements.size() >= limit) return statements;
  PUHUI_ASSIGN_OR_RETURN(auto running, FindRunning(from, merchant));
  if (running.has_value() && (!after.has_value() || running->day.day > *after)) {
    statements.push_back(*std::move(running));
  }
  return statements;
}

absl::Status CheckFrozen(const ledger::Readable& from, const StatementRow& row) {
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(from, row.cut));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ledger::ParseRecord(row.cut, bytes));
  PUHUI_ASSIGN_OR_RETURN(const bool same, IsCutOf(record.day_cut(), row.day, row.lines));
  if (same && record.day_cut().invoice_remark() == row.invoice_remark) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a statement is not as record ", row.cut, " has cut it"));
}

absl::StatusOr<std::map<UnionNumber, OriginPart>> ChangesOf(const ledger::Readable& from,
                                                            const StatementKey& key,
                                                            const StatementRow& row) {
  std::map<UnionNumber, OriginPart> parts;
  PUHUI_RETURN_IF_ERROR(AddParts(from, key, &parts));
  PUHUI_ASSIGN_OR_RETURN(const bool first, IsFirst(from, key));
  if (first) PUHUI_RETURN_IF_ERROR(AddParts(from, {key.merchant, absl::CivilDay()}, &parts));
  PUHUI_ASSIGN_OR_RETURN(ledger::BalanceByOrigin earned, EarnedBy(from, key.merchant, row.lines));
  PUHUI_RETURN_IF_ERROR(CheckParts(parts, row.lines, std::move(earned)));
  return parts;
}

absl::StatusOr<std::map<UnionNumber, OriginPart>> PartsOf(const ledger::Readable& from,
                                                          const StatementKey& key,
                                                          const StatementRow& row) {
  PUHUI_ASSIGN_OR_RETURN(auto parts, ChangesOf(from, key, row));
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::BalanceByOrigin before,
      ledger::AccountAsOf(from, ledger::AccountKind::kPayable,
                          static_cast<std::uint64_t>(key.merchant), row.lines.first - 1));
  std::int64_t sum = 0;
  for (const auto& [origin, points] : before) {
    if (points != 0) parts[origin].payable_before = points;
    sum += points;
  }
  if (sum != row.lines.payable_before) {
    return absl::DataLossError(absl::StrCat("what was payable to merchant ",
                                            static_cast<std::uint32_t>(key.merchant), " was ", sum,
                                            ", its statement says ", row.lines.payable_before));
  }
  return parts;
}

absl::StatusOr<std::vector<StatementLine>> ListLines(const ledger::Readable& from,
                                                     MerchantNumber merchant, const DayLines& lines,
                                                     Sequence after, std::size_t limit) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<Sequence> sequences,
                         ListSequences(from, merchant, lines, after, limit));
  std::vector<StatementLine> found;
  found.reserve(sequences.size());
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecordsAt(
      from, sequences, [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                               ledger::ParseRecord(sequence, bytes));
        absl::optional<StatementLine> line = LineOf(record);
        if (!line.has_value() || line->merchant != merchant) {
          return absl::DataLossError(
              absl::StrCat("record ", sequence, " is no line of the merchant's statements"));
        }
        found.push_back(*std::move(line));
        return true;
      }));
  return found;
}

absl::StatusOr<bool> HasLine(const ledger::Readable& from, MerchantNumber merchant,
                             const DayLines& lines, Sequence sequence) {
  if (sequence == 0 || sequence < lines.first || sequence > lines.last) return false;
  PUHUI_ASSIGN_OR_RETURN(const std::vector<Sequence> next,
                         ListSequences(from, merchant, lines, sequence - 1, 1));
  return !next.empty() && next.front() == sequence;
}

absl::StatusOr<absl::optional<DisputeRow>> FindDispute(const ledger::Readable& from,
                                                       const DisputeKey& key) {
  return ledger::Find(from, kDisputeTable, key);
}

absl::StatusOr<std::vector<std::pair<Sequence, DisputeRow>>> ListDisputes(
    const ledger::Readable& from, const StatementKey& key) {
  PUHUI_ASSIGN_OR_RETURN(
      auto rows, ledger::List(from, kDisputeTable,
                              {.prefix = EncodeKeyPrefix(Table::kDisputes, key.merchant, key.day)},
                              kDisputesPerStatementMax));
  std::vector<std::pair<Sequence, DisputeRow>> disputes;
  disputes.reserve(rows.size());
  for (auto& row : rows) disputes.emplace_back(row.key.line, std::move(row.value));
  return disputes;
}

}  // namespace puhui::merchant
