// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/wallet.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <tuple>

namespace puhui::ledger {

bool Terms::AllowsCategory(std::uint32_t category) const {
  return categories.empty() || std::binary_search(categories.begin(), categories.end(), category);
}

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

std::int64_t Wallet::AvailableAt(absl::Time now) const {
  std::int64_t available = 0;
  for (const Lot& lot : lots) {
    if (lot.expiry > now) available += lot.available();
  }
  return available;
}

const Lot* Wallet::FindLot(LotNumber number) const {
  const auto at =
      std::lower_bound(lots.begin(), lots.end(), number,
                       [](const Lot& lot, LotNumber wanted) { return lot.number < wanted; });
  return at != lots.end() && at->number == number ? &*at : nullptr;
}

absl::variant<std::vector<LotSlice>, Refusal> ChooseLots(const Wallet& wallet, const Spend& spend,
                                                         TermsReader& terms) {
  struct Candidate {
    const Lot* lot;
    std::size_t openness;  // The fewer categories, the more restricted; none listed means all.
  };
  std::vector<Candidate> candidates;
  candidates.reserve(wallet.lots.size());
  std::int64_t available = 0;
  for (const Lot& lot : wallet.lots) {
    if (lot.expiry <= spend.now || lot.available() == 0) continue;
    const Terms& of = terms.TermsOf(lot.campaign);
    if (!of.AllowsCategory(spend.category)) continue;
    candidates.push_back({&lot, of.categories.empty() ? SIZE_MAX : of.categories.size()});
    available += lot.available();
  }
  if (available < spend.amount.value()) {
    return Refusal{.reason = Reason::kInsufficientPoints,
                   .field = "points",
                   .message = absl::StrCat("want ", spend.amount.value(), " points, ", available,
                                           " are available for this merchant"),
                   .metadata = {{"available", absl::StrCat(available)}}};
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(a.lot->expiry, a.openness, a.lot->number) <
           std::tuple(b.lot->expiry, b.openness, b.lot->number);
  });
  std::vector<LotSlice> slices;
  std::int64_t missing = spend.amount.value();
  for (const Candidate& candidate : candidates) {
    if (missing == 0) break;
    if (slices.size() == kLotsPerPurchaseMax) {
      return Refusal{
          .reason = Reason::kLotsPerPurchaseLimit,
          .message = absl::StrCat("more than ", kLotsPerPurchaseMax, " lots are needed")};
    }
    const Lot& lot = *candidate.lot;
    const std::int64_t taken = std::min(missing, lot.available());
    slices.push_back({lot.number, lot.campaign, lot.origin, taken, lot.granted, lot.expiry});
    missing -= taken;
  }
  return slices;
}

std::vector<LotSlice> LotsToRefund(const std::vector<LotSlice>& taken, std::int64_t already,
                                   std::int64_t amount) {
  std::vector<LotSlice> back;
  for (auto slice = taken.rbegin(); slice != taken.rend() && amount > 0; ++slice) {
    const std::int64_t skipped = std::min(already, slice->points);
    already -= skipped;
    const std::int64_t given = std::min(amount, slice->points - skipped);
    if (given == 0) continue;
    back.push_back(*slice);
    back.back().points = given;
    amount -= given;
  }
  PUHUI_CHECK(amount == 0);
  return back;
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
