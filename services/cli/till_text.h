// SPDX-License-Identifier: Apache-2.0
// What a till hears, in a few words that can be compared: a state and points, a reason, or that
// nobody answered.
#ifndef PUHUI_SERVICES_CLI_TILL_TEXT_H_
#define PUHUI_SERVICES_CLI_TILL_TEXT_H_

#include "puhui/v1/pos_service.pb.h"

#include <grpcpp/support/status.h>

#include <cstdint>
#include <string>

namespace puhui::services {

template <class Response>
struct Heard {
  grpc::Status status;
  Response response;
};

inline constexpr char kNoAnswer[] = "no answer";
inline constexpr char kSameAnswer[] = "the same answer";

// The reason; "no answer" when the outcome is unknown; the code of what has no reason.
std::string RefusalText(const grpc::Status& status);
// "REVERSED 10, 10 given back": what was taken is given back whole.
std::string ReversedText(std::int64_t points);

// "CAPTURED 10", "PARTLY_REFUNDED 10, 3 given back".
std::string TextOf(const v1::Purchase& purchase);
std::string TextOf(const v1::Authorization& authorization);
std::string TextOf(const v1::Bill& bill);
std::string TextOf(const v1::CreateBillResponse& response);
std::string TextOf(const v1::PurchaseResponse& response);
std::string TextOf(const v1::AuthorizeResponse& response);
std::string TextOf(const v1::CaptureResponse& response);
std::string TextOf(const v1::VoidResponse& response);
std::string TextOf(const v1::RefundResponse& response);
std::string TextOf(const v1::ReverseResponse& response);
std::string TextOf(const v1::GetTransactionResponse& response);

template <class Response>
std::string TextOf(const Heard<Response>& heard) {
  return heard.status.ok() ? TextOf(heard.response) : RefusalText(heard.status);
}

// "the same answer", byte for byte or for the same reason; otherwise what was heard instead.
template <class Response>
std::string CompareText(const Heard<Response>& first, const Heard<Response>& again) {
  const bool same =
      first.status.ok() == again.status.ok() &&
      (first.status.ok() ? first.response.SerializeAsString() == again.response.SerializeAsString()
                         : RefusalText(first.status) == RefusalText(again.status));
  return same ? kSameAnswer : TextOf(again);
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TILL_TEXT_H_
