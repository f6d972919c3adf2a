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

// Points and fee of one origin.
struct Share {
  std::int64_t points = 0;
  std::int64_t fee = 0;
};
// Ordered, so that the same purchase always has the same postings.
using Shares = std::map<UnionNumber, Share>;

void AddShares(const std::vector<LotSlice>& slices, BasisPoints rate, std::int64_t sign,
               Shares* shares) {
  const std::vector<std::int64_t> fees = ledger::SplitFee(slices, rate);
  for (std::size_t i = 0; i < slices.size(); ++i) {
    Share& share = (*shares)[slices[i].origin];
    share.points += sign * slices[i].points;
    share.fee += sign * fees[i];
  }
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
  Shares shares;
  AddShares(taken, parties.fee_rate, 1, &shares);
  return PostingsOf(parties, shares);
}

std::vector<Posting> RefundPostings(const Parties& parties, const std::vector<LotSlice>& taken,
                                    std::int64_t already, std::int64_t points) {
  PUHUI_CHECK(points > 0);
  Shares shares;
  AddShares(KeptSlices(taken, already), parties.fee_rate, -1, &shares);
  AddShares(KeptSlices(taken, already + points), parties.fee_rate, 1, &shares);
  return PostingsOf(parties, shares);
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
