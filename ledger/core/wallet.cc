// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/wallet.h"

#include "ledger/core/terms.h"

#include "absl/types/optional.h"

#include <algorithm>

namespace puhui::ledger {

std::int64_t Wallet::TotalPoints() const {
  std::int64_t total = 0;
  for (const Lot& lot : lots) total += lot.remaining;
  return total;
}

std::int64_t Wallet::HeldPoints() const {
  std::int64_t held = 0;
  for (const Lot& lot : lots) held += lot.held;
  return held;
}

std::int64_t Wallet::AvailableAt(absl::Time now, TermsReader& terms, absl::Time expiring_by) const {
  std::int64_t available = 0;
  for (const Lot& lot : lots) {
    if (lot.expiry <= now || lot.expiry > expiring_by) continue;
    if (terms.TermsOf(lot.campaign).start <= now) available += lot.available();
  }
  return available;
}

const Lot* Wallet::FindLot(LotNumber number) const {
  const auto at =
      std::lower_bound(lots.begin(), lots.end(), number,
                       [](const Lot& lot, LotNumber wanted) { return lot.number < wanted; });
  return at != lots.end() && at->number == number ? &*at : nullptr;
}

bool Wallet::CountSpending(const DaySpending& spending) {
  absl::optional<absl::CivilDay> newest;
  DaySpending* counted = nullptr;
  for (DaySpending& known : day_spending) {
    newest = newest.has_value() ? std::max(*newest, known.day) : known.day;
    if (known.campaign == spending.campaign && known.day == spending.day) counted = &known;
  }
  const bool dropped = newest.has_value() && spending.day < *newest - 1;
  if (dropped) return spending.points <= 0;
  if ((counted == nullptr ? 0 : counted->points) + spending.points < 0) return false;
  if (counted != nullptr) {
    counted->points += spending.points;
  } else if (spending.points > 0) {
    std::erase_if(day_spending,
                  [&spending](const DaySpending& old) { return old.day < spending.day - 1; });
    day_spending.push_back(spending);
  }
  return true;
}

std::vector<std::int64_t> SplitFee(const std::vector<LotSlice>& slices, BasisPoints rate) {
  std::vector<std::int64_t> parts;
  parts.reserve(slices.size());
  std::int64_t sum = 0;
  std::int64_t fee = 0;
  for (const LotSlice& slice : slices) {
    sum += slice.points;
    const std::int64_t so_far = FeeRoundedDown(Points::FromStored(sum), rate).value();
    parts.push_back(so_far - fee);
    fee = so_far;
  }
  return parts;
}

}  // namespace puhui::ledger
