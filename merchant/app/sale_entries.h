// SPDX-License-Identifier: Apache-2.0
// How what is held, sold and given back is decided and written, alike for tills and for orders.
// Internal to this room.
#ifndef PUHUI_MERCHANT_APP_SALE_ENTRIES_H_
#define PUHUI_MERCHANT_APP_SALE_ENTRIES_H_

#include "ledger/base/id.h"
#include "ledger/core/basket.h"
#include "ledger/core/refusal.h"
#include "ledger/core/spending_order.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/entries.h"
#include "merchant/app/spending.h"
#include "merchant/core/authorization.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/functional/function_ref.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <vector>

namespace puhui::merchant {

// Rules that come after those of lots and before funds, asked of the points that would be paid.
using LaterRules = absl::FunctionRef<absl::optional<ledger::Refusal>(std::int64_t points)>;

// What is to be held. Refuses: LOTS_PER_PURCHASE_LIMIT (too many lots, or lots of more than
// kOriginsPerAuthorizationMax unions), AUTHORIZATIONS_PER_WALLET_LIMIT, as `rules`,
// INSUFFICIENT_POINTS.
absl::variant<Reserved, ledger::Refusal> ChooseHeld(const ledger::Wallet& wallet,
                                                    const ledger::Spend& spend,
                                                    const std::vector<ledger::BasketLine>& lines,
                                                    ledger::TermsReader& terms, LaterRules rules);
// What is to be bought. Refuses: as ChoosePayment, with `rules` before INSUFFICIENT_POINTS.
absl::variant<Payment, ledger::Refusal> ChooseBought(const ledger::Wallet& wallet,
                                                     const ledger::Spend& spend,
                                                     const std::vector<ledger::BasketLine>& lines,
                                                     const Parties& parties,
                                                     ledger::TermsReader& terms, LaterRules rules);

// Who pays, and the day at the merchant on which it counts under terms with a cap.
struct Buyer {
  MemberId member;
  absl::CivilDay day;
};
// An authorisation that is held, and under which sequence.
struct Held {
  const AuthorizationRow* row;
  Sequence sequence;
};

// Adds the entries to a decision: postings, lot changes, and of the cause what follows from them.
// Where the call came from, and what else it says, its decider adds.
// Threads: none; one for each decision. Borrows: the views and the decision.
class SaleWriter {
 public:
  SaleWriter(ledger::LedgerViews* views, absl::Time now, ledger::Decision* decision)
      : views_(*views), now_(now), decision_(*decision) {}

  // wallet → held.
  journal::v1::Authorization& Hold(const Reserved& reserved, const Buyer& buyer);
  // wallet → payable, fee.
  journal::v1::Purchase& Sell(const Payment& payment, const Charge& charge, const Buyer& buyer);
  // Those that give points back may add entries of what expires then (ExpireRests), after their
  // own. held → payable, fee; what is not captured → wallet. Requires: as AddEnding.
  journal::v1::Purchase& Capture(const Held& held, const Reserved& captured, const Charge& charge);
  // held → wallet. Requires: as AddEnding.
  journal::v1::Void& Void(const Held& held);
  // payable, fee → wallet. Requires: so much of the purchase is kept.
  journal::v1::Refund& Refund(const GiveBack& back, Sequence purchase);

 private:
  ledger::LedgerViews& views_;
  const absl::Time now_;
  ledger::Decision& decision_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_SALE_ENTRIES_H_
