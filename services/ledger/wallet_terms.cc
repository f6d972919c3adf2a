// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/wallet_terms.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::services {

absl::StatusOr<WalletTerms> WalletTerms::Of(const ledger::Wallet& wallet,
                                            const ledger::Readable& store) {
  WalletTerms all;
  for (const ledger::Lot& lot : wallet.lots) {
    if (all.terms_.contains(lot.campaign)) continue;
    PUHUI_ASSIGN_OR_RETURN(auto terms, ledger::Find(store, ledger::kTermsTable, lot.campaign));
    if (!terms.has_value()) return absl::DataLossError("the terms of a lot are missing");
    all.terms_.emplace(lot.campaign, *std::move(terms));
  }
  return all;
}

const ledger::Terms& WalletTerms::TermsOf(CampaignNumber campaign) {
  const auto at = terms_.find(campaign);
  PUHUI_CHECK(at != terms_.end());
  return at->second;
}

}  // namespace puhui::services
