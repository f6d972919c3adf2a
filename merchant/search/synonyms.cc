// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/synonyms.h"

#include "ledger/base/limits.h"
#include "merchant/search/search_words.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::merchant {

absl::StatusOr<Synonyms> Synonyms::Make(const std::vector<std::vector<std::string>>& groups) {
  const auto bad = [](std::size_t group, absl::string_view wanted) {
    return absl::InvalidArgumentError(absl::StrCat("groups[", group, "]: want ", wanted));
  };
  if (groups.size() > kSynonymGroupsMax) return bad(kSynonymGroupsMax, "no more groups");
  Synonyms synonyms;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].size() < 2 || groups[i].size() > kSynonymsPerGroupMax) {
      return bad(i, absl::StrCat("2 to ", kSynonymsPerGroupMax, " words"));
    }
    synonyms.groups_.emplace_back();
    for (const std::string& text : groups[i]) {
      const std::vector<TextRun> runs = RunsOf(text);
      const std::size_t characters = runs.empty() ? 0 : CharactersIn(runs.front().text);
      if (runs.size() != 1 || characters > kSynonymCharactersMax) {
        return bad(i, absl::StrCat("words of one script and up to ", kSynonymCharactersMax,
                                   " characters, without blanks"));
      }
      if (!synonyms.group_of_.emplace(runs.front().text, i).second) {
        return bad(i, "words that are in no other group, and each once");
      }
      synonyms.groups_.back().push_back(runs.front().text);
      synonyms.longest_ = std::max(synonyms.longest_, characters);
    }
  }
  return synonyms;
}

const std::vector<std::string>* Synonyms::Find(absl::string_view word) const {
  const auto found = group_of_.find(word);
  return found == group_of_.end() ? nullptr : &groups_[found->second];
}

}  // namespace puhui::merchant
