// SPDX-License-Identifier: Apache-2.0
// Bytes that a member searches for: words, and no more of them than the index is asked for.
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/search/text_query.h"

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using puhui::merchant::Synonyms;
  static const Synonyms* const synonyms =
      new Synonyms(*Synonyms::Make({{"手机", "移动电话"}, {"超市", "supermarket"}}));
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t terms = 0;
  for (const auto& word : puhui::merchant::ReadQuery(text, *synonyms).words) {
    PUHUI_CHECK(!word.spellings.empty());
    for (const auto& spelling : word.spellings) {
      PUHUI_CHECK(!spelling.empty());
      terms += spelling.size();
    }
  }
  PUHUI_CHECK(terms <=
              puhui::kSearchTermsMax + puhui::kSynonymsPerGroupMax * puhui::kSearchTermsMax);
  return 0;
}
