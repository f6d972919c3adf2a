// SPDX-License-Identifier: Apache-2.0
// A member's points: lots, and how a fee is split on them.
#ifndef PUHUI_LEDGER_CORE_WALLET_H_
#define PUHUI_LEDGER_CORE_WALLET_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

class TermsReader;

// What remains of one grant, or of a part of it: see kEarmarkedBit of terms.h.
struct Lot {
  LotNumber number{};
  CampaignNumber campaign{};  // Whose terms it has.
  UnionNumber origin{};
  std::int64_t granted = 0;
  std::int64_t remaining = 0;  // Held points included.
  std::int64_t held = 0;
  absl::Time expiry{};  // Of the terms, or later when points came back after it.
  bool spent = false;   // Points of its grant have been spent before, be they back or not.

  std::int64_t available() const { return remaining - held; }

  template <class F>
  void Fields(F& f) {
    f(number, campaign, origin, granted, remaining, held, expiry, spent);
  }
};

// What was spent under terms with a cap per day, held points included, on one day at the merchant.
// It stays when all of it has come back, until the day is dropped.
struct DaySpending {
  CampaignNumber campaign{};
  absl::CivilDay day{};
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(campaign, day, points);
  }
};

enum class WalletState : std::uint8_t { kActive = 1, kSuspended = 2, kClosed = 3 };

// One member's wallet. Lots with nothing left are dropped from it, so that it stays small; what
// they were stands in the journal.
struct Wallet {
  WalletState state = WalletState::kActive;
  std::string card_last_four{};
  std::uint32_t lots_ever = 0;  // The next lot's number is one more.
  std::vector<Lot> lots{};      // Open lots by number, so that those an earmark binds are last.
  // The last of what happened to it, as the ledger's views store it: it is written anyway when
  // something happens, and a row for each event would be one more.
  std::string recent_activity{};
  std::uint32_t open_authorizations = 0;
  std::vector<DaySpending> day_spending{};  // Of the newest day and of the one before it.
  // Of whose campaigns the member has received points, and of whose it has spent some: the issuing
  // side's numbers, here because the row is written anyway. 0: of nobody's yet.
  std::uint32_t received_set = 0;
  std::uint32_t spent_set = 0;

  std::int64_t TotalPoints() const;  // Available, held and expired but not yet swept.
  std::int64_t HeldPoints() const;
  // Spendable somewhere at `now`: of lots that have started and not expired; or only of those of
  // them that expire by `expiring_by`.
  std::int64_t AvailableAt(absl::Time now, TermsReader& terms,
                           absl::Time expiring_by = absl::InfiniteFuture()) const;
  const Lot* FindLot(LotNumber number) const;

  // Adds to what was spent under the terms of `spending.campaign` on that day, or takes what came
  // back off it. Days before the one before the newest are dropped, and what comes back to them is
  // ignored. False, and nothing changed, when less than nothing would be spent, or when something
  // is spent on a day that is dropped.
  bool CountSpending(const DaySpending& spending);

  // The heap bytes behind it, for the cache's bound.
  std::size_t HeapBytes() const {
    return card_last_four.capacity() + lots.capacity() * sizeof(Lot) + recent_activity.capacity() +
           day_spending.capacity() * sizeof(DaySpending);
  }

  template <class F>
  void Fields(F& f) {
    f(state, card_last_four, lots_ever, lots, recent_activity, open_authorizations, day_spending,
      received_set, spent_set);
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

// Splits a fee on the slices of a purchase by origin, so that the parts sum to the fee exactly.
// The n-th part is FeeRoundedDown of the first n slices less that of the first n-1.
std::vector<std::int64_t> SplitFee(const std::vector<LotSlice>& slices, BasisPoints rate);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_WALLET_H_
