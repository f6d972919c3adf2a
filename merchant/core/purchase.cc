// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/purchase.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include <algorithm>
#include <map>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::LotSlice;
using ledger::Posting;

// Ordered, so that the same purchase always has the same postings.
using Shares = std::map<UnionNumber, Share>;

Shares SharesOf(const std::vector<LotSlice>& slices, BasisPoints rate) {
  Shares shares;
  const std::vector<std::int64_t> fees = ledger::SplitFee(slices, rate);
  for (std::size_t i = 0; i < slices.size(); ++i) {
    Share& share = shares[slices[i].origin];
    share.points += slices[i].points;
    share.fee += fees[i];
  }
  return shares;
}

std::int64_t AdjustedFee(const Share& share, std::int64_t adjustment) {
  return std::clamp<std::int64_t>(share.fee - adjustment, 0, share.points);
}

Shares SharesOf(const std::vector<LotSlice>& kept, BasisPoints rate,
                const std::vector<FeeAdjustment>& adjustments) {
  Shares shares = SharesOf(kept, rate);
  for (const FeeAdjustment& adjustment : adjustments) {
    const auto at = shares.find(adjustment.origin);
    if (at != shares.end()) at->second.fee = AdjustedFee(at->second, adjustment.points);
  }
  return shares;
}

// Moves the shares from the wallet to the merchant; negative shares move back.
std::vector<Posting> PostingsOf(const Parties& parties, const Shares& shares) {
  const auto merchant = static_cast<std::uint64_t>(parties.merchant);
  std::vector<Posting> postings;
  postings.reserve(shares.size() * 3);
  const auto add = [&](const Posting& posting) {
    if (posting.points != 0) postings.push_back(posting);
  };
  for (const auto& [origin, share] : shares) {
    add({.kind = AccountKind::kWallet,
         .member = parties.member,
         .origin = origin,
         .points = -share.points});
    add({.kind = AccountKind::kPayable,
         .owner = merchant,
         .origin = origin,
         .points = share.points - share.fee});
    add({.kind = AccountKind::kFee, .owner = merchant, .origin = origin, .points = share.fee});
  }
  return postings;
}

}  // namespace

std::vector<LotSlice> KeptSlices(const std::vector<LotSlice>& taken, std::int64_t given_back) {
  std::vector<LotSlice> kept = taken;
  while (given_back > 0) {
    PUHUI_CHECK(!kept.empty());
    const std::int64_t back = std::min(given_back, kept.back().points);
    kept.back().points -= back;
    given_back -= back;
    if (kept.back().points == 0) kept.pop_back();
  }
  return kept;
}

std::vector<Posting> PurchasePostings(const Parties& parties, const std::vector<LotSlice>& taken) {
  PUHUI_CHECK(!taken.empty());
  return PostingsOf(parties, SharesOf(taken, parties.fee_rate));
}

void AddAdjustment(const FeeAdjustment& more, std::vector<FeeAdjustment>* adjustments) {
  const auto at = std::find_if(
      adjustments->begin(), adjustments->end(),
      [&more](const FeeAdjustment& adjustment) { return adjustment.origin == more.origin; });
  if (at == adjustments->end()) {
    if (more.points != 0) adjustments->push_back(more);
    return;
  }
  at->points += more.points;
  if (at->points == 0) adjustments->erase(at);
}

Share ShareOf(const std::vector<LotSlice>& kept, BasisPoints rate,
              const std::vector<FeeAdjustment>& adjustments, UnionNumber origin) {
  const Shares shares = SharesOf(kept, rate, adjustments);
  const auto at = shares.find(origin);
  return at == shares.end() ? Share{} : at->second;
}

std::vector<FeeAdjustment> AdjustmentsLeft(const std::vector<LotSlice>& kept, BasisPoints rate,
                                           const std::vector<FeeAdjustment>& adjustments) {
  std::vector<FeeAdjustment> left;
  if (adjustments.empty()) return left;
  const Shares shares = SharesOf(kept, rate);
  for (const FeeAdjustment& adjustment : adjustments) {
    const auto at = shares.find(adjustment.origin);
    if (at == shares.end()) continue;
    const Share& share = at->second;
    AddAdjustment({adjustment.origin, share.fee - AdjustedFee(share, adjustment.points)}, &left);
  }
  return left;
}

std::vector<Posting> RefundPostings(const Parties& parties, const std::vector<LotSlice>& before,
                                    const std::vector<LotSlice>& after,
                                    const std::vector<FeeAdjustment>& adjustments) {
  Shares shares = SharesOf(after, parties.fee_rate, adjustments);
  for (const auto& [origin, share] : SharesOf(before, parties.fee_rate, adjustments)) {
    shares[origin].points -= share.points;
    shares[origin].fee -= share.fee;
  }
  return PostingsOf(parties, shares);
}

std::int64_t PaidLine::Paid() const {
  std::int64_t paid = 0;
  for (const ledger::LinePart& part : parts) paid += part.points;
  return paid;
}

std::size_t HeapBytesOf(const std::vector<PaidLine>& lines) {
  std::size_t bytes = lines.capacity() * sizeof(PaidLine);
  for (const PaidLine& line : lines) bytes += line.parts.capacity() * sizeof(ledger::LinePart);
  return bytes;
}

std::vector<LotSlice> KeptOfLines(const std::vector<LotSlice>& taken,
                                  const std::vector<PaidLine>& lines) {
  std::map<LotNumber, std::int64_t> kept_of;
  for (const PaidLine& line : lines) {
    std::int64_t kept = line.Paid() - line.refunded;
    for (const ledger::LinePart& part : line.parts) {
      kept_of[part.lot] += std::min(kept, part.points);
      kept -= std::min(kept, part.points);
    }
  }
  std::vector<LotSlice> kept;
  for (LotSlice slice : taken) {
    slice.points = kept_of[slice.lot];
    if (slice.points > 0) kept.push_back(slice);
  }
  return kept;
}

std::vector<LineRefund> LinesToRefund(const std::vector<PaidLine>& lines, std::int64_t points) {
  std::vector<LineRefund> refunds;
  for (std::size_t i = lines.size(); i-- > 0 && points > 0;) {
    const std::int64_t back = std::min(points, lines[i].Paid() - lines[i].refunded);
    if (back > 0) refunds.push_back({i, back});
    points -= back;
  }
  PUHUI_CHECK(points == 0);
  return refunds;
}

std::vector<LotSlice> GivenBack(const std::vector<LotSlice>& before,
                                const std::vector<LotSlice>& after) {
  std::map<LotNumber, std::int64_t> kept;
  for (const LotSlice& slice : after) kept[slice.lot] += slice.points;
  std::vector<LotSlice> back;
  for (auto slice = before.rbegin(); slice != before.rend(); ++slice) {
    back.push_back(*slice);
    back.back().points -= kept[slice->lot];
    if (back.back().points == 0) back.pop_back();
  }
  return back;
}

std::int64_t FeeOf(const std::vector<Posting>& postings) {
  std::int64_t fee = 0;
  for (const Posting& posting : postings) {
    if (posting.kind == AccountKind::kFee) fee += posting.points;
  }
  return fee;
}

absl::Time ExpiryAfterRefund(absl::Time lot_expiry, absl::Time now) {
  return lot_expiry > now ? lot_expiry : now + absl::Hours(24 * kRefundGraceDays);
}

}  // namespace puhui::merchant
