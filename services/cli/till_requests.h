// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_TILL_REQUESTS_H_
#define PUHUI_SERVICES_CLI_TILL_REQUESTS_H_

#include "ledger/base/random.h"
#include "puhui/v1/pos_service.pb.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// What a till asks for, each with an id and a trace number of its own. What takes or holds points
// is remembered, so that it can be undone. Threads: one. Borrows: the randomness.
class TillRequests {
 public:
  struct Identity {
    std::string terminal;     // merchants/…/terminals/…
    std::string card_number;  // Of the test card.
    std::uint32_t batch = 0;
  };
  TillRequests(Identity identity, RandomSource* random)
      : identity_(std::move(identity)), random_(*random) {}

  v1::PurchaseRequest Purchase(std::int64_t points);
  v1::AuthorizeRequest Authorize(std::int64_t points);
  v1::CaptureRequest Capture(const std::string& authorization, std::int64_t points);
  v1::VoidRequest Void(const std::string& authorization);
  v1::RefundRequest Refund(const std::string& purchase, std::int64_t points);
  v1::ReverseRequest Reverse(const std::string& request_id);
  v1::ReverseRequest ReverseByKeys(const v1::Till& original);
  v1::GetTransactionRequest StatusBy(const std::string& request_id) const;
  v1::GetTransactionRequest StatusBy(const v1::TillKeys& keys) const;
  v1::CreateBillRequest Bill(std::int64_t points);
  v1::GetTotalsRequest Totals() const;
  v1::CloseBatchRequest Closing();

  std::string NewRequestId();
  std::uint32_t NextBatch() { return ++identity_.batch; }  // With no trace number used.
  // The request ids of what takes or holds points, and forgets them.
  std::vector<std::string> TakeOpened() { return std::exchange(opened_, {}); }

 private:
  template <class Request>
  void Fill(Request& request);

  Identity identity_;
  RandomSource& random_;
  std::uint32_t trace_ = 0;
  std::vector<std::string> opened_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TILL_REQUESTS_H_
