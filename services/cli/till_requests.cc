// SPDX-License-Identifier: Apache-2.0
#include "services/cli/till_requests.h"

#include "services/cli/request_id.h"
#include "services/rpc/timestamp.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace puhui::services {

std::string TillRequests::NewRequestId() { return MakeRequestId(random_); }

template <class Request>
void TillRequests::Fill(Request& request) {
  request.set_request_id(NewRequestId());
  v1::Till& till = *request.mutable_till();
  till.set_terminal(identity_.terminal);
  till.set_batch_number(identity_.batch);
  till.set_trace_number(++trace_);
  *till.mutable_local_time() = ToTimestamp(absl::Now());
}

v1::PurchaseRequest TillRequests::Purchase(std::int64_t points) {
  v1::PurchaseRequest request;
  Fill(request);
  request.set_card_number(identity_.card_number);
  request.set_points(points);
  opened_.push_back(request.request_id());
  return request;
}

v1::AuthorizeRequest TillRequests::Authorize(std::int64_t points) {
  v1::AuthorizeRequest request;
  Fill(request);
  request.set_card_number(identity_.card_number);
  request.set_points(points);
  request.mutable_lifetime()->set_seconds(absl::ToInt64Seconds(absl::Hours(1)));
  opened_.push_back(request.request_id());
  return request;
}

v1::CaptureRequest TillRequests::Capture(const std::string& authorization, std::int64_t points) {
  v1::CaptureRequest request;
  Fill(request);
  request.set_authorization_reference(authorization);
  request.set_points(points);
  return request;
}

v1::VoidRequest TillRequests::Void(const std::string& authorization) {
  v1::VoidRequest request;
  Fill(request);
  request.set_authorization_reference(authorization);
  return request;
}

v1::RefundRequest TillRequests::Refund(const std::string& purchase, std::int64_t points) {
  v1::RefundRequest request;
  Fill(request);
  request.set_purchase_reference(purchase);
  request.set_points(points);
  return request;
}

v1::ReverseRequest TillRequests::Reverse(const std::string& request_id) {
  v1::ReverseRequest request;
  Fill(request);
  request.set_original_request_id(request_id);
  return request;
}

v1::ReverseRequest TillRequests::ReverseByKeys(const v1::Till& original) {
  v1::ReverseRequest request;
  Fill(request);
  request.mutable_original_keys()->set_batch_number(original.batch_number());
  request.mutable_original_keys()->set_trace_number(original.trace_number());
  return request;
}

v1::GetTransactionRequest TillRequests::StatusBy(const std::string& request_id) const {
  v1::GetTransactionRequest request;
  request.set_terminal(identity_.terminal);
  request.set_request_id(request_id);
  return request;
}

v1::GetTransactionRequest TillRequests::StatusBy(const v1::TillKeys& keys) const {
  v1::GetTransactionRequest request;
  request.set_terminal(identity_.terminal);
  *request.mutable_keys() = keys;
  return request;
}

v1::CreateBillRequest TillRequests::Bill(std::int64_t points) {
  v1::CreateBillRequest request;
  Fill(request);
  request.set_points(points);
  opened_.push_back(request.request_id());
  return request;
}

v1::GetTotalsRequest TillRequests::Totals() const {
  v1::GetTotalsRequest request;
  request.set_terminal(identity_.terminal);
  request.set_batch_number(identity_.batch);
  return request;
}

v1::CloseBatchRequest TillRequests::Closing() {
  v1::CloseBatchRequest request;
  request.set_request_id(NewRequestId());
  request.set_terminal(identity_.terminal);
  request.set_batch_number(identity_.batch);
  return request;
}

}  // namespace puhui::services
