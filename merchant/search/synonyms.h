// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_SEARCH_SYNONYMS_H_
#define PUHUI_MERCHANT_SEARCH_SYNONYMS_H_

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::merchant {

// Words that find what the others of their group find. Asked when somebody searches, not when
// something is indexed, so that changing them needs no new index. Threads: safe, it never changes.
class Synonyms {
 public:
  Synonyms() = default;
  // Fails: kInvalidArgument, naming the group, unless each has 2 to kSynonymsPerGroupMax words, of
  // up to kSynonymCharactersMax letters or Chinese characters, and each word is in one group only.
  static absl::StatusOr<Synonyms> Make(const std::vector<std::vector<std::string>>& groups);

  // The group of a folded word, itself included; null when it has no synonyms.
  const std::vector<std::string>* Find(absl::string_view word) const;
  // How many characters the longest word has.
  std::size_t longest() const { return longest_; }

 private:
  std::vector<std::vector<std::string>> groups_;
  absl::flat_hash_map<std::string, std::size_t> group_of_;
  std::size_t longest_ = 0;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_SYNONYMS_H_
