// SPDX-License-Identifier: Apache-2.0
// Which of the offers that hold the words a member gets to see, in which order, and how many there
// are of each kind.
#ifndef PUHUI_MERCHANT_SEARCH_RANKING_H_
#define PUHUI_MERCHANT_SEARCH_RANKING_H_

#include "ledger/base/id.h"
#include "merchant/core/geo_point.h"
#include "merchant/search/offer_facts.h"

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

enum class SearchOrder : std::uint8_t { kBest, kNearest, kNewest };

// Where a result stands: by score, the highest first, then by number, the highest first.
struct ResultPlace {
  double score = 0;
  OfferNumber offer{};

  bool Before(const ResultPlace& other) const {
    return score != other.score ? score > other.score : offer > other.offer;
  }
  friend bool operator==(const ResultPlace&, const ResultPlace&) = default;
};

// What somebody searches for. Everything that is set has to fit.
struct SearchWish {
  std::string text{};
  std::vector<std::uint32_t> categories{};
  std::uint32_t region = 0;           // GB/T 2260; 0: any.
  std::vector<UnionNumber> unions{};  // It is for one of these in particular.
  absl::optional<MerchantNumber> merchant{};
  std::int64_t price_min = 0;  // 0: any, and so for the most.
  std::int64_t price_max = 0;
  absl::optional<GeoPoint> near{};
  SearchOrder order = SearchOrder::kBest;
  absl::Time now{};                     // As of which offers are open, and how fresh they are.
  absl::optional<ResultPlace> after{};  // The last result of the page before.
  std::size_t results_max = 0;
};

// Whether the member is one of those it is for. Asked once for offers that share what says so.
using AudienceJudge = absl::FunctionRef<bool(const Audience&)>;

struct SearchResult {
  ResultPlace place{};
  absl::optional<double> distance_meters{};
};

template <class Value>
using Counts = std::vector<std::pair<Value, std::int64_t>>;  // The most first.

// From these prices on, each up to the next.
inline constexpr std::array<std::int64_t, 6> kPriceRanges = {1,      1'000,  5'000,
                                                             10'000, 50'000, 100'000};

// Each count is of what would be found if the wish did not ask for its own kind.
struct SearchFacets {
  Counts<std::uint32_t> categories{};
  Counts<std::uint32_t> regions{};
  Counts<UnionNumber> unions{};
  std::array<std::int64_t, kPriceRanges.size()> prices{};
};

struct SearchResults {
  std::vector<SearchResult> results{};
  std::int64_t total = 0;
  SearchFacets facets{};
  Sequence sequence = 0;  // The last record that the index knows of.
};

// Takes what has the words, one after another, then says what is found.
// Threads: none; make one per search. Borrows: everything it is made with, what judges audiences
// too.
class Ranking {
 public:
  Ranking(const ShownOffers& shown, const SearchWish& wish, AudienceJudge admits)
      : shown_(shown),
        wish_(wish),
        admits_(admits),
        now_(absl::ToUnixMicros(wish.now)),
        distances_(shown.merchants->size()) {}

  // `weight` is that of its words.
  void Consider(OfferNumber offer, double weight);
  // The same for every offer there is.
  void ConsiderAll();
  SearchResults Finish();

 private:
  static constexpr std::size_t kCategories = 10'000;  // Four digits.
  enum Part : unsigned { kCategory = 1, kRegion = 2, kUnion = 4, kPrice = 8 };
  void Consider(OfferNumber offer, const OfferFacts& facts, double weight);
  // Null when nobody knows the merchant.
  const MerchantFacts* MerchantOf(const OfferFacts& facts) const;
  bool IsShown(const OfferFacts& facts) const;
  // The parts of the wish that it does not fit.
  unsigned Misses(const OfferFacts& facts) const;
  bool Admits(const OfferFacts& facts);
  void Count(const OfferFacts& facts, unsigned misses);
  void Keep(const ResultPlace& place);
  double ScoreOf(const OfferFacts& facts, double weight);
  // To the nearest of its stores; nothing when none has a location, or nobody asked.
  absl::optional<double> DistanceTo(MerchantNumber merchant);

  const ShownOffers& shown_;
  const SearchWish& wish_;
  const AudienceJudge admits_;
  absl::flat_hash_map<const OfferTargets*, bool> admitted_;
  const std::int64_t now_;
  std::vector<ResultPlace> best_;  // A heap of results_max at most, the last of them on top.
  std::int64_t total_ = 0;
  std::vector<std::int64_t> categories_ = std::vector<std::int64_t>(kCategories);  // By code.
  absl::flat_hash_map<std::uint32_t, std::int64_t> regions_;
  absl::flat_hash_map<UnionNumber, std::int64_t> unions_;
  std::array<std::int64_t, kPriceRanges.size()> prices_{};
  struct Distance {
    bool known = false;
    absl::optional<double> meters{};
  };
  std::vector<Distance> distances_;  // By merchant.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_RANKING_H_
