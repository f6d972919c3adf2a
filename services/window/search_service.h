// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WINDOW_SEARCH_SERVICE_H_
#define PUHUI_SERVICES_WINDOW_SEARCH_SERVICE_H_

#include "issuing/app/vault.h"
#include "ledger/engine/engine.h"
#include "merchant/search/offer_index.h"
#include "puhui/v1/search_service.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Offers, searched. The index says what might be shown; the rows of this moment say what is.
// Threads: safe. Borrows: its parts.
class SearchService final {
 public:
  struct Parts {
    const ledger::Engine* engine;
    const merchant::OfferIndex* index;
    const puhui::issuing::Vault* vault;  // Of what audiences ask about members.
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit SearchService(const Parts& parts);
  ~SearchService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  absl::StatusOr<v1::SearchOffersResponse> DoSearch(const CallContext& call,
                                                    const v1::SearchOffersRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_SEARCH_SERVICE_H_
