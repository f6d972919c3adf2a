// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_received.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <array>

namespace puhui::audit {
namespace {

constexpr std::uint32_t kYearNode = 0xffff'ffff;
constexpr std::uint32_t kHiddenNode = 0xffff'fffe;
constexpr std::uint32_t kLifeEventBit = 0x8000'0000;
// More than anybody can have received in a year: 256 occasions of 10^15 points each.
constexpr std::int64_t kYearMax = 1'000 * Points::kMax;
constexpr std::int64_t kOccasionsMax = 256;

// What a record says of a sum.
std::int64_t SaidOf(std::int64_t sum) { return std::min(sum, Points::kMax); }

absl::Status DoesNotFollow(absl::string_view what, std::int64_t said, std::int64_t low,
                           std::int64_t high) {
  const std::string wanted =
      low == high ? absl::StrCat(low) : absl::StrCat("between ", low, " and ", high);
  return Misfit(absl::StrCat("a grant beside ", said, " ", what, ", where there were ", wanted));
}

}  // namespace

bool IsLifeEventName(const std::string& occasion) {
  constexpr std::array<absl::string_view, 5> kNames = {"birthday", "marriage", "birth", "illness",
                                                       "retirement"};
  return std::find(kNames.begin(), kNames.end(), occasion) != kNames.end();
}

bool BundleReceived::IsHoliday(std::uint32_t what) { return (what & kLifeEventBit) == 0; }

std::uint32_t BundleReceived::NumberOf(const std::string& occasion) {
  const auto [at, added] =
      occasions_.try_emplace(occasion, static_cast<std::uint32_t>(occasions_.size()));
  if (added && IsLifeEventName(occasion)) at->second |= kLifeEventBit;
  return at->second;
}

BundleReceived::Node* BundleReceived::Add(std::uint32_t what, const Range& range,
                                          std::uint32_t& first) {
  nodes_.push_back({.range = range, .what = what, .next = first});
  first = static_cast<std::uint32_t>(nodes_.size());
  return &nodes_.back();
}

BundleReceived::Found BundleReceived::Find(const Place& place) {
  const std::uint32_t what = NumberOf(place.occasion);
  const auto [person, added] =
      persons_.try_emplace(Person{place.member, static_cast<std::int32_t>(place.year)}, 0);
  std::uint32_t& first = person->second;
  if (added) years_.insert(person->first.year);
  if (added && known_ != ReceivedKnown::kAll) {
    Add(kYearNode, {0, kYearMax}, first);
    Add(kHiddenNode, {0, kOccasionsMax}, first);
  }
  Found found;
  for (std::uint32_t at = first; at != 0; at = nodes_[at - 1].next) {
    Node& node = nodes_[at - 1];
    if (node.what == what) found.own = &node;
    if (node.what == kYearNode) found.year = &node;
    if (node.what == kHiddenNode) found.hidden = &node;
  }
  if (found.own == nullptr) {
    // Of a holiday, when no other is left that something can have been received for: nothing.
    found.fresh =
        known_ != ReceivedKnown::kAll && (!IsHoliday(what) || found.hidden->range.high > 0);
    found.own = Add(what, {0, found.fresh ? Points::kMax : 0}, first);
  }
  found.first = first;
  return found;
}

BundleReceived::Count BundleReceived::CountOf(const Found& found) const {
  Count count;
  Range sum;
  for (std::uint32_t at = found.first; at != 0; at = nodes_[at - 1].next) {
    const Node& node = nodes_[at - 1];
    if (!IsHoliday(node.what)) continue;
    sum.low = std::min(sum.low + node.range.low, kYearMax);
    sum.high = std::min(sum.high + node.range.high, kYearMax);
    if (&node == found.own) continue;
    if (node.range.low > 0) ++count.holidays.low;
    if (node.range.high > 0) ++count.holidays.high;
  }
  count.points = sum;
  if (found.year == nullptr) return count;
  const Range& year = found.year->range;
  count.points.low = std::max(sum.low, year.low);
  count.points.high = found.hidden->range.high == 0 ? std::min(sum.high, year.high) : year.high;
  return count;
}

absl::StatusOr<bool> BundleReceived::Follow(const Place& place, const Said& said) {
  const Found found = Find(place);
  bool known = true;
  const auto hold = [&known](absl::string_view what, std::int64_t says, std::int64_t low,
                             std::int64_t high) {
    known = known && low == high;
    return says >= low && says <= high ? absl::OkStatus() : DoesNotFollow(what, says, low, high);
  };
  Range& own = found.own->range;
  if (said.asks_occasion) {
    PUHUI_RETURN_IF_ERROR(hold("points for the occasion", said.for_occasion, own.low, own.high));
    own = {said.for_occasion, said.for_occasion};
  }
  // A holiday that comes up for the first time was one of the others, unless nothing was received.
  if (found.fresh && IsHoliday(found.own->what)) {
    Range& hidden = found.hidden->range;
    if (own.high > 0) hidden.low = std::max<std::int64_t>(0, hidden.low - 1);
    if (own.low > 0) hidden.high = std::max<std::int64_t>(0, hidden.high - 1);
  }
  const Count count = CountOf(found);
  if (said.asks_others) {
    Range hidden;
    if (found.hidden != nullptr) hidden = found.hidden->range;
    PUHUI_RETURN_IF_ERROR(hold("other occasions", said.others, count.holidays.low + hidden.low,
                               count.holidays.high + hidden.high));
    if (found.hidden != nullptr) {
      found.hidden->range = {std::max(hidden.low, said.others - count.holidays.high),
                             std::min(hidden.high, said.others - count.holidays.low)};
    }
  }
  if (said.asks_year) {
    PUHUI_RETURN_IF_ERROR(hold("points in the year", said.this_year, SaidOf(count.points.low),
                               SaidOf(count.points.high)));
    if (found.year != nullptr) {
      found.year->range = {std::max(count.points.low, said.this_year), count.points.high};
      if (said.this_year < Points::kMax) found.year->range.high = said.this_year;
    }
  }
  Loosen(found);
  return known;
}

absl::Status BundleReceived::Grant(const Place& place, std::int64_t points) {
  const Found found = Find(place);
  Range& own = found.own->range;
  if (found.fresh && IsHoliday(found.own->what)) {
    found.hidden->range.low = std::max<std::int64_t>(0, found.hidden->range.low - 1);
  }
  own = {own.low + points, std::min(own.high + points, Points::kMax)};
  if (own.low > Points::kMax) return Misfit("a grant beside what nobody can have received");
  if (found.year != nullptr && IsHoliday(found.own->what)) {
    Range& year = found.year->range;
    year = {std::min(year.low + points, kYearMax), std::min(year.high + points, kYearMax)};
  }
  Loosen(found);
  return absl::OkStatus();
}

absl::Status BundleReceived::TakeBack(const Place& place, std::int64_t points) {
  const Found found = Find(place);
  Range& own = found.own->range;
  const bool holiday = IsHoliday(found.own->what);
  if (found.fresh && holiday) {
    Range& hidden = found.hidden->range;
    hidden = {std::max<std::int64_t>(0, hidden.low - 1),
              std::max<std::int64_t>(0, hidden.high - 1)};
  }
  const auto take = [points](Range& range) {
    range = {std::max<std::int64_t>(0, range.low - points), range.high - points};
    return range.high >= 0;
  };
  if (!take(own) || (found.year != nullptr && holiday && !take(found.year->range))) {
    return Misfit("takes back more than was received");
  }
  Loosen(found);
  return absl::OkStatus();
}

void BundleReceived::TakeBackOfAny(MemberId member, std::int64_t points) {
  for (const std::int32_t year : years_) {
    const auto person = persons_.find(Person{member, year});
    if (person == persons_.end()) continue;
    for (std::uint32_t at = person->second; at != 0; at = nodes_[at - 1].next) {
      Node& node = nodes_[at - 1];
      const std::int64_t less = node.what == kHiddenNode ? 1 : points;
      node.range.low = std::max<std::int64_t>(0, node.range.low - less);
    }
  }
}

void BundleReceived::Loosen(const Found& found) const {
  if (known_ != ReceivedKnown::kLeast) return;
  found.own->range.high = Points::kMax;
  found.year->range.high = kYearMax;
  found.hidden->range.high = kOccasionsMax;
}

void BundleReceived::Forget() {
  absl::flat_hash_map<Person, std::uint32_t>().swap(persons_);
  std::deque<Node>().swap(nodes_);
}

}  // namespace puhui::audit
