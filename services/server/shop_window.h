// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_SHOP_WINDOW_H_
#define PUHUI_SERVICES_SERVER_SHOP_WINDOW_H_

#include "issuing/app/vault.h"
#include "ledger/engine/engine.h"
#include "ledger/storage/store.h"
#include "merchant/search/offer_index.h"
#include "merchant/search/synonyms.h"
#include "puhui/config/v1/server_config.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"
#include "services/server/server.h"
#include "services/window/picture_service.h"
#include "services/window/picture_shelf.h"
#include "services/window/search_service.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// Fills in what the configuration does not say of search and pictures. Refuses: kInvalidArgument,
// naming the key.
absl::Status SettleShopWindow(config::v1::ServerConfig* config);

// Reads a file such as deploy/search_synonyms.yaml. Fails: as ReadYamlFile, kInvalidArgument.
absl::StatusOr<merchant::Synonyms> ReadSynonyms(const std::string& path);

// What members see of what merchants offer, beside the ledger: the search index, which follows it,
// and pictures. Threads: Open, Serve and Stop from one. Borrows: its parts.
class ShopWindow {
 public:
  struct Parts {
    const ledger::Engine* engine;
    const ledger::Store* store;
    const puhui::issuing::Vault* vault;
    const PageTokens* tokens;
    const UnionTree* tree;
    Indexes indexes = Indexes::kFollow;
  };
  // The index is opened, or built, by a thread of its own: nobody waits for it.
  // Fails: for synonyms or pictures that cannot be read.
  static absl::StatusOr<std::unique_ptr<ShopWindow>> Open(const config::v1::ServerConfig& config,
                                                          const Parts& parts);

  void Serve(Calls& calls);
  const merchant::OfferIndex& index() const { return index_; }
  // Before the store is closed. Idempotent.
  void Stop() { index_.Stop(); }

 private:
  ShopWindow(const config::v1::ServerConfig& config, const Parts& parts,
             merchant::Synonyms synonyms, std::unique_ptr<PictureShelf> shelf);

  merchant::OfferIndex index_;
  const std::unique_ptr<PictureShelf> shelf_;
  SearchService search_;
  PictureService pictures_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_SHOP_WINDOW_H_
