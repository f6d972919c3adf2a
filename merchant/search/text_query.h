// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_SEARCH_TEXT_QUERY_H_
#define PUHUI_MERCHANT_SEARCH_TEXT_QUERY_H_

#include "merchant/search/synonyms.h"

#include "absl/strings/string_view.h"

#include <string>
#include <vector>

namespace puhui::merchant {

// One word that somebody searches for. It is there when one of its spellings is, or a merchant's
// initials begin as it does.
struct WantedWord {
  std::vector<std::vector<std::string>> spellings{};  // Each by its terms, all of them.
  std::string initials{};                             // A prefix of terms; empty: none.
};

// What somebody searches for: all of the words.
struct TextQuery {
  std::vector<WantedWord> words{};
};

// Whatever `text` holds, this is all that it can ask for: there are no operators. Of more than
// kSearchTermsMax terms those of the first words count. A character that stands alone beside words
// is left out: it says little, and the dictionary that cut it off may be wrong.
TextQuery ReadQuery(absl::string_view text, const Synonyms& synonyms);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_TEXT_QUERY_H_
