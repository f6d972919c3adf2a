// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/authorization.h"

#include "ledger/base/check.h"

#include <map>
#include <set>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::LotSlice;
using ledger::Posting;

// Moves what was taken between the member's two accounts. `sign` 1: reserves it, -1: gives it back.
std::vector<Posting> MovePostings(MemberId member, const std::vector<LotSlice>& taken,
                                  std::int64_t sign) {
  PUHUI_CHECK(!taken.empty());
  // Ordered, so that the same authorisation always has the same postings.
  std::map<UnionNumber, std::int64_t> sums;
  for (const LotSlice& slice : taken) sums[slice.origin] += sign * slice.points;
  std::vector<Posting> postings;
  postings.reserve(sums.size() * 2);
  for (const auto& [origin, points] : sums) {
    postings.push_back(
        {.kind = AccountKind::kWallet, .member = member, .origin = origin, .points = -points});
    postings.push_back(
        {.kind = AccountKind::kHeld, .member = member, .origin = origin, .points = points});
  }
  return postings;
}

}  // namespace

absl::Time ExpiryOfAuthorization(absl::Time now, absl::Duration lifetime) {
  return absl::UnixEpoch() + absl::Ceil(now + lifetime - absl::UnixEpoch(), absl::Seconds(1));
}

std::size_t OriginsOf(const std::vector<LotSlice>& taken) {
  std::set<UnionNumber> origins;
  for (const LotSlice& slice : taken) origins.insert(slice.origin);
  return origins.size();
}

std::vector<Posting> HoldPostings(MemberId member, const std::vector<LotSlice>& taken) {
  return MovePostings(member, taken, 1);
}

std::vector<Posting> ReleasePostings(MemberId member, const std::vector<LotSlice>& taken) {
  return MovePostings(member, taken, -1);
}

std::vector<Posting> CapturePostings(const Parties& parties, const std::vector<LotSlice>& taken,
                                     std::int64_t points) {
  std::int64_t rest = -points;
  for (const LotSlice& slice : taken) rest += slice.points;
  PUHUI_CHECK(points > 0 && rest >= 0);
  std::map<std::pair<UnionNumber, AccountKind>, Posting> net;
  const auto add = [&net](const std::vector<Posting>& postings) {
    for (const Posting& posting : postings) {
      const auto [at, is_first] = net.try_emplace({posting.origin, posting.kind}, posting);
      if (!is_first) at->second.points += posting.points;
    }
  };
  add(ReleasePostings(parties.member, taken));
  add(PurchasePostings(parties, KeptSlices(taken, rest)));
  std::vector<Posting> postings;
  postings.reserve(net.size());
  for (const auto& [account, posting] : net) {
    if (posting.points != 0) postings.push_back(posting);
  }
  return postings;
}

}  // namespace puhui::merchant
