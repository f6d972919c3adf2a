// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_OFFER_REPORT_SERVICE_H_
#define PUHUI_SERVICES_MARKET_OFFER_REPORT_SERVICE_H_

#include "ledger/engine/engine.h"
#include "puhui/v1/offer_report_service.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// What members make of offers, for unions. Threads: safe. Borrows: its parts.
class OfferReportService final {
 public:
  struct Parts {
    ledger::Engine* engine;
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit OfferReportService(const Parts& parts);
  ~OfferReportService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  absl::StatusOr<v1::GetOfferReportResponse> DoGetOfferReport(
      const CallContext& call, const v1::GetOfferReportRequest& request) const;
  absl::StatusOr<v1::ListTopOffersResponse> DoListTopOffers(
      const CallContext& call, const v1::ListTopOffersRequest& request) const;
  absl::StatusOr<v1::ListUnusedOffersResponse> DoListUnusedOffers(
      const CallContext& call, const v1::ListUnusedOffersRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_OFFER_REPORT_SERVICE_H_
