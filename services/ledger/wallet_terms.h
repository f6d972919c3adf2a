// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_WALLET_TERMS_H_
#define PUHUI_SERVICES_LEDGER_WALLET_TERMS_H_

#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"
#include "ledger/storage/store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace puhui::services {

// The terms of the open lots of one wallet.
// Threads: none; make one per call.
class WalletTerms final : public ledger::TermsReader {
 public:
  // Fails: kDataLoss when the terms of a lot are missing.
  static absl::StatusOr<WalletTerms> Of(const ledger::Wallet& wallet,
                                        const ledger::Readable& store);
  // Requires: a lot of the wallet is of the campaign (checked).
  const ledger::Terms& TermsOf(CampaignNumber campaign) override;

 private:
  absl::flat_hash_map<CampaignNumber, ledger::Terms> terms_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_WALLET_TERMS_H_
