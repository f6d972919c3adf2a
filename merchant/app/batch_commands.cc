// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/batch_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

void AddTotals(const BatchTotals& totals,
               google::protobuf::RepeatedPtrField<jv1::BatchTotal>* stored) {
  for (const BatchKind kind : kAllBatchKinds) {
    const KindTotal& total = totals.Of(kind);
    if (total == KindTotal{}) continue;
    jv1::BatchTotal& added = *stored->Add();
    added.set_kind(static_cast<std::uint32_t>(kind));
    added.set_count(total.count);
    added.set_points(total.points);
  }
}

}  // namespace

absl::optional<Refusal> CloseBatchCommand::Decide(const ledger::DecideContext& /*context*/,
                                                  ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  const TerminalNumber* terminal =
      merchant == nullptr ? nullptr : tables_.terminal_ids.Find({*merchant, wish_.terminal.text()});
  if (terminal == nullptr) {
    return Refusal{.reason = Reason::kUnknownTerminal,
                   .field = "terminal",
                   .message = "the terminal is not enrolled with this merchant"};
  }
  const TerminalRow* row = tables_.terminals.Find(*terminal);
  PUHUI_CHECK(row != nullptr);
  if (wish_.by_terminal && row->state != TerminalState::kActive) {
    return Refusal{.reason = Reason::kTerminalNotActive,
                   .field = "terminal",
                   .message = "the terminal is blocked or retired"};
  }
  const BatchRow* known = tables_.batches.Find({*terminal, wish_.batch_number});
  const BatchRow batch = known == nullptr ? BatchRow{} : *known;
  if (batch.closed == 0 && !(batch.totals == wish_.told) && !wish_.accept_difference) {
    return Refusal{.reason = Reason::kBatchChanged,
                   .field = "totals",
                   .message = "the totals of the batch are others by now"};
  }
  jv1::BatchClosed& closed = *decision.Add().mutable_batch_closed();
  closed.set_merchant(static_cast<std::uint32_t>(*merchant));
  closed.set_terminal(static_cast<std::uint32_t>(*terminal));
  closed.set_batch_number(wish_.batch_number);
  AddTotals(batch.totals, closed.mutable_counted());
  AddTotals(wish_.told, closed.mutable_told());
  closed.set_closed_before(batch.closed);
  return absl::nullopt;
}

absl::StatusOr<BatchRow> FindBatch(const ledger::Readable& from, const BatchKey& key) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from, kBatchTable, key));
  return row.value_or(BatchRow{});
}

absl::StatusOr<absl::optional<std::vector<BatchCall>>> ListBatchCalls(const ledger::Readable& from,
                                                                      const BatchRange& range,
                                                                      std::size_t limit) {
  const BatchKey& batch = range.batch;
  const ledger::Range rows{
      .prefix = ledger::EncodeKeyPrefix(Table::kTillKeys, batch.terminal, batch.batch_number),
      .from = ledger::EncodeKey(Table::kTillKeys,
                                TillKey{batch.terminal, batch.batch_number, range.first})};
  std::vector<BatchCall> calls;
  std::size_t looked_at = 0;
  const auto take = [&](const TillKey& key, const TillRow& row) -> absl::StatusOr<bool> {
    if (key.trace_number > range.last || ++looked_at > limit) return false;
    const absl::optional<BatchKind> kind = KindOf(row.outcome);
    if (kind.has_value() && row.points > 0) calls.push_back({key.trace_number, *kind, row.points});
    if (row.reversed > 0) calls.push_back({key.trace_number, BatchKind::kReversal, row.reversed});
    return true;
  };
  PUHUI_RETURN_IF_ERROR(ledger::Scan(from, kTillTable, rows, take));
  if (looked_at > limit) return absl::optional<std::vector<BatchCall>>();
  return absl::make_optional(std::move(calls));
}

}  // namespace puhui::merchant
