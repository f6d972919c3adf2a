// SPDX-License-Identifier: Apache-2.0
#include "services/server/market.h"

namespace puhui::services {
namespace {

merchant::OfferDesk DeskOf(const Market::Parts& parts) {
  return {.tables = parts.state.tables, .merchant_zone = parts.state.merchant_zone};
}

}  // namespace

Market::Market(const Parts& parts)
    : order_vault_(parts.token_key, parts.random),
      views_(parts.ledger.engine),
      catalog_({parts.ledger, DeskOf(parts), parts.vault, parts.categories, parts.tokens, &views_}),
      notices_({parts.ledger, DeskOf(parts), parts.vault, parts.tokens, parts.tree}),
      orders_({parts.ledger, parts.state, &order_vault_, parts.tokens, parts.tree, parts.random}),
      vouchers_({parts.ledger, parts.state, &order_vault_, parts.tokens, parts.tree}),
      malls_({.ledger = parts.ledger, .tables = parts.state.tables, .tree = parts.tree}),
      points_({.ledger = parts.ledger,
               .state = parts.state,
               .token_key = parts.token_key,
               .codes = parts.codes,
               .tokens = parts.tokens,
               .random = parts.random}),
      reports_({.engine = parts.ledger.engine, .tokens = parts.tokens, .tree = parts.tree}) {}

void Market::Serve(Calls& calls) {
  catalog_.Serve(calls);
  notices_.Serve(calls);
  orders_.Serve(calls);
  vouchers_.Serve(calls);
  malls_.Serve(calls);
  points_.Serve(calls);
  reports_.Serve(calls);
}

}  // namespace puhui::services
