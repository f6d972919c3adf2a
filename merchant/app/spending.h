// SPDX-License-Identifier: Apache-2.0
// What a purchase asks of a wallet, and what pays for it: asked here by the till, and by whoever
// says beforehand what the till would do.
#ifndef PUHUI_MERCHANT_APP_SPENDING_H_
#define PUHUI_MERCHANT_APP_SPENDING_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/basket.h"
#include "ledger/core/refusal.h"
#include "ledger/core/spending_order.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/rows.h"
#include "merchant/core/authorization.h"
#include "merchant/core/purchase.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <vector>

namespace puhui::merchant {

// The civil day at a store in that zone. Without one, and where its rules are not known any more,
// it is that of China.
absl::CivilDay DayAtStore(absl::Time now, absl::string_view time_zone);

// Who sells, and where.
struct SellingPlace {
  MerchantNumber merchant{};
  std::uint32_t category = 0;
  std::uint32_t region = 0;       // 0: not known.
  absl::string_view time_zone{};  // Of the store. Borrowed.
};
// The day is that at the store, but never more than one before the newest on which the member spent
// something under a cap: what wallets count goes no further back, and between the farthest zones
// there are two.
ledger::Line LineAt(const SellingPlace& place, const ledger::Wallet& wallet, absl::Time now);

// MERCHANT_NOT_ACTIVE.
absl::optional<ledger::Refusal> RefuseMerchant(MerchantState state);
// MEMBER_NOT_ACTIVE, CARD_BLOCKED: in this order.
absl::optional<ledger::Refusal> RefuseSpender(ledger::WalletState wallet, ledger::CardState card);
// LINE_NOT_ALLOWED, of the first line with a category that is not the merchant's, or a region that
// is not `region`, the store's, while its tills may not name such.
absl::optional<ledger::Refusal> RefuseLines(const std::vector<ledger::BasketLine>& lines,
                                            const MerchantRow& merchant, std::uint32_t region,
                                            absl::Time now);

// Which lots are to pay for the amount of `spend`, or for the lines of a basket, which add up to
// it. Refuses: LOTS_PER_PURCHASE_LIMIT (too many lots; of a basket: of more than
// kOriginsPerBasketMax unions), INSUFFICIENT_POINTS.
absl::variant<Reserved, ledger::Refusal> ChooseReserved(
    const ledger::Wallet& wallet, const ledger::Spend& spend,
    const std::vector<ledger::BasketLine>& lines, ledger::TermsReader& terms);

// What pays, and the postings that say so.
struct Payment : Reserved {
  std::vector<ledger::Posting> postings{};
};
// Refuses: as ChooseReserved; LOTS_PER_PURCHASE_LIMIT (lots of so many unions that the entry would
// have more than kPostingsPerEntryMax postings).
absl::variant<Payment, ledger::Refusal> ChoosePayment(const ledger::Wallet& wallet,
                                                      const ledger::Spend& spend,
                                                      const std::vector<ledger::BasketLine>& lines,
                                                      const Parties& parties,
                                                      ledger::TermsReader& terms);
// The lines, with the category and the region of `place` where they have none of their own.
std::vector<ledger::BasketLine> LinesAt(const ledger::Line& place,
                                        std::vector<ledger::BasketLine> lines);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_SPENDING_H_
