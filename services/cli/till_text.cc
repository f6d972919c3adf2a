// SPDX-License-Identifier: Apache-2.0
#include "services/cli/till_text.h"

#include "services/cli/enum_text.h"
#include "services/cli/error_text.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {

std::string RefusalText(const grpc::Status& status) {
  const grpc::StatusCode code = status.error_code();
  if (code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::DEADLINE_EXCEEDED ||
      code == grpc::StatusCode::CANCELLED) {
    return kNoAnswer;
  }
  return ReasonText(status);
}

std::string ReversedText(std::int64_t points) {
  return absl::StrCat("REVERSED ", points, ", ", points, " given back");
}

std::string TextOf(const v1::Purchase& purchase) {
  std::string text = absl::StrCat(EnumText(purchase.state()), " ", purchase.points());
  if (purchase.refunded_points() != 0) {
    absl::StrAppend(&text, ", ", purchase.refunded_points(), " given back");
  }
  return text;
}

std::string TextOf(const v1::Authorization& authorization) {
  return absl::StrCat(EnumText(authorization.state()), " ", authorization.points());
}

std::string TextOf(const v1::Bill& bill) {
  return absl::StrCat("bill ", EnumText(bill.state()), " ", bill.points());
}

std::string TextOf(const v1::CreateBillResponse& response) { return TextOf(response.bill()); }

std::string TextOf(const v1::PurchaseResponse& response) { return TextOf(response.purchase()); }

std::string TextOf(const v1::AuthorizeResponse& response) {
  return TextOf(response.authorization());
}

std::string TextOf(const v1::CaptureResponse& response) {
  return absl::StrCat(TextOf(response.purchase()), ", ", response.released_points(), " released");
}

std::string TextOf(const v1::VoidResponse& response) { return TextOf(response.authorization()); }

std::string TextOf(const v1::RefundResponse& response) {
  return absl::StrCat("refund of ", response.refund().points(), ", ",
                      response.refund().refunded_points(), " in all");
}

std::string TextOf(const v1::ReverseResponse& response) {
  if (response.has_purchase()) return TextOf(response.purchase());
  if (response.has_authorization()) return TextOf(response.authorization());
  if (response.has_bill()) return TextOf(response.bill());
  return response.original_found() ? "undone" : "kept out";
}

std::string TextOf(const v1::GetTransactionResponse& response) {
  switch (response.outcome_case()) {
    case v1::GetTransactionResponse::kPurchase:
      return TextOf(response.purchase());
    case v1::GetTransactionResponse::kAuthorization:
      return TextOf(response.authorization());
    case v1::GetTransactionResponse::kRefund:
      return absl::StrCat("refund of ", response.refund().points());
    case v1::GetTransactionResponse::kDecline:
      return absl::StrCat("declined: ", response.decline().reason());
    case v1::GetTransactionResponse::kTombstone:
      return "kept out";
    case v1::GetTransactionResponse::kRedemption:
      return absl::StrCat("redeemed: ", response.redemption().order());
    case v1::GetTransactionResponse::OUTCOME_NOT_SET:
      break;
  }
  if (response.has_bill()) return TextOf(response.bill());
  return "an outcome that is newer than this program";
}

}  // namespace puhui::services
