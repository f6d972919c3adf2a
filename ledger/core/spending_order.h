// SPDX-License-Identifier: Apache-2.0
// Which lots pay. Whether one may is asked of Judge alone.
#ifndef PUHUI_LEDGER_CORE_SPENDING_ORDER_H_
#define PUHUI_LEDGER_CORE_SPENDING_ORDER_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/refusal.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <vector>

namespace puhui::ledger {

// What the member has spent under the terms of a campaign on the day of the line, held points
// included. Only asked of terms with a cap per day.
struct SpentToday {
  CampaignNumber campaign{};
  std::int64_t points = 0;
};

// What a wallet is asked to pay for.
struct Asked {
  Line line{};  // Without spent_today, which is of terms.
  absl::Span<const SpentToday> spent{};
};

// What the wallet's lots have spent on `day`, by the campaign whose terms count it.
std::vector<SpentToday> SpentOn(const Wallet& wallet, absl::CivilDay day);

// A lot with its verdict. The points are what it gives when all before it give what they can: lots
// of the same terms share their cap per day.
struct JudgedLot {
  const Lot* lot = nullptr;
  Verdict verdict{};
};

// All lots of the wallet, those that may pay first, in the order in which they are spent: soonest
// expiry first, then the most restricted, then the oldest. How restricted a lot is, is a matter of
// how few merchants its terms list; then of how few categories, regions and weekdays they allow;
// then of whether they have a rule for holidays, and a cap. The others stand by number, each with
// its reason. What all can give together is the sum of their points.
std::vector<JudgedLot> JudgeLots(const Wallet& wallet, const Asked& asked, TermsReader& terms);

// All lots of the wallet in that order, whether or not they may pay.
std::vector<const Lot*> LotsInSpendingOrder(const Wallet& wallet, TermsReader& terms);

// Of `spent`, under the terms of the campaign.
std::int64_t SpentUnder(CampaignNumber campaign, absl::Span<const SpentToday> spent);

struct Spend {
  Points amount{};
  Asked asked{};
  bool accept_partial = false;  // Less than the amount will do, but not nothing.
};

// kInsufficientPoints, with what is available in metadata "available".
absl::optional<Refusal> RefuseAmount(std::int64_t wanted, std::int64_t available,
                                     bool accept_partial);
// kLotsPerPurchaseLimit.
Refusal TooManyLots();

// Chooses the lots that pay, as JudgeLots orders them: for the amount or, where a part of it is
// accepted, for as much of it as there is. Refuses: kLotsPerPurchaseLimit when more than
// kLotsPerPurchaseMax lots would be needed; kInsufficientPoints, with what is available for this
// merchant in metadata "available", when the lots do not cover the amount.
absl::variant<std::vector<LotSlice>, Refusal> ChooseLots(const Wallet& wallet, const Spend& spend,
                                                         TermsReader& terms);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_SPENDING_ORDER_H_
