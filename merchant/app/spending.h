// SPDX-License-Identifier: Apache-2.0
// What a purchase asks of a wallet, and what pays for it: asked here by the till, and by whoever
// says beforehand what the till would do.
#ifndef PUHUI_MERCHANT_APP_SPENDING_H_
#define PUHUI_MERCHANT_APP_SPENDING_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/refusal.h"
#include "ledger/core/spending_order.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/rows.h"
#include "merchant/core/purchase.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <vector>

namespace puhui::merchant {

// Merchants have no zone of their own yet: the day is that of China.
absl::CivilDay DayAtMerchant(absl::Time now);

// Who sells, and where.
struct SellingPlace {
  MerchantNumber merchant{};
  std::uint32_t category = 0;
  std::uint32_t region = 0;  // 0: not known.
};
ledger::Line LineAt(const SellingPlace& place, absl::Time now);

// MERCHANT_NOT_ACTIVE.
absl::optional<ledger::Refusal> RefuseMerchant(MerchantState state);
// MEMBER_NOT_ACTIVE, CARD_BLOCKED: in this order.
absl::optional<ledger::Refusal> RefuseSpender(ledger::WalletState wallet, ledger::CardState card);

// What pays, and the postings that say so.
struct Payment {
  std::vector<ledger::LotSlice> slices{};
  std::vector<ledger::Posting> postings{};
};
// Refuses: LOTS_PER_PURCHASE_LIMIT (too many lots, or lots of so many unions that the entry would
// have more than kPostingsPerEntryMax postings), INSUFFICIENT_POINTS.
absl::variant<Payment, ledger::Refusal> ChoosePayment(const ledger::Wallet& wallet,
                                                      const ledger::Spend& spend,
                                                      const Parties& parties,
                                                      ledger::TermsReader& terms);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_SPENDING_H_
