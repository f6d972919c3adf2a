// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/pos_convert.h"

#include "issuing/app/vault.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/ledger/basket.h"
#include "services/ledger/reference.h"
#include "services/rpc/error.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace puhui::services {
namespace {

v1::PurchaseState ToProto(merchant::PurchaseState state) {
  switch (state) {
    case merchant::PurchaseState::kCaptured:
      return v1::PURCHASE_STATE_CAPTURED;
    case merchant::PurchaseState::kPartlyRefunded:
      return v1::PURCHASE_STATE_PARTLY_REFUNDED;
    case merchant::PurchaseState::kRefunded:
      return v1::PURCHASE_STATE_REFUNDED;
    case merchant::PurchaseState::kReversed:
      return v1::PURCHASE_STATE_REVERSED;
  }
  return v1::PURCHASE_STATE_UNSPECIFIED;
}

v1::AuthorizationState ToProto(merchant::AuthorizationState state) {
  switch (state) {
    case merchant::AuthorizationState::kHeld:
      return v1::AUTHORIZATION_STATE_HELD;
    case merchant::AuthorizationState::kCaptured:
      return v1::AUTHORIZATION_STATE_CAPTURED;
    case merchant::AuthorizationState::kVoided:
      return v1::AUTHORIZATION_STATE_VOIDED;
    case merchant::AuthorizationState::kExpired:
      return v1::AUTHORIZATION_STATE_EXPIRED;
  }
  return v1::AUTHORIZATION_STATE_UNSPECIFIED;
}

absl::StatusOr<absl::Duration> LifetimeBetween(absl::Duration min, absl::Duration max,
                                               const google::protobuf::Duration& asked) {
  const absl::Duration lifetime = absl::Seconds(asked.seconds()) + absl::Nanoseconds(asked.nanos());
  const bool is_normal = asked.nanos() >= 0 && asked.nanos() < 1'000'000'000;
  if (is_normal && lifetime >= min && lifetime <= max) return lifetime;
  return InvalidField("lifetime", absl::StrCat("want ", absl::FormatDuration(min), " to ",
                                               absl::FormatDuration(max), ", got ",
                                               absl::FormatDuration(lifetime)));
}

// What an offer took off the bill.
void AddDiscount(const v1::Purchase& purchase,
                 google::protobuf::RepeatedPtrField<std::string>* lines) {
  if (purchase.discount_points() == 0) return;
  const std::int64_t left =
      purchase.asked_points() > 0 ? purchase.asked_points() : purchase.points();
  lines->Add(absl::StrCat("应付 BILL  ", left + purchase.discount_points()));
  lines->Add(absl::StrCat("优惠 DISCOUNT  -", purchase.discount_points()));
}
void AddDiscount(const v1::Authorization& /*authorization*/,
                 google::protobuf::RepeatedPtrField<std::string>* /*lines*/) {}

void SetOffer(merchant::OfferNumber offer, std::int64_t discount, v1::Purchase* purchase) {
  if (offer == merchant::OfferNumber{}) return;
  purchase->set_offer(FormatOfferName(static_cast<std::uint32_t>(offer)));
  purchase->set_discount_points(discount);
}

// `sale` is a purchase or an authorisation; the call may be another than the one that made it.
template <class Sale>
void AddLines(absl::string_view title, const Sale& sale, const v1::Till& till,
              google::protobuf::RepeatedPtrField<std::string>* lines) {
  lines->Add(absl::StrCat(title, "  ", sale.points()));
  AddDiscount(sale, lines);
  if (sale.asked_points() > 0) {
    lines->Add(absl::StrCat("部分批准 PARTIAL, ASKED FOR  ", sale.asked_points()));
  }
  lines->Add(absl::StrCat("卡号 CARD  ", sale.masked_card()));
  lines->Add(absl::StrCat("参考号 RRN  ", sale.retrieval_reference()));
  lines->Add(absl::StrCat("授权码 AUTH  ", sale.authorization_code()));
  lines->Add(absl::StrCat("批次/流水 BATCH/TRACE  ", till.batch_number(), "/",
                          absl::StrFormat("%06d", till.trace_number())));
}

}  // namespace

std::string MaskedCard(absl::string_view last_four) {
  return absl::StrCat("************", last_four);
}

absl::Status CheckTillKeys(std::uint32_t batch_number, std::uint32_t trace_number,
                           absl::string_view field) {
  if (batch_number == 0) {
    return InvalidField(absl::StrCat(field, ".batch_number"), "want a number from 1, got 0");
  }
  if (trace_number == 0 || trace_number > kTraceNumberMax) {
    return InvalidField(absl::StrCat(field, ".trace_number"),
                        absl::StrCat("want a number from 1 to 999999, got ", trace_number));
  }
  return absl::OkStatus();
}

absl::StatusOr<merchant::TillCall> ReadTill(const v1::Till& till) {
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name,
                         ParseTerminalName(till.terminal(), "till.terminal"));
  PUHUI_RETURN_IF_ERROR(CheckTillKeys(till.batch_number(), till.trace_number(), "till"));
  return merchant::TillCall{.merchant_id = name.merchant_id.text(),
                            .terminal_id = name.terminal_id.text(),
                            .batch_number = till.batch_number(),
                            .trace_number = till.trace_number(),
                            .local_time = FromTimestamp(till.local_time())};
}

absl::Status CheckCardNumber(absl::string_view card_number) {
  if (issuing::IsCardNumber(card_number)) return absl::OkStatus();
  return InvalidField("card_number", "want 16 digits with a valid check digit");
}

absl::StatusOr<absl::Duration> ReadLifetime(const v1::AuthorizeRequest& request) {
  if (!request.has_lifetime()) return kAuthorizationLifetimeMax;
  return LifetimeBetween(kAuthorizationLifetimeMin, kAuthorizationLifetimeMax, request.lifetime());
}

absl::StatusOr<absl::Duration> ReadLifetime(const v1::CreateBillRequest& request) {
  if (!request.has_lifetime()) return kBillLifetimeDefault;
  return LifetimeBetween(kBillLifetimeMin, kBillLifetimeMax, request.lifetime());
}

v1::Purchase PurchaseOf(const journal::v1::Record& record, absl::string_view terminal) {
  const bool is_capture = record.entry().has_capture();
  const journal::v1::Purchase& stored =
      is_capture ? record.entry().capture() : record.entry().purchase();
  v1::Purchase purchase;
  purchase.set_retrieval_reference(
      FormatReference(is_capture ? stored.authorization() : record.sequence()));
  purchase.set_authorization_code(stored.authorization_code());
  purchase.set_masked_card(MaskedCard(stored.card_last_four()));
  purchase.set_points(stored.points());
  purchase.set_fee_points(stored.fee());
  purchase.set_state(v1::PURCHASE_STATE_CAPTURED);
  *purchase.mutable_purchase_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  purchase.set_terminal(std::string(terminal));
  purchase.set_batch_number(stored.till().batch_number());
  purchase.set_trace_number(stored.till().trace_number());
  purchase.set_asked_points(stored.asked_points());
  for (const journal::v1::BasketLine& line : stored.lines()) {
    *purchase.add_lines() = PaidLineOf(line);
  }
  SetOffer(merchant::OfferNumber{stored.offer()}, stored.offer_discount_points(), &purchase);
  return purchase;
}

v1::Purchase PurchaseOf(Sequence sequence, const merchant::PurchaseRow& row,
                        absl::string_view terminal) {
  v1::Purchase purchase;
  purchase.set_retrieval_reference(FormatReference(sequence));
  purchase.set_authorization_code(row.authorization_code);
  purchase.set_masked_card(MaskedCard(row.card_last_four));
  purchase.set_points(row.points);
  purchase.set_refunded_points(row.refunded);
  purchase.set_fee_points(row.fee);
  purchase.set_state(ToProto(row.state));
  *purchase.mutable_purchase_time() = ToTimestamp(row.time);
  purchase.set_terminal(std::string(terminal));
  purchase.set_batch_number(row.batch_number);
  purchase.set_trace_number(row.trace_number);
  purchase.set_asked_points(row.asked);
  for (const merchant::PaidLine& line : row.lines) *purchase.add_lines() = PaidLineOf(line);
  SetOffer(row.offer, row.offer_discount, &purchase);
  return purchase;
}

v1::Authorization AuthorizationOf(const journal::v1::Record& record, absl::string_view terminal) {
  const journal::v1::Authorization& stored = record.entry().authorization();
  v1::Authorization authorization;
  authorization.set_retrieval_reference(FormatReference(record.sequence()));
  authorization.set_authorization_code(stored.authorization_code());
  authorization.set_masked_card(MaskedCard(stored.card_last_four()));
  authorization.set_points(stored.points());
  authorization.set_state(v1::AUTHORIZATION_STATE_HELD);
  *authorization.mutable_authorize_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  *authorization.mutable_expire_time() =
      ToTimestamp(absl::FromUnixMicros(stored.expire_time_micros()));
  authorization.set_terminal(std::string(terminal));
  authorization.set_batch_number(stored.till().batch_number());
  authorization.set_trace_number(stored.till().trace_number());
  authorization.set_asked_points(stored.asked_points());
  for (const journal::v1::BasketLine& line : stored.lines()) {
    *authorization.add_lines() = PaidLineOf(line);
  }
  return authorization;
}

v1::Authorization AuthorizationOf(Sequence sequence, const merchant::AuthorizationRow& row,
                                  absl::Time now, absl::string_view terminal) {
  v1::Authorization authorization;
  authorization.set_retrieval_reference(FormatReference(sequence));
  authorization.set_authorization_code(row.authorization_code);
  authorization.set_masked_card(MaskedCard(row.card_last_four));
  authorization.set_points(row.points);
  authorization.set_state(ToProto(row.StateAt(now)));
  *authorization.mutable_authorize_time() = ToTimestamp(row.time);
  *authorization.mutable_expire_time() = ToTimestamp(row.expiry);
  authorization.set_terminal(std::string(terminal));
  authorization.set_batch_number(row.batch_number);
  authorization.set_trace_number(row.trace_number);
  authorization.set_asked_points(row.asked);
  for (const merchant::PaidLine& line : row.lines) *authorization.add_lines() = PaidLineOf(line);
  return authorization;
}

v1::Refund RefundOf(const journal::v1::Record& record) {
  const journal::v1::Refund& stored = record.entry().refund();
  v1::Refund refund;
  refund.set_retrieval_reference(FormatReference(record.sequence()));
  refund.set_purchase_reference(FormatReference(stored.purchase()));
  refund.set_points(stored.points());
  refund.set_refunded_points(stored.refunded());
  for (const journal::v1::LineRefund& line : stored.lines()) {
    v1::RefundLine& back = *refund.add_lines();
    back.set_line(line.line());
    back.set_points(line.points());
  }
  *refund.mutable_refund_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  return refund;
}

void AddReceipt(const v1::Purchase& purchase, const v1::Till& till,
                google::protobuf::RepeatedPtrField<std::string>* lines) {
  AddLines("积分消费 PURCHASE", purchase, till, lines);
}

void AddCaptureReceipt(const v1::Purchase& purchase, const v1::Till& till,
                       google::protobuf::RepeatedPtrField<std::string>* lines) {
  AddLines("预授权完成 CAPTURE", purchase, till, lines);
}

void AddAuthorizeReceipt(const v1::Authorization& authorization, const v1::Till& till,
                         google::protobuf::RepeatedPtrField<std::string>* lines) {
  AddLines("预授权 AUTHORIZATION", authorization, till, lines);
}

void AddVoidReceipt(const v1::Authorization& authorization, const v1::Till& till,
                    google::protobuf::RepeatedPtrField<std::string>* lines) {
  AddLines("预授权撤销 VOID", authorization, till, lines);
}

void AddReceipt(const v1::Refund& refund, google::protobuf::RepeatedPtrField<std::string>* lines) {
  lines->Add(absl::StrCat("积分退货 REFUND  ", refund.points()));
  lines->Add(absl::StrCat("参考号 RRN  ", refund.retrieval_reference()));
  lines->Add(absl::StrCat("原参考号 PURCHASE RRN  ", refund.purchase_reference()));
}

}  // namespace puhui::services
