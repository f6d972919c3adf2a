// SPDX-License-Identifier: Apache-2.0
// The applier's third part: what tills' batches come to.
#include "ledger/base/check.h"
#include "merchant/app/applier.h"
#include "merchant/app/batch_rows.h"

namespace puhui::merchant {

namespace jv1 = journal::v1;

// A reversal always goes through, and may come under the keys of its original, or into a batch that
// is closed: what that came to stays.
void MerchantApplier::Count(const jv1::Till& till, const TillRow& call) {
  if (till.terminal() == 0) return;  // An order: no till sent it.
  const TillKey key{TerminalNumber{till.terminal()}, till.batch_number(), till.trace_number()};
  if (tables_.FindCall(key) == nullptr) {
    tables_.OpenCall(key, call);
  } else if (call.outcome == TillOutcome::kReversal) {
    tables_.till_calls.Edit(key).reversed += call.points;
  }
  BatchRow& row = tables_.batches.Edit({key.terminal, key.batch_number});
  if (row.closed != 0) return;
  const absl::optional<BatchKind> kind = KindOf(call.outcome);
  PUHUI_CHECK(kind.has_value());
  KindTotal& total = row.totals.Of(*kind);
  ++total.count;
  total.points += call.points;
}

absl::Status MerchantApplier::CloseBatch(const jv1::Record& record) {
  const jv1::BatchClosed& closed = record.batch_closed();
  if (closed.closed_before() != 0) return absl::OkStatus();
  const BatchKey batch{TerminalNumber{closed.terminal()}, closed.batch_number()};
  if (tables_.batches.Find(batch) == nullptr) tables_.batches.Put(batch, {});
  BatchRow& row = tables_.batches.Edit(batch);
  if (row.closed != 0) return absl::DataLossError("a batch is closed twice");
  row.closed = record.sequence();
  row.close_time = absl::FromUnixMicros(record.time_micros());
  return absl::OkStatus();
}

}  // namespace puhui::merchant
