// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/pos_service.h"

#include "issuing/app/vault.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/authorization_code.h"
#include "merchant/app/queries.h"
#include "merchant/app/reverse_command.h"
#include "services/ledger/basket.h"
#include "services/ledger/declined.h"
#include "services/ledger/reference.h"
#include "services/merchant/pos_convert.h"
#include "services/merchant/pos_transaction.h"
#include "services/merchant/pos_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

PosService::PosService(const Parts& parts)
    : parts_(parts), bill_tokens_(parts.card_key, parts.random), wire_(std::make_unique<Wire>()) {}

PosService::~PosService() = default;

namespace {

// What a reversal came to. What it undid is final now, so that reading it later gives the same.
absl::Status BuildReverse(const ledger::Engine& engine, const journal::v1::Record& record,
                          v1::ReverseResponse* response) {
  *response->mutable_reverse_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  Sequence sequence = record.tombstone().purchase();
  if (record.has_entry()) sequence = record.entry().reversal().purchase();
  if (record.has_bill_cancelled()) sequence = record.bill_cancelled().bill();
  if (sequence == 0) return absl::OkStatus();
  response->set_original_found(true);
  PUHUI_ASSIGN_OR_RETURN(Sale sale, FindSale(engine.Latest(), sequence, engine.Now()));
  if (auto* const purchase = absl::get_if<v1::Purchase>(&sale)) {
    *response->mutable_purchase() = std::move(*purchase);
  } else if (auto* const bill = absl::get_if<v1::Bill>(&sale)) {
    *response->mutable_bill() = std::move(*bill);
  } else {
    *response->mutable_authorization() = absl::get<v1::Authorization>(std::move(sale));
  }
  return absl::OkStatus();
}

}  // namespace

void PosService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServePurchase(calls);
  ServeAuthorize(calls);
  ServeCapture(calls);
  ServeVoid(calls);
  ServeRefund(calls);
  ServeReverse(calls);
  ServeGetTransaction(calls);
  ServeInquireBalance(calls);
  ServeGetTotals(calls);
  ServeCloseBatch(calls);
  ServePurchaseStream(calls);
  ServeCreateBill(calls);
}

void PosService::ServePurchase(Calls& calls) {
  calls.UnaryLater(Rpc::kPurchase, wire_.get(), &Wire::RequestPurchase,
                   [this](const CallContext& call, const v1::PurchaseRequest& asked,
                          v1::PurchaseResponse* answer,
                          Completion done) { RunPurchase(call, asked, answer, std::move(done)); });
}

void PosService::RunPurchase(const CallContext& call, const v1::PurchaseRequest& asked,
                             v1::PurchaseResponse* answer, Completion done) {
  RunForCall(parts_.ledger, call, asked, ReadPurchase(call, asked), answer, std::move(done),
             [this, &asked](const ledger::Outcome& outcome, v1::PurchaseResponse* out) {
               const journal::v1::Record& record = outcome.first();
               if (record.has_declined()) return DeclinedStatus(record.declined());
               RemoveCode(record.entry().purchase().code());
               *out->mutable_purchase() = PurchaseOf(record, asked.till().terminal());
               AddReceipt(out->purchase(), asked.till(), out->mutable_receipt_lines());
               return absl::OkStatus();
             });
}

void PosService::ServeRefund(Calls& calls) {
  calls.UnaryLater(Rpc::kRefund, wire_.get(), &Wire::RequestRefund,
                   [this](const CallContext& call, const v1::RefundRequest& asked,
                          v1::RefundResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadRefund(call, asked), answer,
                                std::move(done),
                                [](const ledger::Outcome& outcome, v1::RefundResponse* out) {
                                  const journal::v1::Record& record = outcome.first();
                                  if (record.has_declined())
                                    return DeclinedStatus(record.declined());
                                  *out->mutable_refund() = RefundOf(record);
                                  AddReceipt(out->refund(), out->mutable_receipt_lines());
                                  return absl::OkStatus();
                                });
                   });
}

void PosService::ServeReverse(Calls& calls) {
  calls.UnaryLater(Rpc::kReverse, wire_.get(), &Wire::RequestReverse,
                   [this](const CallContext& call, const v1::ReverseRequest& asked,
                          v1::ReverseResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadReverse(call, asked), answer,
                                std::move(done),
                                [this](const ledger::Outcome& outcome, v1::ReverseResponse* out) {
                                  const journal::v1::Record& record = outcome.first();
                                  if (record.has_declined())
                                    return DeclinedStatus(record.declined());
                                  return BuildReverse(*parts_.ledger.engine, record, out);
                                });
                   });
}

void PosService::ServeGetTransaction(Calls& calls) {
  calls.Unary(Rpc::kGetTransaction, wire_.get(), &Wire::RequestGetTransaction,
              [this](const CallContext& call, const v1::GetTransactionRequest& asked) {
                return DoGetTransaction(call, asked);
              });
}

absl::Status PosService::AllowTill(const CallContext& call, const merchant::TillCall& till) {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId merchant, MerchantId::Parse(till.merchant_id, "till"));
  PUHUI_ASSIGN_OR_RETURN(const TerminalId terminal, TerminalId::Parse(till.terminal_id, "till"));
  return AllowTerminal(call.principal(), merchant, terminal);
}

absl::StatusOr<merchant::SpendCommand::Wish> PosService::ReadWish(const ShownPayer& shown,
                                                                  std::int64_t points) const {
  PUHUI_RETURN_IF_ERROR(CheckPayer(shown));
  PUHUI_ASSIGN_OR_RETURN(const Points wanted, Points::FromRequest(points, "points"));
  merchant::SpendCommand::Wish wish{
      .points = wanted, .authorization_code = merchant::NewAuthorizationCode(*parts_.random)};
  if (shown.payment_code.empty()) {
    wish.card = CardTag(shown.card_number);
    wish.card_foreign = !issuing::IsOwnCardNumber(shown.card_number);
  } else {
    const ledger::Engine& engine = *parts_.ledger.engine;
    PUHUI_ASSIGN_OR_RETURN(wish.code,
                           parts_.codes->Look(shown.payment_code, engine.Latest(), engine.Now()));
  }
  return wish;
}

void PosService::RemoveCode(const journal::v1::UsedCode& code) const {
  if (!code.code_hash().empty())
    parts_.codes->shelf().Remove(ledger::TagFromBytes(code.code_hash()));
}

PosService::MaybeCommand PosService::ReadPurchase(const CallContext& call,
                                                  const v1::PurchaseRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  PUHUI_ASSIGN_OR_RETURN(merchant::SpendCommand::Wish wish,
                         ReadWish(PayerOf(request), request.points()));
  wish.accept_partial = request.accept_partial();
  PUHUI_ASSIGN_OR_RETURN(wish.lines, ReadBasket(request.lines(), wish.points));
  if (!request.offer().empty()) {
    PUHUI_ASSIGN_OR_RETURN(const std::uint32_t offer, ParseOfferName(request.offer(), "offer"));
    wish.offer = merchant::OfferNumber{offer};
  }
  PUHUI_RETURN_IF_ERROR(AllowTill(call, till));
  return std::make_unique<merchant::PurchaseCommand>(parts_.state, std::move(till),
                                                     std::move(wish));
}

PosService::MaybeCommand PosService::ReadRefund(const CallContext& call,
                                                const v1::RefundRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  PUHUI_ASSIGN_OR_RETURN(const Sequence purchase,
                         ParseReference(request.purchase_reference(), "purchase_reference"));
  PUHUI_ASSIGN_OR_RETURN(const Points points, Points::FromRequest(request.points(), "points"));
  PUHUI_ASSIGN_OR_RETURN(std::vector<merchant::LineRefund> lines,
                         ReadRefundLines(request.lines(), points));
  PUHUI_RETURN_IF_ERROR(AllowTill(call, till));
  return std::make_unique<merchant::RefundCommand>(parts_.state, std::move(till), purchase, points,
                                                   std::move(lines));
}

PosService::MaybeCommand PosService::ReadReverse(const CallContext& call,
                                                 const v1::ReverseRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  merchant::ReverseCommand::Original original;
  if (request.has_original_keys()) {
    original.batch_number = request.original_keys().batch_number();
    original.trace_number = request.original_keys().trace_number();
    PUHUI_RETURN_IF_ERROR(
        CheckTillKeys(original.batch_number, original.trace_number, "original_keys"));
  } else {
    PUHUI_ASSIGN_OR_RETURN(const RequestId id,
                           ParseRequestId(request.original_request_id(), "original_request_id"));
    original.request_id.assign(id.begin(), id.end());
  }
  PUHUI_RETURN_IF_ERROR(AllowTill(call, till));
  return std::make_unique<merchant::ReverseCommand>(parts_.state, std::move(till),
                                                    std::move(original));
}

// Finds the record that answered the call, then says what it says, or how what it made stands now.
absl::StatusOr<v1::GetTransactionResponse> PosService::DoGetTransaction(
    const CallContext& call, const v1::GetTransactionRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name,
                         ParseTerminalName(request.terminal(), "terminal"));
  PUHUI_RETURN_IF_ERROR(AllowTerminal(call.principal(), name.merchant_id, name.terminal_id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(
      const auto terminal,
      merchant::FindTerminal(*store, name.merchant_id.text(), name.terminal_id.text()));
  if (!terminal.has_value()) {
    return ledger::ToStatus({.reason = ledger::Reason::kUnknownTerminal, .field = "terminal"});
  }
  PUHUI_RETURN_IF_ERROR(CheckNotRetired(*store, *terminal, call.principal()));
  PUHUI_ASSIGN_OR_RETURN(
      const Sequence sequence,
      FindTillSequence(*store, {.terminal = *terminal, .caller = call.principal().caller},
                       request));
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(*store, sequence));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ledger::ParseRecord(sequence, bytes));
  return DescribeTransaction(*store, *terminal, record, parts_.ledger.engine->Now());
}

}  // namespace puhui::services
