// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_LEDGER_JOURNAL_NAIVE_TREE_H_
#define PUHUI_TESTS_UNIT_LEDGER_JOURNAL_NAIVE_TREE_H_

#include "ledger/crypto/hash.h"

#include "absl/strings/str_cat.h"

#include <bit>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// The definitions of RFC 9162, section 2.1, word by word and without cleverness. Leaf i is the
// record "record <i>".
class NaiveTree {
 public:
  static std::string Record(std::size_t index) { return absl::StrCat("record ", index); }
  explicit NaiveTree(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) leaves_.push_back(Hashed("", Record(i), '\0'));
  }
  const Hash& leaf(std::size_t index) const { return leaves_.at(index); }

  // MTH(D[begin:end]).
  Hash Root(std::size_t begin, std::size_t end) {
    if (begin == end) return sha_.Digest("");
    if (end - begin == 1) return leaves_.at(begin);
    const auto [entry, fresh] = roots_.try_emplace({begin, end});
    if (fresh) {
      const std::size_t middle = begin + std::bit_floor(end - begin - 1);
      const Hash left = Root(begin, middle);
      const Hash right = Root(middle, end);
      return roots_[{begin, end}] = Hashed(AsBytes(left), AsBytes(right), '\1');
    }
    return entry->second;
  }
  // PATH(index, D[begin:end]); `index` counts from the first leaf of all.
  std::vector<Hash> Path(std::size_t index, std::size_t begin, std::size_t end) {
    if (end - begin == 1) return {};
    const std::size_t middle = begin + std::bit_floor(end - begin - 1);
    std::vector<Hash> path = index < middle ? Path(index, begin, middle) : Path(index, middle, end);
    path.push_back(index < middle ? Root(middle, end) : Root(begin, middle));
    return path;
  }
  // SUBPROOF(first, D[begin:end], known); `first` counts from the first leaf of all.
  std::vector<Hash> Subproof(std::size_t first, std::size_t begin, std::size_t end, bool known) {
    if (first == end) return known ? std::vector<Hash>{} : std::vector<Hash>{Root(begin, end)};
    const std::size_t middle = begin + std::bit_floor(end - begin - 1);
    std::vector<Hash> path = first <= middle ? Subproof(first, begin, middle, known)
                                             : Subproof(first, middle, end, false);
    path.push_back(first <= middle ? Root(middle, end) : Root(begin, middle));
    return path;
  }

 private:
  Hash Hashed(absl::string_view left, absl::string_view right, char prefix) {
    return sha_.Digest({&prefix, 1}, left, right);
  }
  Sha256 sha_;
  std::vector<Hash> leaves_;
  std::map<std::pair<std::size_t, std::size_t>, Hash> roots_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_UNIT_LEDGER_JOURNAL_NAIVE_TREE_H_
