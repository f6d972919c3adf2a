// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/offer_words.h"

#include "absl/hash/hash.h"

#include <tuple>
#include <vector>

namespace puhui::merchant {
namespace {

constexpr std::uint32_t kTitleWeight = 4;
constexpr std::uint32_t kMerchantWeight = 3;
constexpr std::uint32_t kPartWeight = 2;
constexpr std::uint32_t kTextWeight = 1;

}  // namespace

WeighedTerms WordsOf(const OfferContent& content, const MerchantWords& merchant) {
  WeighedTerms terms;
  AddTerms(content.title, kTitleWeight, Singles::kIndexed, &terms);
  AddTerms(merchant.display_name, kMerchantWeight, Singles::kIndexed, &terms);
  AddInitials(merchant.initials, &terms);
  for (const OfferComponent& part : content.components) {
    AddTerms(part.text, kPartWeight, Singles::kIndexed, &terms);
  }
  AddTerms(content.journey.from, kPartWeight, Singles::kIndexed, &terms);
  AddTerms(content.journey.to, kPartWeight, Singles::kIndexed, &terms);
  AddTerms(content.text, kTextWeight, Singles::kLeftOut, &terms);
  return terms;
}

std::uint64_t WordsDigest(const OfferContent& content, const MerchantWords& merchant) {
  std::vector<std::string> parts;
  for (const OfferComponent& part : content.components) parts.push_back(part.text);
  return absl::HashOf(content.title, content.text, content.journey.from, content.journey.to, parts,
                      merchant.display_name);
}

}  // namespace puhui::merchant
