// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/offer_facts.h"

#include "absl/hash/hash.h"
#include "absl/time/time.h"

#include <utility>

namespace puhui::merchant {

OfferFacts FactsOf(const OfferRow& row) {
  const OfferContent& content = row.content;
  OfferFacts facts{.published = row.state == OfferState::kPublished,
                   .kind = content.kind,
                   .category = content.category,
                   .merchant = row.merchant,
                   .price = IsDiscount(content.kind) ? 0 : content.price,
                   .start = absl::ToUnixMicros(content.window.start),
                   .end = absl::ToUnixMicros(content.window.end),
                   .change_time = absl::ToUnixMicros(row.change_time)};
  if (content.audience == Audience{} && content.regions.size() == 1) {
    facts.region = content.regions.front();
  } else if (content.audience != Audience{} || !content.regions.empty()) {
    facts.targets = std::make_shared<const OfferTargets>(
        OfferTargets{.audience = content.audience, .regions = content.regions});
  }
  return facts;
}

std::shared_ptr<const OfferTargets> SharedTargets::Share(
    std::shared_ptr<const OfferTargets> targets) {
  if (targets == nullptr) return nullptr;
  const Audience& audience = targets->audience;
  const std::size_t hash =
      absl::HashOf(audience.unions, audience.employments, audience.departments,
                   audience.joined_from, audience.joined_to, audience.campaigns, targets->regions);
  std::shared_ptr<const OfferTargets>& known = known_[hash % kPlaces];
  if (known == nullptr || *known != *targets) known = std::move(targets);
  return known;
}

const OfferFacts* FactsTable::Find(OfferNumber offer) const {
  const auto number = static_cast<std::size_t>(offer);
  return number / kChunk < chunks_.size() ? &(*chunks_[number / kChunk])[number % kChunk] : nullptr;
}

void FactsTable::Set(OfferNumber offer, OfferFacts facts) {
  const auto number = static_cast<std::size_t>(offer);
  const std::size_t at = number / kChunk;
  while (chunks_.size() <= at) {
    own_.insert(chunks_.size());
    chunks_.push_back(std::make_shared<Chunk>());
  }
  if (own_.insert(at).second) chunks_[at] = std::make_shared<Chunk>(*chunks_[at]);
  (*chunks_[at])[number % kChunk] = std::move(facts);
}

FactsTable FactsTable::Share() {
  own_.clear();
  return *this;
}

void FactsTable::ForEach(absl::FunctionRef<void(OfferNumber, const OfferFacts&)> visit) const {
  for (std::size_t at = 0; at < chunks_.size(); ++at) {
    for (std::size_t i = 0; i < kChunk; ++i) {
      const OfferFacts& facts = (*chunks_[at])[i];
      if (facts.published) visit(static_cast<OfferNumber>(at * kChunk + i), facts);
    }
  }
}

}  // namespace puhui::merchant
