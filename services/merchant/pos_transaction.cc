// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/pos_transaction.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/order_queries.h"
#include "merchant/app/queries.h"
#include "services/ledger/names.h"
#include "services/ledger/reference.h"
#include "services/merchant/bill_convert.h"
#include "services/merchant/pos_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::services {
namespace {

absl::Status NoSuchCall() { return NotFound("call of this terminal"); }

ledger::Tag KeyOf(const std::string& caller, const RequestId& id) {
  ledger::Sha256 sha256;
  return ledger::RequestKeyOf(caller, std::string(id.begin(), id.end()), sha256);
}

absl::StatusOr<Sequence> FindByRequestId(const ledger::Readable& store, const TillCaller& caller,
                                         absl::string_view text) {
  PUHUI_ASSIGN_OR_RETURN(const RequestId id, ParseRequestId(text));
  const ledger::Tag key = KeyOf(caller.caller, id);
  PUHUI_ASSIGN_OR_RETURN(const auto answered, ledger::Find(store, ledger::kRequestTable, key));
  if (answered.has_value()) return answered->first;
  PUHUI_ASSIGN_OR_RETURN(const auto buried, ledger::Find(store, merchant::kTombstoneTable, key));
  if (buried.has_value()) return *buried;
  return NoSuchCall();
}

absl::StatusOr<Sequence> FindByKeys(const ledger::Readable& store, TerminalNumber terminal,
                                    const v1::TillKeys& keys) {
  PUHUI_RETURN_IF_ERROR(CheckTillKeys(keys.batch_number(), keys.trace_number(), "keys"));
  PUHUI_ASSIGN_OR_RETURN(
      const auto row,
      merchant::FindTillCall(store, {terminal, keys.batch_number(), keys.trace_number()}));
  if (!row.has_value()) return NoSuchCall();
  return row->sequence;
}

// The till that a record is about, if any.
absl::optional<std::uint32_t> TerminalIn(const journal::v1::Record& record) {
  if (record.declined().bill() != 0) return absl::nullopt;  // It is the member's.
  if (record.has_declined()) return record.declined().till().terminal();
  if (record.has_tombstone()) return record.tombstone().till().terminal();
  if (record.has_bill_created()) return record.bill_created().till().terminal();
  if (record.has_bill_cancelled()) return record.bill_cancelled().till().terminal();
  if (record.has_voucher_redeemed()) return record.voucher_redeemed().till().terminal();
  const journal::v1::Entry& entry = record.entry();
  if (entry.has_purchase()) return entry.purchase().till().terminal();
  if (entry.has_refund()) return entry.refund().till().terminal();
  if (entry.has_reversal()) return entry.reversal().till().terminal();
  if (entry.has_authorization()) return entry.authorization().till().terminal();
  if (entry.has_capture()) return entry.capture().till().terminal();
  if (entry.has_voided()) return entry.voided().till().terminal();
  return absl::nullopt;
}

// The purchase, authorisation or bill that a record of a till is about; a refund has its own
// answer.
Sequence SaleOf(const journal::v1::Record& record) {
  if (record.has_tombstone()) return record.tombstone().purchase();
  if (record.has_bill_cancelled()) return record.bill_cancelled().bill();
  const journal::v1::Entry& entry = record.entry();
  if (entry.purchase().bill() != 0) return entry.purchase().bill();
  if (entry.has_reversal()) return entry.reversal().purchase();
  if (entry.has_capture()) return entry.capture().authorization();
  if (entry.has_voided()) return entry.voided().authorization();
  return record.sequence();
}

// What RedeemVoucher answers.
absl::StatusOr<v1::Redemption> RedemptionOf(const ledger::Readable& store,
                                            const journal::v1::Record& record) {
  const journal::v1::VoucherRedeemed& redeemed = record.voucher_redeemed();
  PUHUI_ASSIGN_OR_RETURN(const auto order, merchant::FindOrder(store, redeemed.order()));
  if (!order.has_value()) return absl::DataLossError("an order is missing");
  v1::Redemption redemption;
  redemption.set_order(FormatOrderName(redeemed.order()));
  redemption.set_offer(FormatOfferName(static_cast<std::uint32_t>(order->offer)));
  redemption.set_offer_version(order->version);
  redemption.set_quantity(redeemed.quantity());
  *redemption.mutable_redeem_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  return redemption;
}

// The till that presented it has had no other answer to print.
void AddBillReceipt(v1::GetTransactionResponse* response) {
  const bool is_reversed = response->purchase().state() == v1::PURCHASE_STATE_REVERSED;
  if (!response->has_bill() || is_reversed) return;
  v1::Till till;
  till.set_batch_number(response->bill().batch_number());
  till.set_trace_number(response->bill().trace_number());
  AddReceipt(response->purchase(), till, response->mutable_receipt_lines());
}

}  // namespace

absl::StatusOr<Sequence> FindTillSequence(const ledger::Readable& store, const TillCaller& caller,
                                          const v1::GetTransactionRequest& request) {
  switch (request.key_case()) {
    case v1::GetTransactionRequest::kRequestId:
      return FindByRequestId(store, caller, request.request_id());
    case v1::GetTransactionRequest::kKeys:
      return FindByKeys(store, caller.terminal, request.keys());
    case v1::GetTransactionRequest::kRetrievalReference: {
      PUHUI_ASSIGN_OR_RETURN(const Sequence sequence,
                             ParseReference(request.retrieval_reference(), "retrieval_reference"));
      // A reference that nobody was given names nothing.
      PUHUI_ASSIGN_OR_RETURN(const auto applied,
                             ledger::Find(store, ledger::kAppliedTable, std::uint8_t{0}));
      if (sequence > applied.value_or(0)) return NoSuchCall();
      return sequence;
    }
    case v1::GetTransactionRequest::KEY_NOT_SET:
      break;
  }
  return InvalidField("key", "want request_id, keys or retrieval_reference");
}

absl::StatusOr<Sale> FindSale(const ledger::Readable& store, Sequence sequence, absl::Time now) {
  Names names(&store);
  PUHUI_ASSIGN_OR_RETURN(const auto purchase, merchant::FindPurchase(store, sequence));
  if (purchase.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const std::string name, names.OfTerminal(purchase->terminal));
    return PurchaseOf(sequence, *purchase, name);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto authorization, merchant::FindAuthorization(store, sequence));
  if (authorization.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const std::string name, names.OfTerminal(authorization->terminal));
    return AuthorizationOf(sequence, *authorization, now, name);
  }
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(store, sequence));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ledger::ParseRecord(sequence, bytes));
  if (!record.has_bill_created()) return absl::DataLossError("a recorded purchase is missing");
  return FindBill(store, record, now);
}

absl::Status CheckNotRetired(const ledger::Readable& store, TerminalNumber terminal,
                             const Principal& caller) {
  if (caller.role != Role::kTerminal) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const merchant::TerminalRow row,
                         merchant::TerminalByNumber(store, terminal));
  if (row.state != merchant::TerminalState::kRetired) return absl::OkStatus();
  return ledger::ToStatus({.reason = ledger::Reason::kTerminalNotActive,
                           .field = "terminal",
                           .message = "the terminal is retired"});
}

absl::StatusOr<bool> WasAnswered(const ledger::Readable& store, const std::string& caller,
                                 const RequestId& id) {
  PUHUI_ASSIGN_OR_RETURN(const auto answered,
                         ledger::Find(store, ledger::kRequestTable, KeyOf(caller, id)));
  return answered.has_value();
}

absl::StatusOr<v1::GetTransactionResponse> DescribeTransaction(const ledger::Readable& store,
                                                               TerminalNumber terminal,
                                                               const journal::v1::Record& record,
                                                               absl::Time now) {
  if (TerminalIn(record) != static_cast<std::uint32_t>(terminal)) return NoSuchCall();
  v1::GetTransactionResponse response;
  const google::protobuf::Timestamp time = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  if (record.has_declined()) {
    const ledger::Reason reason = ledger::ReasonFromNumber(record.declined().reason());
    response.mutable_decline()->set_reason(std::string(ledger::ReasonName(reason)));
    *response.mutable_decline()->mutable_decline_time() = time;
    return response;
  }
  if (record.has_tombstone() && record.tombstone().purchase() == 0) {
    *response.mutable_tombstone()->mutable_reverse_time() = time;
    return response;
  }
  if (record.entry().has_refund()) {
    *response.mutable_refund() = RefundOf(record);
    return response;
  }
  if (record.has_voucher_redeemed()) {
    PUHUI_ASSIGN_OR_RETURN(*response.mutable_redemption(), RedemptionOf(store, record));
    return response;
  }
  if (record.has_bill_created()) {
    PUHUI_ASSIGN_OR_RETURN(*response.mutable_bill(), FindBill(store, record, now));
    if (response.bill().state() != v1::BILL_STATE_PAID) return response;
  }
  PUHUI_ASSIGN_OR_RETURN(Sale sale, FindSale(store, SaleOf(record), now));
  if (auto* const purchase = absl::get_if<v1::Purchase>(&sale)) {
    *response.mutable_purchase() = std::move(*purchase);
    AddBillReceipt(&response);
  } else if (auto* const bill = absl::get_if<v1::Bill>(&sale)) {
    *response.mutable_bill() = std::move(*bill);
  } else {
    *response.mutable_authorization() = absl::get<v1::Authorization>(std::move(sale));
  }
  return response;
}

}  // namespace puhui::services
