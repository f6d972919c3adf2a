// SPDX-License-Identifier: Apache-2.0
#include "audit/index/past_balances.h"

#include "audit/index/index_writer.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {
namespace {

// The rows of an account from the one that holds record `from`, or the first after it.
absl::StatusOr<ledger::Range> RowsFrom(const IndexMoment& moment, const AccountRowName& account,
                                       Sequence from) {
  ledger::Range range{.prefix = ledger::EncodeKeyPrefix(kMovementsTable.id, account),
                      .from = ledger::EncodeKey(kMovementsTable.id,
                                                MovementsKey{.account = account, .first = from}),
                      .backward = true};
  PUHUI_ASSIGN_OR_RETURN(const auto rows, ledger::List(*moment.index, kMovementsTable, range, 1));
  range.backward = false;
  if (!rows.empty()) range.from = ledger::EncodeKey(kMovementsTable.id, rows.front().key);
  return range;
}

std::vector<OriginBalance> ByOrigin(HeldByOrigin held) {
  std::sort(held.begin(), held.end(),
            [](const OriginBalance& a, const OriginBalance& b) { return a.origin < b.origin; });
  return {held.begin(), held.end()};
}

}  // namespace

absl::StatusOr<std::vector<OriginBalance>> HeldAsOf(const IndexMoment& moment,
                                                    const AccountName& account, Sequence as_of) {
  const AccountRowName name = RowNameOf(account);
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(*moment.index, kMovementsTable,
                   {.prefix = ledger::EncodeKeyPrefix(kMovementsTable.id, name),
                    .from = ledger::EncodeKey(kMovementsTable.id,
                                              MovementsKey{.account = name, .first = as_of}),
                    .backward = true},
                   1));
  HeldByOrigin held;
  if (rows.empty()) return ByOrigin(held);
  held.assign(rows.front().value.before.begin(), rows.front().value.before.end());
  Sequence sequence = rows.front().key.first;
  for (const StoredMovement& movement : rows.front().value.movements) {
    sequence += movement.beyond;
    if (sequence > as_of) break;
    AddPoints(movement.origin, movement.points, &held);
  }
  return ByOrigin(std::move(held));
}

absl::Status VisitMovements(const IndexMoment& moment, const AccountName& account, Sequence first,
                            Sequence last,
                            absl::FunctionRef<absl::StatusOr<bool>(const AccountMovement&)> visit) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Range range, RowsFrom(moment, RowNameOf(account), first));
  AccountMovement one;
  bool more = true;
  const auto tell = [&]() -> absl::Status {
    if (one.sequence >= first && one.sequence <= last && !one.changes.empty()) {
      PUHUI_ASSIGN_OR_RETURN(more, visit(one));
    }
    one.changes.clear();
    return absl::OkStatus();
  };
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      *moment.index, kMovementsTable, range,
      [&](const MovementsKey& key, const MovementsRow& row) -> absl::StatusOr<bool> {
        Sequence sequence = key.first;
        for (const StoredMovement& movement : row.movements) {
          sequence += movement.beyond;
          if (sequence != one.sequence) PUHUI_RETURN_IF_ERROR(tell());
          if (!more || sequence > last) return false;
          one.sequence = sequence;
          one.changes.push_back({.origin = movement.origin, .points = movement.points});
        }
        return true;
      }));
  return more ? tell() : absl::OkStatus();
}

absl::Status VisitMovementsBackward(
    const IndexMoment& moment, const AccountName& account, Sequence last,
    absl::FunctionRef<absl::StatusOr<bool>(const AccountMovement&)> visit) {
  const AccountRowName name = RowNameOf(account);
  AccountMovement one;
  bool more = true;
  const auto tell = [&]() -> absl::Status {
    if (one.changes.empty()) return absl::OkStatus();
    std::reverse(one.changes.begin(), one.changes.end());
    PUHUI_ASSIGN_OR_RETURN(more, visit(one));
    one.changes.clear();
    return absl::OkStatus();
  };
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      *moment.index, kMovementsTable,
      {.prefix = ledger::EncodeKeyPrefix(kMovementsTable.id, name),
       .from = ledger::EncodeKey(kMovementsTable.id, MovementsKey{.account = name, .first = last}),
       .backward = true},
      [&](const MovementsKey& key, const MovementsRow& row) -> absl::StatusOr<bool> {
        Sequence sequence = key.first;
        for (const StoredMovement& movement : row.movements) sequence += movement.beyond;
        for (auto movement = row.movements.rbegin(); movement != row.movements.rend(); ++movement) {
          if (sequence != one.sequence) PUHUI_RETURN_IF_ERROR(tell());
          if (!more) return false;
          one.sequence = sequence;
          if (sequence <= last) {
            one.changes.push_back({.origin = movement->origin, .points = movement->points});
          }
          sequence -= movement->beyond;
        }
        return true;
      }));
  return more ? tell() : absl::OkStatus();
}

absl::StatusOr<std::vector<KindTotal>> TotalsAsOf(const IndexMoment& moment, Sequence as_of) {
  PUHUI_ASSIGN_OR_RETURN(auto found, ReadTotals(*moment.index, as_of));
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
      *moment.journal, found.first + 1, as_of - found.first,
      [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                               ledger::ParseRecord(sequence, bytes));
        if (!record.has_entry()) return true;
        RecordFacts facts;
        PUHUI_RETURN_IF_ERROR(ledger::ReadPostings(record.entry(), &facts.postings));
        AddTotals(facts, &found.second);
        return true;
      }));
  std::vector<KindTotal> totals;
  for (const auto& [key, points] : found.second) {
    if (points == 0) continue;
    totals.push_back({.kind = key.kind, .origin = key.origin, .points = points});
  }
  std::sort(totals.begin(), totals.end(), [](const KindTotal& a, const KindTotal& b) {
    return std::pair(a.kind, a.origin) < std::pair(b.kind, b.origin);
  });
  return totals;
}

}  // namespace puhui::audit
