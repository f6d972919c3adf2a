// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/authorization.h"

#include "ledger/base/check.h"

#include <algorithm>
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

std::int64_t SumOf(const std::vector<LotSlice>& slices) {
  std::int64_t points = 0;
  for (const LotSlice& slice : slices) points += slice.points;
  return points;
}

// The line, paid with the first `points` of what is held for it.
PaidLine FirstOf(const PaidLine& held, std::int64_t points) {
  PUHUI_CHECK(points >= 0 && points <= held.Paid());
  PaidLine first{.category = held.category, .region = held.region, .points = held.points};
  for (ledger::LinePart part : held.parts) {
    part.points = std::min(part.points, points);
    points -= part.points;
    if (part.points > 0) first.parts.push_back(part);
  }
  return first;
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

std::int64_t Reserved::Points() const { return SumOf(slices); }

Reserved CapturedPart(const Reserved& held, std::int64_t points,
                      const std::vector<LineCapture>& of) {
  const std::int64_t rest = held.Points() - points;
  PUHUI_CHECK(points > 0 && rest >= 0);
  if (held.lines.empty()) return {.slices = KeptSlices(held.slices, rest)};
  std::vector<std::int64_t> kept(held.lines.size(), 0);
  for (const LineCapture& line : of) kept.at(line.line) = line.points;
  if (of.empty()) {
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = held.lines[i].Paid();
    for (const LineRefund& back : LinesToRefund(held.lines, rest)) kept[back.line] -= back.points;
  }
  Reserved captured;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    captured.lines.push_back(FirstOf(held.lines[i], kept[i]));
  }
  captured.slices = KeptOfLines(held.slices, captured.lines);
  PUHUI_CHECK(captured.Points() == points);
  return captured;
}

std::vector<Posting> CapturePostings(const Parties& parties, const std::vector<LotSlice>& taken,
                                     const std::vector<LotSlice>& captured) {
  PUHUI_CHECK(SumOf(captured) <= SumOf(taken));
  std::map<std::pair<UnionNumber, AccountKind>, Posting> net;
  const auto add = [&net](const std::vector<Posting>& postings) {
    for (const Posting& posting : postings) {
      const auto [at, is_first] = net.try_emplace({posting.origin, posting.kind}, posting);
      if (!is_first) at->second.points += posting.points;
    }
  };
  add(ReleasePostings(parties.member, taken));
  add(PurchasePostings(parties, captured));
  std::vector<Posting> postings;
  postings.reserve(net.size());
  for (const auto& [account, posting] : net) {
    if (posting.points != 0) postings.push_back(posting);
  }
  return postings;
}

}  // namespace puhui::merchant
