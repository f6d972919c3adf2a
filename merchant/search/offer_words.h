// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_SEARCH_OFFER_WORDS_H_
#define PUHUI_MERCHANT_SEARCH_OFFER_WORDS_H_

#include "merchant/core/offer.h"
#include "merchant/search/search_words.h"

#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::merchant {

// What a merchant is found by: its name, and the initials of its pinyin.
struct MerchantWords {
  std::string display_name{};
  std::string initials{};
};

// What an offer is found by: its title first, its merchant, what it is made of, its text.
WeighedTerms WordsOf(const OfferContent& content, const MerchantWords& merchant);

// Of all that WordsOf looks at, for as long as this process lives: another digest, other words.
std::uint64_t WordsDigest(const OfferContent& content, const MerchantWords& merchant);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_OFFER_WORDS_H_
