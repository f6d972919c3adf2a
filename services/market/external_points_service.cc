// SPDX-License-Identifier: Apache-2.0
#include "services/market/external_points_service.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/authorization_code.h"
#include "merchant/core/payment_code.h"
#include "services/ledger/basket.h"
#include "services/ledger/declined.h"
#include "services/market/external_points_wire.h"
#include "services/market/mall_convert.h"
#include "services/market/mall_reads.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <string>
#include <utility>

namespace puhui::services {

ExternalPointsService::ExternalPointsService(const Parts& parts)
    : parts_(parts), mall_tokens_(parts.token_key, parts.random), wire_(std::make_unique<Wire>()) {}

ExternalPointsService::~ExternalPointsService() = default;

void ExternalPointsService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeLink(calls);
  ServeMoney(calls);
  ServeReads(calls);
}

void ExternalPointsService::ServeLink(Calls& calls) {
  calls.UnaryLater(Rpc::kLinkMall, wire_.get(), &Wire::RequestLinkMall,
                   [this](const CallContext& call, const v1::LinkMallRequest& asked,
                          v1::LinkMallResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadLink(call, asked), answer,
                                std::move(done),
                                [this](const ledger::Outcome& outcome, v1::LinkMallResponse* out) {
                                  return AnswerLink(outcome, out);
                                });
                   });
}

void ExternalPointsService::ServeMoney(Calls& calls) {
  calls.UnaryLater(Rpc::kPay, wire_.get(), &Wire::RequestPay,
                   [this](const CallContext& call, const v1::PayRequest& asked,
                          v1::PayResponse* answer, Completion done) {
                     RunForCall(
                         parts_.ledger, call, asked, ReadPay(call, asked), answer, std::move(done),
                         [this, &asked](const ledger::Outcome& outcome, v1::PayResponse* out) {
                           return AnswerPay(asked, outcome, out);
                         });
                   });
  calls.UnaryLater(
      Rpc::kRefundPayment, wire_.get(), &Wire::RequestRefundPayment,
      [this](const CallContext& call, const v1::RefundPaymentRequest& asked,
             v1::RefundPaymentResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadRefund(call, asked), answer, std::move(done),
                   [this, &asked](const ledger::Outcome& outcome, v1::RefundPaymentResponse* out) {
                     return AnswerRefund(asked, outcome, out);
                   });
      });
}

absl::StatusOr<merchant::MallCall> ExternalPointsService::ReadCall(
    const CallContext& call, absl::string_view merchant_name) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(merchant_name, "merchant"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), id));
  return merchant::MallCall{.merchant_id = id.text(), .time = parts_.ledger.engine->Now()};
}

absl::StatusOr<ledger::Tag> ExternalPointsService::ReadToken(absl::string_view text) const {
  const auto token = mall_tokens_.Read(text);
  if (token.has_value()) return *token;
  return InvalidField("member_token", "want 32 hexadecimal digits");
}

ExternalPointsService::MaybeCommand ExternalPointsService::ReadLink(
    const CallContext& call, const v1::LinkMallRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseMerchantName(request.merchant(), "merchant").status());
  if (!merchant::IsPaymentCode(request.payment_code())) {
    return InvalidField("payment_code", "want 18 digits");
  }
  PUHUI_ASSIGN_OR_RETURN(merchant::MallCall mall, ReadCall(call, request.merchant()));
  const merchant::ShownCode code =
      parts_.codes->shelf().Look(request.payment_code(), merchant::CodePurpose::kMallLink);
  return std::make_unique<merchant::LinkMallCommand>(parts_.state, std::move(mall), code,
                                                     mall_tokens_.Make());
}

ExternalPointsService::MaybeCommand ExternalPointsService::ReadPay(
    const CallContext& call, const v1::PayRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseMerchantName(request.merchant(), "merchant").status());
  merchant::MallPayCommand::Payment payment{.order_number = request.order_number()};
  PUHUI_ASSIGN_OR_RETURN(payment.token, ReadToken(request.member_token()));
  PUHUI_RETURN_IF_ERROR(CheckMallNumber(request.order_number(), "order_number"));
  PUHUI_ASSIGN_OR_RETURN(payment.points, Points::FromRequest(request.points(), "points"));
  PUHUI_ASSIGN_OR_RETURN(payment.lines, ReadBasket(request.lines(), payment.points));
  PUHUI_ASSIGN_OR_RETURN(merchant::MallCall mall, ReadCall(call, request.merchant()));
  PUHUI_ASSIGN_OR_RETURN(
      payment.member, FindLinked(parts_.ledger.engine->Latest(), mall.merchant_id, payment.token));
  payment.authorization_code = merchant::NewAuthorizationCode(*parts_.random);
  return std::make_unique<merchant::MallPayCommand>(parts_.state, std::move(mall),
                                                    std::move(payment));
}

ExternalPointsService::MaybeCommand ExternalPointsService::ReadRefund(
    const CallContext& call, const v1::RefundPaymentRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseMerchantName(request.merchant(), "merchant").status());
  merchant::MallRefundCommand::Refund refund{.order_number = request.order_number(),
                                             .refund_number = request.refund_number()};
  PUHUI_RETURN_IF_ERROR(CheckMallNumber(request.order_number(), "order_number"));
  PUHUI_RETURN_IF_ERROR(CheckMallNumber(request.refund_number(), "refund_number"));
  PUHUI_ASSIGN_OR_RETURN(refund.points, Points::FromRequest(request.points(), "points"));
  PUHUI_ASSIGN_OR_RETURN(refund.lines, ReadRefundLines(request.lines(), refund.points));
  PUHUI_ASSIGN_OR_RETURN(merchant::MallCall mall, ReadCall(call, request.merchant()));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const SeenMall seen, FindMall(store, mall.merchant_id));
  PUHUI_ASSIGN_OR_RETURN(
      const auto order,
      FindMallOrder(store, seen.merchant, merchant::MallOrderKind::kPayment, refund.order_number));
  if (order.has_value()) refund.purchase = order->purchase;
  return std::make_unique<merchant::MallRefundCommand>(parts_.state, std::move(mall),
                                                       std::move(refund));
}

absl::Status ExternalPointsService::AnswerLink(const ledger::Outcome& outcome,
                                               v1::LinkMallResponse* response) const {
  const journal::v1::Record& record = outcome.first();
  if (record.has_declined()) return DeclinedStatus(record.declined());
  const journal::v1::MallLinked& linked = record.mall_linked();
  // A code that was used waits for nobody any more.
  parts_.codes->shelf().Remove(ledger::TagFromBytes(linked.code().code_hash()));
  response->set_member_token(mall_tokens_.TextOf(linked.nonce()));
  return absl::OkStatus();
}

// Without a record the order was paid before.
absl::Status ExternalPointsService::AnswerPay(const v1::PayRequest& request,
                                              const ledger::Outcome& outcome,
                                              v1::PayResponse* response) const {
  if (outcome.empty()) {
    const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
    PUHUI_ASSIGN_OR_RETURN(*response->mutable_payment(),
                           FindMallPayment(*store, request.merchant(), request.order_number()));
    return absl::OkStatus();
  }
  if (outcome.first().has_declined()) return DeclinedStatus(outcome.first().declined());
  *response->mutable_payment() = MallPaymentOf(outcome.first());
  return absl::OkStatus();
}

absl::Status ExternalPointsService::AnswerRefund(const v1::RefundPaymentRequest& request,
                                                 const ledger::Outcome& outcome,
                                                 v1::RefundPaymentResponse* response) const {
  if (outcome.empty()) {
    const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
    PUHUI_ASSIGN_OR_RETURN(*response->mutable_refund(),
                           FindMallRefund(*store, request.merchant(), request.refund_number()));
    return absl::OkStatus();
  }
  if (outcome.first().has_declined()) return DeclinedStatus(outcome.first().declined());
  *response->mutable_refund() = MallRefundOf(outcome.first());
  return absl::OkStatus();
}

}  // namespace puhui::services
