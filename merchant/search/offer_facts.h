// SPDX-License-Identifier: Apache-2.0
// What is asked of every offer that a search comes across, in memory: reading it from a row would
// take longer than everything else.
#ifndef PUHUI_MERCHANT_SEARCH_OFFER_FACTS_H_
#define PUHUI_MERCHANT_SEARCH_OFFER_FACTS_H_

#include "ledger/base/id.h"
#include "merchant/app/offer_rows.h"
#include "merchant/core/geo_point.h"

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::merchant {

// Whom and where an offer is for, if that is more than one region can say.
struct OfferTargets {
  Audience audience{};
  std::vector<std::uint32_t> regions{};

  friend bool operator==(const OfferTargets&, const OfferTargets&) = default;
};

// Offers that are for the same members in the same places share what says so: most audiences are of
// many offers, and a search that reads one of them over and over finds it near. Threads: none.
class SharedTargets {
 public:
  // `targets`, or what was shared before and says the same; null stays null.
  std::shared_ptr<const OfferTargets> Share(std::shared_ptr<const OfferTargets> targets);

 private:
  // Of two that fall on one place the earlier is forgotten, and shared by no more offers.
  static constexpr std::size_t kPlaces = 1'024;
  std::vector<std::shared_ptr<const OfferTargets>> known_ =
      std::vector<std::shared_ptr<const OfferTargets>>(kPlaces);
};

// Small, because a search without words looks at all there are. Times are microseconds since 1970.
struct OfferFacts {
  bool published = false;
  OfferKind kind{};
  std::uint32_t category = 0;
  MerchantNumber merchant{};
  std::uint32_t region = 0;  // The one where it is good; 0: `targets` say where, or everywhere.
  std::int64_t price = 0;    // Of an item or seats; else 0.
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::int64_t change_time = 0;
  std::uint64_t words_digest =
      0;  // Of what the index has of it, so that it is told of changes only.
  std::shared_ptr<const OfferTargets> targets{};  // Null: for every member.

  // All of them; none: everywhere.
  absl::Span<const std::uint32_t> regions() const {
    if (region != 0) return absl::MakeConstSpan(&region, 1);
    return targets == nullptr ? absl::Span<const std::uint32_t>() : targets->regions;
  }
};

// `words_digest` is left to the caller.
OfferFacts FactsOf(const OfferRow& row);

// The facts of all offers by number. What Share gives costs little and stays as it is. Threads: one
// that changes it; what was shared is safe.
class FactsTable {
 public:
  // Null when nothing was ever set.
  const OfferFacts* Find(OfferNumber offer) const;
  void Set(OfferNumber offer, OfferFacts facts);
  void ForEach(absl::FunctionRef<void(OfferNumber, const OfferFacts&)> visit) const;
  // It as it is now, for others to read. Changes from now on leave that alone.
  FactsTable Share();

 private:
  // Of what is shared a change copies as many: few, because changes lie scattered.
  static constexpr std::size_t kChunk = 64;
  using Chunk = std::array<OfferFacts, kChunk>;
  std::vector<std::shared_ptr<Chunk>> chunks_;
  absl::flat_hash_set<std::size_t> own_;  // Chunks that were not shared.
};

// What is asked of a merchant.
struct MerchantFacts {
  bool active = false;
  std::vector<GeoPoint> stores{};
};
// By number, which are dense: a search asks it for every offer that it comes across.
using MerchantTable = std::vector<MerchantFacts>;

// One moment of what can be searched, apart from words.
struct ShownOffers {
  FactsTable offers{};
  std::shared_ptr<const MerchantTable> merchants{};
  Sequence sequence = 0;  // The last record that it knows of.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_OFFER_FACTS_H_
