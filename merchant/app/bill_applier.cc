// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bill_applier.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/bill_rows.h"

#include "absl/strings/str_cat.h"

#include <tuple>
#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;

absl::optional<Sequence> BillToForget(Tables& tables, TerminalNumber terminal, absl::Time now) {
  const TerminalBills* bills = tables.terminal_bills.Find(terminal);
  if (bills == nullptr || bills->presented == bills->forgotten) return absl::nullopt;
  const Sequence* bill = tables.bill_order.Find({terminal, bills->forgotten + 1});
  const BillRow* row = bill == nullptr ? nullptr : tables.bills.Find(*bill);
  if (row == nullptr || row->expiry + kBillsKept > now) return absl::nullopt;
  return *bill;
}

absl::Status BillApplier::Apply(const jv1::Record& record) {
  if (record.has_bill_created()) return Create(record);
  if (record.has_bill_cancelled()) return Cancel(record);
  if (record.entry().purchase().bill() != 0) return Pay(record);
  return absl::OkStatus();
}

absl::Status BillApplier::Create(const jv1::Record& record) {
  const jv1::BillCreated& created = record.bill_created();
  if (created.token_hash().size() != std::tuple_size_v<ledger::Tag>) {
    return absl::DataLossError("a bill without the hash of its token");
  }
  BillRow row{.merchant = MerchantNumber{created.till().merchant()},
              .terminal = TerminalNumber{created.till().terminal()},
              .batch_number = created.till().batch_number(),
              .trace_number = created.till().trace_number(),
              .local_time = absl::FromUnixMicros(created.till().local_time_micros()),
              .accept_partial = created.accept_partial(),
              .expiry = absl::FromUnixMicros(created.expire_time_micros()),
              .token = ledger::TagFromBytes(created.token_hash())};
  const auto points = Points::FromRequest(created.points(), "points");
  if (!points.ok()) return absl::DataLossError("a bill for no points");
  row.points = *points;
  row.lines.reserve(static_cast<std::size_t>(created.lines_size()));
  for (const jv1::BasketLine& line : created.lines()) {
    row.lines.push_back(
        {.category = line.category(), .region = line.region(), .points = line.points()});
  }
  if (tables_.FindCall(row.key()) != nullptr) {
    return absl::DataLossError("a bill under keys that were used before");
  }
  const TerminalNumber terminal = row.terminal;
  tables_.OpenCall(row.key(), {TillOutcome::kBill, record.sequence()});
  tables_.bills.Put(record.sequence(), std::move(row));
  const std::uint32_t number = ++tables_.terminal_bills.Edit(terminal).presented;
  tables_.bill_order.Put({terminal, number}, record.sequence());
  Forget(terminal, absl::FromUnixMicros(record.time_micros()));
  return absl::OkStatus();
}

// Two go for each that comes, so that what is kept gets no longer than it has to be and no call
// waits for a sweep.
void BillApplier::Forget(TerminalNumber terminal, absl::Time now) {
  for (std::size_t i = 0; i < kBillsForgottenMax; ++i) {
    const absl::optional<Sequence> bill = BillToForget(tables_, terminal, now);
    if (!bill.has_value()) return;
    tables_.bills.Erase(*bill);
    tables_.bill_order.Erase({terminal, ++tables_.terminal_bills.Edit(terminal).forgotten});
  }
}

absl::StatusOr<TillRow*> BillApplier::OpenCall(Sequence bill, absl::Time now) {
  const BillRow* row = tables_.bills.Find(bill);
  if (row == nullptr) return absl::DataLossError(absl::StrCat("there is no bill ", bill));
  TillRow& call = tables_.till_calls.Edit(row->key());
  if (call.outcome == TillOutcome::kBill && now < row->expiry) return &call;
  return absl::DataLossError(absl::StrCat("bill ", bill, " had ended before"));
}

// From here on the call is that of a purchase, and counts as one.
absl::Status BillApplier::Pay(const jv1::Record& record) {
  const jv1::Purchase& purchase = record.entry().purchase();
  PUHUI_ASSIGN_OR_RETURN(TillRow * call,
                         OpenCall(purchase.bill(), absl::FromUnixMicros(record.time_micros())));
  call->outcome = TillOutcome::kPurchase;
  call->points = purchase.points();
  return absl::OkStatus();
}

absl::Status BillApplier::Cancel(const jv1::Record& record) {
  PUHUI_ASSIGN_OR_RETURN(TillRow * call, OpenCall(record.bill_cancelled().bill(),
                                                  absl::FromUnixMicros(record.time_micros())));
  call->outcome = TillOutcome::kBillCancelled;
  return absl::OkStatus();
}

}  // namespace puhui::merchant
