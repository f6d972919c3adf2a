// SPDX-License-Identifier: Apache-2.0
// The service's second half: bills that tills present.
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/authorization_code.h"
#include "merchant/app/batch_commands.h"
#include "merchant/app/bill_commands.h"
#include "merchant/app/queries.h"
#include "merchant/app/spending.h"
#include "merchant/core/bill_text.h"
#include "services/ledger/basket.h"
#include "services/ledger/declined.h"
#include "services/ledger/names.h"
#include "services/ledger/reference.h"
#include "services/ledger/union_tree.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"
#include "services/wallet/explain_spend.h"
#include "services/wallet/wallet_service.h"
#include "services/wallet/wallet_wire.h"

#include "absl/types/optional.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::Refusal;

// A bill, and who presents it, at one moment.
struct Presented {
  merchant::BillRow bill{};
  merchant::BillState state = merchant::BillState::kOpen;
  merchant::TerminalRow terminal{};
  merchant::MerchantRow seller{};
  merchant::StoreRow place{};
};

absl::StatusOr<Presented> ReadPresented(const merchant::BillRow& bill,
                                        const ledger::Readable& store, absl::Time now) {
  Presented presented{.bill = bill};
  PUHUI_ASSIGN_OR_RETURN(presented.terminal, merchant::TerminalByNumber(store, bill.terminal));
  PUHUI_ASSIGN_OR_RETURN(presented.seller, merchant::MerchantByNumber(store, bill.merchant));
  const merchant::PlaceKey place{bill.merchant, presented.terminal.store};
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, merchant::kStoreTable, place));
  PUHUI_ASSIGN_OR_RETURN(const auto call, merchant::FindTillCall(store, bill.key()));
  if (!row.has_value() || !call.has_value()) {
    return absl::DataLossError("the store or the call of a bill is missing");
  }
  presented.place = *row;
  presented.state = merchant::BillStateAt(call->outcome, bill.expiry, now);
  return presented;
}

// Why nobody with such a wallet pays the bill, in the order in which PayBill asks.
absl::StatusOr<absl::optional<ledger::Reason>> WhyNotPayable(const Presented& presented,
                                                             const ledger::Wallet& wallet,
                                                             const ledger::Readable& store) {
  if (presented.terminal.state != merchant::TerminalState::kActive) {
    return absl::make_optional(ledger::Reason::kTerminalNotActive);
  }
  absl::optional<Refusal> refusal = merchant::RefuseMerchant(presented.seller.state);
  if (!refusal.has_value()) {
    refusal = merchant::RefuseSpender(wallet.state, ledger::CardState::kActive);
  }
  if (!refusal.has_value()) refusal = merchant::RefuseBill(presented.state);
  if (refusal.has_value()) return absl::make_optional(refusal->reason);
  PUHUI_ASSIGN_OR_RETURN(
      const merchant::BatchRow batch,
      merchant::FindBatch(store, {presented.bill.terminal, presented.bill.batch_number}));
  if (batch.closed != 0) return absl::make_optional(ledger::Reason::kBatchClosed);
  return absl::optional<ledger::Reason>();
}

absl::StatusOr<v1::GetBillResponse> DescribeBill(const Presented& presented, MemberId member,
                                                 const ledger::Readable& store, absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId seller, MerchantId::Parse(presented.seller.id, "id"));
  PUHUI_ASSIGN_OR_RETURN(const StoreId place, StoreId::Parse(presented.terminal.store, "id"));
  PUHUI_ASSIGN_OR_RETURN(const auto wallet, ledger::Find(store, ledger::kWalletTable, member));
  if (!wallet.has_value()) return absl::DataLossError("a member's wallet is missing");
  v1::GetBillResponse response;
  response.set_merchant(FormatMerchantName(seller));
  response.set_merchant_display_name(presented.seller.display_name);
  response.set_store_display_name(presented.place.display_name);
  response.set_points(presented.bill.points.value());
  for (const ledger::BasketLine& line : presented.bill.lines) {
    *response.add_lines() = BasketLineOf(line);
  }
  *response.mutable_expire_time() = ToTimestamp(presented.bill.expiry);
  response.set_state(static_cast<v1::BillState>(presented.state));
  PUHUI_ASSIGN_OR_RETURN(const v1::ExplainSpendResponse spend,
                         ExplainSpend({.member = member,
                                       .merchant = seller,
                                       .store = place,
                                       .points = presented.bill.points,
                                       .accept_partial = presented.bill.accept_partial,
                                       .lines = presented.bill.lines,
                                       .presented_by = presented.bill.terminal},
                                      store, now));
  response.set_available_points(spend.available_points());
  PUHUI_ASSIGN_OR_RETURN(const auto why_not, WhyNotPayable(presented, *wallet, store));
  if (why_not.has_value()) {
    response.set_reason(std::string(ledger::ReasonName(*why_not)));
    return response;
  }
  response.set_payable(spend.accepted());
  response.set_reason(spend.reason());
  response.set_approved_points(spend.approved_points());
  return response;
}

absl::Status BuildPayBill(const ledger::Readable& store, const journal::v1::Record& record,
                          v1::PayBillResponse* response) {
  if (record.has_declined()) return DeclinedStatus(record.declined());
  const journal::v1::Purchase& purchase = record.entry().purchase();
  v1::BillPayment& payment = *response->mutable_payment();
  payment.set_retrieval_reference(FormatReference(purchase.bill()));
  const MerchantNumber seller{purchase.till().merchant()};
  PUHUI_ASSIGN_OR_RETURN(*payment.mutable_merchant(), Names(&store).OfMerchant(seller));
  payment.set_points(purchase.points());
  payment.set_asked_points(purchase.asked_points());
  payment.set_authorization_code(purchase.authorization_code());
  *payment.mutable_pay_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  for (const journal::v1::BasketLine& line : purchase.lines()) {
    *payment.add_lines() = PaidLineOf(line);
  }
  return absl::OkStatus();
}

}  // namespace

void WalletService::ServeGetBill(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetBill, wire_.get(), &Wire::RequestGetBill,
                      [this](const CallContext& call, const v1::GetBillRequest& asked) {
                        return DoGetBill(call, asked);
                      });
}

void WalletService::ServePayBill(Calls& calls) {
  calls.UnaryLater(
      Rpc::kPayBill, wire_.get(), &Wire::RequestPayBill,
      [this](const CallContext& call, const v1::PayBillRequest& asked, v1::PayBillResponse* answer,
             Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadPayBill(call, asked), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::PayBillResponse* out) {
                     return BuildPayBill(parts_.ledger.engine->Latest(), outcome.first(), out);
                   });
      });
}

absl::StatusOr<merchant::ShownBill> WalletService::ReadShown(const std::string& qr_text) const {
  const auto text = merchant::ParseBillText(qr_text);
  if (text.has_value()) return bill_tokens_.Read(*text);
  return InvalidField("qr_text", "want puhui:bill/, 12 digits, a stroke and 32 hexadecimal digits");
}

// An unknown bill and a token that does not fit are answered alike.
absl::StatusOr<v1::GetBillResponse> WalletService::DoGetBill(
    const CallContext& call, const v1::GetBillRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseWalletName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(const merchant::ShownBill shown, ReadShown(request.qr_text()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), member, *store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const auto bill, ledger::Find(*store, merchant::kBillTable, shown.bill));
  if (!bill.has_value() || bill->token != shown.token) return NotFound("bill");
  const absl::Time now = parts_.ledger.engine->Now();
  PUHUI_ASSIGN_OR_RETURN(const Presented presented, ReadPresented(*bill, *store, now));
  return DescribeBill(presented, member, *store, now);
}

absl::StatusOr<std::unique_ptr<ledger::Command>> WalletService::ReadPayBill(
    const CallContext& call, const v1::PayBillRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseWalletName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(const merchant::ShownBill shown, ReadShown(request.qr_text()));
  PUHUI_RETURN_IF_ERROR(
      AllowMemberById(call.principal(), member, parts_.ledger.engine->Latest(), *parts_.tree));
  return std::make_unique<merchant::PayBillCommand>(parts_.state, shown, member,
                                                    merchant::NewAuthorizationCode(*parts_.random));
}

}  // namespace puhui::services
