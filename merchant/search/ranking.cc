// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/ranking.h"

#include "ledger/base/limits.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace puhui::merchant {
namespace {

constexpr double kDayMicros = 24.0 * 60 * 60 * 1'000'000;

// A rare word of a title is worth about ten; being new, or near, is worth a common word.
constexpr double kFreshnessWeight = 3;
constexpr double kNearnessWeight = 3;
constexpr double kFreshnessHalvedDays = 30;
constexpr double kNearnessHalvedMeters = 3'000;

bool Fits(std::int64_t price, const SearchWish& wish) {
  if (wish.price_min == 0 && wish.price_max == 0) return true;
  return price > 0 && price >= wish.price_min && (wish.price_max == 0 || price <= wish.price_max);
}

// Two digits each for province, city and district.
bool IsWithin(std::uint32_t region, std::uint32_t of) {
  return region == of || region - region % 100 == of || region - region % 10'000 == of;
}

// One takes in the other: what is good in a city is good in its districts, and who asks for a city
// means its districts too.
bool FitsRegion(const OfferFacts& facts, std::uint32_t region) {
  const absl::Span<const std::uint32_t> regions = facts.regions();
  if (region == 0 || regions.empty()) return true;
  return std::any_of(regions.begin(), regions.end(), [region](std::uint32_t code) {
    return IsWithin(region, code) || IsWithin(code, region);
  });
}

bool FitsUnion(const OfferFacts& facts, const std::vector<UnionNumber>& unions) {
  if (unions.empty()) return true;
  if (facts.targets == nullptr) return false;
  const std::vector<UnionNumber>& named = facts.targets->audience.unions;
  return std::any_of(unions.begin(), unions.end(), [&](UnionNumber number) {
    return std::binary_search(named.begin(), named.end(), number);
  });
}

bool InOrder(const ResultPlace& a, const ResultPlace& b) { return a.Before(b); }

template <class Value>
Counts<Value> MostOf(Counts<Value> counts) {
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (counts.size() > kFacetValuesMax) counts.resize(kFacetValuesMax);
  return counts;
}

}  // namespace

void Ranking::Consider(OfferNumber offer, double weight) {
  const OfferFacts* const facts = shown_.offers.Find(offer);
  if (facts != nullptr) Consider(offer, *facts, weight);
}

void Ranking::ConsiderAll() {
  shown_.offers.ForEach(
      [this](OfferNumber offer, const OfferFacts& facts) { Consider(offer, facts, 0); });
}

void Ranking::Consider(OfferNumber offer, const OfferFacts& facts, double weight) {
  if (!IsShown(facts)) return;
  const unsigned misses = Misses(facts);
  if (std::popcount(misses) > 1) return;  // It counts nowhere.
  if (!Admits(facts)) return;
  Count(facts, misses);
  if (misses != 0) return;
  ++total_;
  const ResultPlace place{.score = ScoreOf(facts, weight), .offer = offer};
  if (!wish_.after.has_value() || wish_.after->Before(place)) Keep(place);
}

bool Ranking::Admits(const OfferFacts& facts) {
  if (facts.targets == nullptr) return true;
  const auto [known, is_new] = admitted_.try_emplace(facts.targets.get(), false);
  if (is_new) known->second = admits_(facts.targets->audience);
  return known->second;
}

// Everything that is found would be megabytes to every search.
void Ranking::Keep(const ResultPlace& place) {
  if (best_.size() == wish_.results_max) {
    if (best_.empty() || !place.Before(best_.front())) return;
    std::pop_heap(best_.begin(), best_.end(), InOrder);
    best_.pop_back();
  }
  best_.push_back(place);
  std::push_heap(best_.begin(), best_.end(), InOrder);
}

const MerchantFacts* Ranking::MerchantOf(const OfferFacts& facts) const {
  const auto number = static_cast<std::size_t>(facts.merchant);
  return number < shown_.merchants->size() ? &(*shown_.merchants)[number] : nullptr;
}

bool Ranking::IsShown(const OfferFacts& facts) const {
  if (!facts.published || now_ < facts.start || now_ >= facts.end) return false;
  if (wish_.merchant.has_value() && facts.merchant != *wish_.merchant) return false;
  const MerchantFacts* const merchant = MerchantOf(facts);
  return merchant != nullptr && merchant->active;
}

unsigned Ranking::Misses(const OfferFacts& facts) const {
  const bool category =
      wish_.categories.empty() || std::find(wish_.categories.begin(), wish_.categories.end(),
                                            facts.category) != wish_.categories.end();
  return (category ? 0U : kCategory) | (FitsRegion(facts, wish_.region) ? 0U : kRegion) |
         (FitsUnion(facts, wish_.unions) ? 0U : kUnion) | (Fits(facts.price, wish_) ? 0U : kPrice);
}

void Ranking::Count(const OfferFacts& facts, unsigned misses) {
  const auto counts = [misses](Part part) { return (misses & ~unsigned{part}) == 0; };
  if (counts(kCategory) && facts.category < kCategories) ++categories_[facts.category];
  if (counts(kRegion)) {
    for (const std::uint32_t region : facts.regions()) ++regions_[region];
  }
  if (facts.targets != nullptr && counts(kUnion)) {
    for (const UnionNumber number : facts.targets->audience.unions) ++unions_[number];
  }
  if (facts.price > 0 && counts(kPrice)) {
    const auto range = std::upper_bound(kPriceRanges.begin(), kPriceRanges.end(), facts.price);
    ++prices_[static_cast<std::size_t>(range - kPriceRanges.begin()) - 1];
  }
}

double Ranking::ScoreOf(const OfferFacts& facts, double weight) {
  switch (wish_.order) {
    case SearchOrder::kNewest:
      return static_cast<double>(facts.change_time);
    case SearchOrder::kNearest:
      return -DistanceTo(facts.merchant).value_or(std::numeric_limits<float>::max());
    case SearchOrder::kBest:
      break;
  }
  const double days = std::max(static_cast<double>(now_ - facts.change_time) / kDayMicros, 0.0);
  double score = weight + kFreshnessWeight * kFreshnessHalvedDays / (kFreshnessHalvedDays + days);
  if (const absl::optional<double> meters = DistanceTo(facts.merchant); meters.has_value()) {
    score += kNearnessWeight * kNearnessHalvedMeters / (kNearnessHalvedMeters + *meters);
  }
  return score;
}

absl::optional<double> Ranking::DistanceTo(MerchantNumber merchant) {
  const auto number = static_cast<std::size_t>(merchant);
  if (!wish_.near.has_value() || number >= distances_.size()) return absl::nullopt;
  Distance& distance = distances_[number];
  if (distance.known) return distance.meters;
  distance.known = true;
  for (const GeoPoint& store : (*shown_.merchants)[number].stores) {
    const double meters = DistanceMeters(*wish_.near, store);
    distance.meters = std::min(meters, distance.meters.value_or(meters));
  }
  return distance.meters;
}

SearchResults Ranking::Finish() {
  SearchResults found{.total = total_, .sequence = shown_.sequence};
  Counts<std::uint32_t> categories;
  for (std::uint32_t code = 0; code < kCategories; ++code) {
    if (categories_[code] > 0) categories.emplace_back(code, categories_[code]);
  }
  found.facets = {.categories = MostOf(std::move(categories)),
                  .regions = MostOf(Counts<std::uint32_t>(regions_.begin(), regions_.end())),
                  .unions = MostOf(Counts<UnionNumber>(unions_.begin(), unions_.end())),
                  .prices = prices_};
  std::sort_heap(best_.begin(), best_.end(), InOrder);
  for (const ResultPlace& place : best_) {
    const OfferFacts& facts = *shown_.offers.Find(place.offer);
    found.results.push_back({.place = place, .distance_meters = DistanceTo(facts.merchant)});
  }
  return found;
}

}  // namespace puhui::merchant
