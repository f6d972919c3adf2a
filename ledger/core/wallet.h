// SPDX-License-Identifier: Apache-2.0
// A member's points: lots with terms, and which lots pay. Everything that asks "may this lot pay
// here" asks this file.
#ifndef PUHUI_LEDGER_CORE_WALLET_H_
#define PUHUI_LEDGER_CORE_WALLET_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/refusal.h"

#include "absl/time/time.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

// When and where the lots of one campaign may be spent. Stored once per campaign.
struct Terms {
  UnionNumber origin{};  // Whose money it is.
  absl::Time expiry{};   // The first moment at which it can no longer be spent.
  std::vector<std::uint32_t>
      categories;                // Merchant categories that may be paid, sorted; empty: all.
  bool expire_to_union = false;  // Unspent points go to the expired account, not to the budget.

  bool AllowsCategory(std::uint32_t category) const;

  template <class F>
  void Fields(F& f) {
    f(origin, expiry, categories, expire_to_union);
  }
};

// What remains of one grant.
struct Lot {
  LotNumber number{};
  CampaignNumber campaign{};  // Whose terms it has.
  UnionNumber origin{};
  std::int64_t granted = 0;
  std::int64_t remaining = 0;  // Held points included.
  std::int64_t held = 0;
  absl::Time expiry{};  // Of the terms, or later when points came back after it.

  std::int64_t available() const { return remaining - held; }

  template <class F>
  void Fields(F& f) {
    f(number, campaign, origin, granted, remaining, held, expiry);
  }
};

enum class WalletState : std::uint8_t { kActive = 1, kSuspended = 2, kClosed = 3 };

// One member's wallet. Lots with nothing left are dropped from it, so that it stays small; what
// they were stands in the journal.
struct Wallet {
  WalletState state = WalletState::kActive;
  std::string card_last_four{};
  std::uint32_t lots_ever = 0;  // The next lot's number is one more.
  std::vector<Lot> lots{};      // Open lots by number.
  // The last of what happened to it, as the ledger's views store it: it is written anyway when
  // something happens, and a row for each event would be one more.
  std::string recent_activity{};
  std::uint32_t open_authorizations = 0;

  std::int64_t TotalPoints() const;  // Available, held and expired but not yet swept.
  std::int64_t HeldPoints() const;
  std::int64_t AvailableAt(absl::Time now) const;  // Spendable somewhere.
  const Lot* FindLot(LotNumber number) const;

  // The heap bytes behind it, for the cache's bound.
  std::size_t HeapBytes() const {
    return card_last_four.capacity() + lots.capacity() * sizeof(Lot) + recent_activity.capacity();
  }

  template <class F>
  void Fields(F& f) {
    f(state, card_last_four, lots_ever, lots, recent_activity, open_authorizations);
  }
};

// Part of a lot that a purchase takes, an authorisation holds or a refund gives back.
struct LotSlice {
  LotNumber lot{};
  CampaignNumber campaign{};
  UnionNumber origin{};
  std::int64_t points = 0;
  // What is needed to open the lot again when it is gone by the time of a refund.
  std::int64_t granted = 0;
  absl::Time expiry{};

  template <class F>
  void Fields(F& f) {
    f(lot, campaign, origin, points, granted, expiry);
  }
};

// Finds the terms of a campaign.
class TermsReader {
 public:
  virtual ~TermsReader() = default;
  // Requires: the campaign exists (checked).
  virtual const Terms& TermsOf(CampaignNumber campaign) = 0;
};

struct Spend {
  Points amount{};
  std::uint32_t category = 0;  // Of the merchant.
  absl::Time now{};
};

// Chooses the lots that pay: among those whose terms allow this, soonest expiry first, then the
// most restricted, then the oldest. Refuses: kLotsPerPurchaseLimit when more than
// kLotsPerPurchaseMax lots would be needed; kInsufficientPoints, with what is available for this
// merchant in metadata "available", when the lots do not cover the amount.
absl::variant<std::vector<LotSlice>, Refusal> ChooseLots(const Wallet& wallet, const Spend& spend,
                                                         TermsReader& terms);

// Of the lots that a purchase took, those that a refund of `amount` gives back to: in reverse
// order. `already` is what earlier refunds gave back, in the same way. Requires: already + amount
// <= the sum of `taken` (checked).
std::vector<LotSlice> LotsToRefund(const std::vector<LotSlice>& taken, std::int64_t already,
                                   std::int64_t amount);

// Splits a fee on the slices of a purchase by origin, so that the parts sum to the fee exactly.
// The n-th part is FeeRoundedDown of the first n slices less that of the first n-1.
std::vector<std::int64_t> SplitFee(const std::vector<LotSlice>& slices, BasisPoints rate);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_WALLET_H_
