// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_MARKET_H_
#define PUHUI_SERVICES_SERVER_MARKET_H_

#include "issuing/app/vault.h"
#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/payment_codes.h"
#include "merchant/app/till_call.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/market/catalog_service.h"
#include "services/market/external_points_service.h"
#include "services/market/mall_service.h"
#include "services/market/notice_service.h"
#include "services/market/offer_report_service.h"
#include "services/market/offer_views.h"
#include "services/market/order_service.h"
#include "services/market/voucher_service.h"
#include "services/merchant/merchant_categories.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

namespace puhui::services {

// The services of the marketplace: offers, notices, orders, vouchers, malls, and what unions are
// told of offers, wired to each other. Threads: as those. Borrows: the parts.
class Market final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;           // Of the engine's fold: for commands.
    const ledger::KeyedHash* token_key;  // Of what malls know members by, and of vouchers.
    const issuing::Vault* vault;         // What audiences ask of members.
    MerchantCategories categories{};
    merchant::PaymentCodes* codes;
    const PageTokens* tokens;
    const UnionTree* tree;
    RandomSource* random;
  };
  explicit Market(const Parts& parts);

  void Serve(Calls& calls);
  // Once calls are answered, and before the engine shuts down.
  void Start() { views_.Start(); }
  void Stop() { views_.Stop(); }
  // For whoever shows members offers.
  OfferViews& views() { return views_; }

 private:
  const merchant::OrderVault order_vault_;
  OfferViews views_;
  CatalogService catalog_;
  NoticeService notices_;
  OrderService orders_;
  VoucherService vouchers_;
  MallService malls_;
  ExternalPointsService points_;
  OfferReportService reports_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_MARKET_H_
