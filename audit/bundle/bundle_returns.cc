// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_returns.h"

#include "audit/bundle/bundle_fees.h"
#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

bool PostsOnlyTo(const jv1::Entry& entry, std::initializer_list<jv1::AccountKind> kinds) {
  return std::all_of(entry.postings().begin(), entry.postings().end(),
                     [kinds](const jv1::Posting& posting) {
                       return std::find(kinds.begin(), kinds.end(), posting.kind()) != kinds.end();
                     });
}

// A reversal of what was held gives up the authorisation, and is none of a sale.
bool PostsToHeld(const jv1::Entry& entry) {
  return std::any_of(
      entry.postings().begin(), entry.postings().end(),
      [](const jv1::Posting& posting) { return posting.kind() == jv1::ACCOUNT_KIND_HELD; });
}

bool OnlyHolds(const jv1::Entry& entry) {
  return entry.has_authorization() || entry.has_voided() || entry.has_authorization_expiry() ||
         (entry.has_reversal() && PostsToHeld(entry));
}

}  // namespace

// The fee is rounded down of all points up to a lot, in the order in which the lots were taken:
// what one lot adds to it is the fee of its origin. Adjusted it is never below nothing, nor above
// the points.
BundleReturns::Shares BundleReturns::SharesOf(const Slices& slices, std::uint32_t rate,
                                              const Adjusted& adjusted) {
  Shares shares;
  std::int64_t sum = 0;
  std::int64_t fee = 0;
  for (const Slice& slice : slices) {
    if (slice.points == 0) continue;
    sum += slice.points;
    const std::int64_t so_far = FeeOf(sum, rate);
    Share& share = shares[slice.origin];
    share.points += slice.points;
    share.fee += so_far - fee;
    fee = so_far;
  }
  for (const auto& [origin, points] : adjusted) {
    const auto at = shares.find(origin);
    if (at == shares.end()) continue;
    at->second.fee = std::clamp<std::int64_t>(at->second.fee - points, 0, at->second.points);
  }
  return shares;
}

BundleReturns::Adjusted BundleReturns::LeftOf(const Slices& kept, std::uint32_t rate,
                                              const Adjusted& adjusted) {
  Adjusted left;
  if (adjusted.empty()) return left;
  const Shares before = SharesOf(kept, rate, {});
  for (const auto& [origin, share] : SharesOf(kept, rate, adjusted)) {
    const std::int64_t points = before.at(origin).fee - share.fee;
    if (points != 0) left[origin] = points;
  }
  return left;
}

absl::Status BundleReturns::CheckPosted(const jv1::Entry& entry, std::uint32_t merchant,
                                        const Shares& shares) {
  Shares posted;
  for (const jv1::Posting& posting : entry.postings()) {
    const bool fee = posting.kind() == jv1::ACCOUNT_KIND_FEE;
    if (!fee && posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    if (posting.owner() != merchant) return Misfit("posts to another merchant than it is of");
    Share& share = posted[posting.origin()];
    share.points += posting.points();
    if (fee) share.fee += posting.points();
  }
  for (const auto& [origin, share] : shares) {
    const Share& found = posted[origin];
    if (found.points == share.points && found.fee == share.fee) continue;
    return Misfit(absl::StrCat("posts ", found.points, " points of the money of union ", origin,
                               " with a fee of ", found.fee, ", where they are ", share.points,
                               " with a fee of ", share.fee));
  }
  if (posted.size() == shares.size()) return absl::OkStatus();
  return Misfit("posts money of a union of which nothing was taken");
}

absl::Status BundleReturns::Check(const jv1::Record& record) {
  if (!record.has_entry()) return absl::OkStatus();
  const jv1::Entry& entry = record.entry();
  if (OnlyHolds(entry)) {
    if (PostsOnlyTo(entry, {jv1::ACCOUNT_KIND_WALLET, jv1::ACCOUNT_KIND_HELD})) {
      return absl::OkStatus();
    }
    return Misfit("an authorisation, or the end of one, that posts to others than its member");
  }
  if (entry.has_purchase() || entry.has_capture()) return CheckSale(record);
  if (entry.has_adjustment()) return CheckAdjustment(entry);
  if (!entry.has_refund() && !entry.has_reversal()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const GivenBack back, entry.has_refund() ? GivenBackBy(entry.refund())
                                                                  : GivenBackBy(entry.reversal()));
  return CheckGivenBack(entry, back);
}

absl::Status BundleReturns::CheckSale(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const jv1::Purchase& purchase = entry.has_capture() ? entry.capture() : entry.purchase();
  const bool own_kinds = PostsOnlyTo(entry, {jv1::ACCOUNT_KIND_WALLET, jv1::ACCOUNT_KIND_PAYABLE,
                                             jv1::ACCOUNT_KIND_FEE, jv1::ACCOUNT_KIND_HELD});
  if (!own_kinds || (entry.has_purchase() && PostsToHeld(entry))) {
    return Misfit("a sale that posts to others than its member and its merchant");
  }
  Slices taken;
  std::int64_t sum = 0;
  for (const jv1::LotChange& change : entry.lots()) {
    if (change.points() == 0) continue;
    if (change.points() > 0 || change.points() < -Points::kMax) {
      return Misfit("a sale that adds to a lot, or takes more than there is");
    }
    taken.push_back({.lot = change.lot(), .origin = change.origin(), .points = -change.points()});
    sum = std::min(sum - change.points(), Points::kMax + 1);
  }
  if (sum <= 0 || sum > Points::kMax || sum != purchase.points())
    return Misfit("a sale of other points than it takes of its lots");
  PUHUI_RETURN_IF_ERROR(CheckPosted(entry, purchase.till().merchant(),
                                    SharesOf(taken, purchase.fee_basis_points(), {})));
  Sequence key = purchase.bill() != 0 ? purchase.bill() : record.sequence();
  if (entry.has_capture()) key = purchase.authorization();
  sales_[key] = {.first = slices_.size(),
                 .slices = static_cast<std::uint32_t>(taken.size()),
                 .merchant = purchase.till().merchant(),
                 .rate = static_cast<std::uint16_t>(purchase.fee_basis_points()),
                 .discount = static_cast<std::uint16_t>(
                     std::min(purchase.discount_basis_points(), std::uint32_t{0xFFFF})),
                 .in_lines = !purchase.lines().empty()};
  slices_.insert(slices_.end(), taken.begin(), taken.end());
  return absl::OkStatus();
}

template <class Cause>
absl::StatusOr<BundleReturns::GivenBack> BundleReturns::GivenBackBy(const Cause& cause) {
  GivenBack back{.sale = cause.purchase(),
                 .points = cause.points(),
                 .fee = cause.fee(),
                 .rate = cause.fee_basis_points(),
                 .discount = cause.discount_basis_points(),
                 .left = {}};
  for (const jv1::FeeAdjustment& adjustment : cause.fee_adjustments()) {
    const bool first = back.left.emplace(adjustment.origin(), adjustment.points()).second;
    if (!first) return Misfit("says twice what is left of an adjustment");
  }
  return back;
}

BundleReturns::Slices BundleReturns::SlicesOf(const Sale& sale) const {
  const auto first = slices_.begin() + static_cast<std::ptrdiff_t>(sale.first);
  return Slices(first, first + sale.slices);
}

absl::StatusOr<BundleReturns::Slices> BundleReturns::KeptAfter(Slices kept, const Sale& sale,
                                                               const jv1::Entry& entry,
                                                               std::int64_t points) {
  Slices from_the_end = kept;
  std::int64_t back = 0;
  for (const jv1::LotChange& change : entry.lots()) {
    const auto slice = std::find_if(kept.begin(), kept.end(), [&change](const Slice& each) {
      return each.lot == change.lot() && each.origin == change.origin();
    });
    if (change.points() <= 0 || slice == kept.end() || slice->points < change.points()) {
      return Misfit(
          absl::StrCat("gives back to lot ", change.lot(), " what the sale does not keep of it"));
    }
    slice->points -= change.points();
    back += change.points();
  }
  if (back != points) return Misfit("gives back other points to lots than it says");
  for (auto slice = from_the_end.rbegin(); slice != from_the_end.rend(); ++slice) {
    const std::int64_t part = std::min(points, slice->points);
    slice->points -= part;
    points -= part;
  }
  const bool in_order =
      std::equal(kept.begin(), kept.end(), from_the_end.begin(),
                 [](const Slice& a, const Slice& b) { return a.points == b.points; });
  if (in_order || sale.in_lines) return kept;
  return Misfit("gives back to other lots first than the last that were taken");
}

absl::Status BundleReturns::CheckGivenBack(const jv1::Entry& entry, const GivenBack& back) {
  if (!PostsOnlyTo(entry,
                   {jv1::ACCOUNT_KIND_WALLET, jv1::ACCOUNT_KIND_PAYABLE, jv1::ACCOUNT_KIND_FEE})) {
    return Misfit("gives back to others than the member and the merchant");
  }
  const auto found = sales_.find(back.sale);
  if (found == sales_.end()) {
    if (whole_) return Misfit(absl::StrCat("purchase ", back.sale, " is not there"));
    ++figures_.unfollowed;
    return absl::OkStatus();
  }
  const Sale& sale = found->second;
  // Without a discount all of it is fee, and nothing is said.
  const bool says_nothing = sale.discount == 0 && back.rate == 0 && back.discount == 0;
  if (!says_nothing && (back.rate != sale.rate || back.discount != sale.discount)) {
    return Misfit(
        absl::StrCat("gives back at ", back.rate, " basis points, of a sale at ", sale.rate));
  }
  const Slices before = SlicesOf(sale);
  PUHUI_ASSIGN_OR_RETURN(const Slices after, KeptAfter(before, sale, entry, back.points));
  const auto adjusted = adjusted_.find(back.sale);
  const Adjusted adjusted_before = adjusted == adjusted_.end() ? Adjusted() : adjusted->second;
  Shares shares = SharesOf(after, sale.rate, adjusted_before);
  for (const auto& [origin, share] : SharesOf(before, sale.rate, adjusted_before)) {
    shares[origin].points -= share.points;
    shares[origin].fee -= share.fee;
  }
  // An origin of which nothing moves has no postings.
  for (auto at = shares.begin(); at != shares.end();) {
    at = at->second.points == 0 && at->second.fee == 0 ? shares.erase(at) : std::next(at);
  }
  PUHUI_RETURN_IF_ERROR(CheckPosted(entry, sale.merchant, shares));
  std::int64_t fee = 0;
  for (const auto& [origin, share] : shares) fee -= share.fee;
  if (back.fee != fee)
    return Misfit(absl::StrCat("gives back a fee of ", fee, " points, and says ", back.fee));
  const Adjusted left = LeftOf(after, sale.rate, adjusted_before);
  if (left != back.left) return Misfit("says other adjustments of the fee than are left");
  if (!left.empty()) {
    adjusted_[back.sale] = left;
  } else if (adjusted != adjusted_.end()) {
    adjusted_.erase(adjusted);
  }
  std::copy(after.begin(), after.end(), slices_.begin() + static_cast<std::ptrdiff_t>(sale.first));
  ++figures_.followed;
  return absl::OkStatus();
}

absl::Status BundleReturns::CheckAdjustment(const jv1::Entry& entry) {
  const jv1::Adjustment& adjustment = entry.adjustment();
  const std::int64_t points = adjustment.points();
  std::int64_t to_payable = 0;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.owner() != adjustment.merchant()) return Misfit("adjusts another merchant's fee");
    if (posting.kind() == jv1::ACCOUNT_KIND_PAYABLE) to_payable += posting.points();
  }
  if (entry.postings_size() != 2 || to_payable != points || points == 0 ||
      !PostsOnlyTo(entry, {jv1::ACCOUNT_KIND_PAYABLE, jv1::ACCOUNT_KIND_FEE})) {
    return Misfit("an adjustment that posts other points than it says");
  }
  const Sequence purchase = adjustment.purchase();
  const auto found = sales_.find(purchase);
  if (purchase == 0 || found == sales_.end()) {
    if (whole_ && purchase != 0) {
      return Misfit(absl::StrCat("adjusts the fee of purchase ", purchase, ", which is not there"));
    }
    ++figures_.unfollowed;
    return absl::OkStatus();
  }
  const Sale& sale = found->second;
  if (sale.merchant != adjustment.merchant()) return Misfit("adjusts the fee of another's sale");
  const std::uint32_t origin = entry.postings(0).origin();
  Shares shares = SharesOf(SlicesOf(sale), sale.rate, {});
  Adjusted& adjusted = adjusted_[purchase];
  const Share& share = shares[origin];
  const std::int64_t less = adjusted[origin] + points;
  if (share.fee - less < 0 || share.fee - less > share.points) {
    return Misfit(absl::StrCat("adjusts a fee of ", share.fee - adjusted[origin], " points by ",
                               points, ", where ", share.points, " are kept"));
  }
  adjusted[origin] = less;
  if (less == 0) adjusted.erase(origin);
  ++figures_.followed;
  return absl::OkStatus();
}

}  // namespace puhui::audit
