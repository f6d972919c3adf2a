// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/reconciliation_queries.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "merchant/app/rows.h"
#include "merchant/app/statement_line.h"
#include "merchant/app/statement_rows.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::EncodeKey;
using ledger::EncodeKeyPrefix;
using ledger::Table;

// Of records [first, end), those that are lines of the merchant's statements; one more than `most`
// when there are more.
absl::StatusOr<std::vector<Sequence>> LinesOf(const ledger::Readable& from, MerchantNumber merchant,
                                              Sequence first, Sequence end, std::size_t most) {
  std::vector<Sequence> lines;
  const auto take = [&](const std::vector<Sequence>& row) {
    for (const Sequence sequence : row) {
      if (sequence >= end || lines.size() > most) return false;
      if (sequence >= first) lines.push_back(sequence);
    }
    return true;
  };
  bool more = true;
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      from, kStatementLineTable,
      {.prefix = EncodeKeyPrefix(Table::kStatementLines, merchant),
       .from = EncodeKey(Table::kStatementLines, StatementLinesKey{merchant, first}),
       .fill_cache = false},
      [&](const StatementLinesKey& /*key*/,
          const std::vector<Sequence>& row) -> absl::StatusOr<bool> { return more = take(row); }));
  if (!more) return lines;
  PUHUI_ASSIGN_OR_RETURN(const auto running, ledger::Find(from, kOpenDayTable, merchant));
  if (running.has_value()) take(running->recent);
  return lines;
}

// Nothing for what no till did.
absl::optional<ReconciledTransaction> TransactionOf(const journal::v1::Entry& entry,
                                                    const StatementLine& line) {
  ReconciledTransaction transaction{.reference = line.sequence,
                                    .batch_number = line.batch_number,
                                    .trace_number = line.trace_number,
                                    .points = std::abs(line.Points()),
                                    .time = ReconciledTime(line.time)};
  switch (line.kind) {
    case StatementLineKind::kPurchase:
      transaction.kind = entry.has_capture() ? ReconciledKind::kCapture : ReconciledKind::kPurchase;
      // The till knows a capture by the reference of its authorisation, and what was paid with a
      // bill by that of the bill.
      if (entry.has_capture()) transaction.reference = entry.capture().authorization();
      if (entry.purchase().bill() != 0) transaction.reference = entry.purchase().bill();
      return transaction;
    case StatementLineKind::kRefund:
    case StatementLineKind::kEarlierRefund:
      transaction.kind = ReconciledKind::kRefund;
      return transaction;
    case StatementLineKind::kReversal:
      transaction.kind = ReconciledKind::kReversal;
      return transaction;
    case StatementLineKind::kAdjustment:
      return absl::nullopt;
  }
  std::abort();
}

// The terminals of a merchant, each read once. Threads: one at a time. Borrows: the store.
class Terminals {
 public:
  explicit Terminals(const ledger::Readable& from) : from_(from) {}
  absl::StatusOr<const TerminalRow*> Of(TerminalNumber number) {
    const auto [known, is_new] = rows_.try_emplace(number);
    if (is_new) {
      PUHUI_ASSIGN_OR_RETURN(known->second, TerminalByNumber(from_, number));
    }
    return &known->second;
  }

 private:
  const ledger::Readable& from_;
  absl::flat_hash_map<TerminalNumber, TerminalRow> rows_;
};

}  // namespace

absl::StatusOr<Sequence> FirstRecordAt(const ledger::Readable& from, absl::Time time) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(from));
  Sequence low = 1;
  Sequence high = last + 1;
  while (low < high) {
    const Sequence middle = low + (high - low) / 2;
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(from, middle));
    PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ledger::ParseRecord(middle, bytes));
    if (record.time_micros() < absl::ToUnixMicros(time)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

absl::StatusOr<absl::optional<StoreBooks>> BooksOf(const ledger::Readable& from,
                                                   MerchantNumber merchant, absl::Time start,
                                                   absl::Time end, std::size_t most) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence first, FirstRecordAt(from, start));
  PUHUI_ASSIGN_OR_RETURN(const Sequence after, FirstRecordAt(from, end));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<Sequence> lines,
                         LinesOf(from, merchant, first, after, most));
  if (lines.size() > most) return absl::optional<StoreBooks>();
  StoreBooks books;
  Terminals terminals(from);
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecordsAt(
      from, lines, [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                               ledger::ParseRecord(sequence, bytes));
        const absl::optional<StatementLine> line = LineOf(record);
        if (!line.has_value() || line->merchant != merchant) {
          return absl::DataLossError(
              absl::StrCat("record ", sequence, " is no line of the merchant's statements"));
        }
        auto transaction = TransactionOf(record.entry(), *line);
        // An order has no terminal: tills know nothing of it.
        if (!transaction.has_value() || line->terminal == TerminalNumber{}) return true;
        PUHUI_ASSIGN_OR_RETURN(const TerminalRow* terminal, terminals.Of(line->terminal));
        transaction->terminal = terminal->id;
        books[terminal->store].push_back(*std::move(transaction));
        return true;
      }));
  // Cut to seconds, those of one second stand by their references.
  for (auto& [store, transactions] : books) {
    std::sort(transactions.begin(), transactions.end(), ComesBefore);
  }
  return absl::make_optional(std::move(books));
}

}  // namespace puhui::merchant
