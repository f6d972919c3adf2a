// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/ranking.h"

#include "ledger/base/limits.h"
#include "ledger/core/terms.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace puhui::merchant {
namespace {

// A rare word of a title is worth about ten; being new, or near, is worth a common word.
constexpr double kFreshnessWeight = 3;
constexpr double kNearnessWeight = 3;
constexpr double kFreshnessHalvedDays = 30;
constexpr double kNearnessHalvedMeters = 3'000;

bool Fits(std::int64_t price, const SearchWish& wish) {
  if (wish.price_min == 0 && wish.price_max == 0) return true;
  return price > 0 && price >= wish.price_min && (wish.price_max == 0 || price <= wish.price_max);
}

// One takes in the other: what is good in a city is good in its districts, and who asks for a city
// means its districts too.
bool FitsRegion(const OfferFacts& facts, std::uint32_t region) {
  if (region == 0 || facts.targets == nullptr || facts.targets->regions.empty()) return true;
  if (ledger::TakesIn(facts.targets->regions, region)) return true;
  const std::vector<std::uint32_t> asked = {region};
  return std::any_of(facts.targets->regions.begin(), facts.targets->regions.end(),
                     [&](std::uint32_t code) { return ledger::TakesIn(asked, code); });
}

bool FitsUnion(const OfferFacts& facts, const std::vector<UnionNumber>& unions) {
  if (unions.empty()) return true;
  if (facts.targets == nullptr) return false;
  const std::vector<UnionNumber>& named = facts.targets->audience.unions;
  return std::any_of(unions.begin(), unions.end(), [&](UnionNumber number) {
    return std::binary_search(named.begin(), named.end(), number);
  });
}

template <class Value>
Counts<Value> MostOf(const absl::flat_hash_map<Value, std::int64_t>& counted) {
  Counts<Value> counts(counted.begin(), counted.end());
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
  if (facts.targets != nullptr && !admits_(facts.targets->audience)) return;
  Count(facts, misses);
  if (misses != 0) return;
  ++total_;
  const ResultPlace place{.score = ScoreOf(facts, weight), .offer = offer};
  if (!wish_.after.has_value() || wish_.after->Before(place)) places_.push_back(place);
}

bool Ranking::IsShown(const OfferFacts& facts) const {
  if (!facts.published || wish_.now < facts.start || wish_.now >= facts.end) return false;
  if (wish_.merchant.has_value() && facts.merchant != *wish_.merchant) return false;
  const auto merchant = shown_.merchants->find(facts.merchant);
  return merchant != shown_.merchants->end() && merchant->second.active;
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
  if (counts(kCategory)) ++categories_[facts.category];
  if (facts.targets != nullptr && counts(kRegion)) {
    for (const std::uint32_t region : facts.targets->regions) ++regions_[region];
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
      return static_cast<double>(absl::ToUnixMicros(facts.change_time));
    case SearchOrder::kNearest:
      return -DistanceTo(facts.merchant).value_or(std::numeric_limits<float>::max());
    case SearchOrder::kBest:
      break;
  }
  const double days =
      std::max(absl::ToDoubleSeconds(wish_.now - facts.change_time) / (24 * 60 * 60), 0.0);
  double score = weight + kFreshnessWeight * kFreshnessHalvedDays / (kFreshnessHalvedDays + days);
  if (const absl::optional<double> meters = DistanceTo(facts.merchant); meters.has_value()) {
    score += kNearnessWeight * kNearnessHalvedMeters / (kNearnessHalvedMeters + *meters);
  }
  return score;
}

absl::optional<double> Ranking::DistanceTo(MerchantNumber merchant) {
  if (!wish_.near.has_value()) return absl::nullopt;
  const auto [known, is_new] = distances_.try_emplace(merchant);
  const auto facts = shown_.merchants->find(merchant);
  if (!is_new || facts == shown_.merchants->end()) return known->second;
  for (const GeoPoint& store : facts->second.stores) {
    const double meters = DistanceMeters(*wish_.near, store);
    known->second = std::min(meters, known->second.value_or(meters));
  }
  return known->second;
}

SearchResults Ranking::Finish() {
  SearchResults found{.total = total_, .sequence = shown_.sequence};
  found.facets = {.categories = MostOf(categories_),
                  .regions = MostOf(regions_),
                  .unions = MostOf(unions_),
                  .prices = prices_};
  const std::size_t count = std::min(wish_.results_max, places_.size());
  std::partial_sort(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(count),
                    places_.end(),
                    [](const ResultPlace& a, const ResultPlace& b) { return a.Before(b); });
  for (std::size_t i = 0; i < count; ++i) {
    const OfferFacts& facts = *shown_.offers.Find(places_[i].offer);
    found.results.push_back({.place = places_[i], .distance_meters = DistanceTo(facts.merchant)});
  }
  return found;
}

}  // namespace puhui::merchant
