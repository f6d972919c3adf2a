// SPDX-License-Identifier: Apache-2.0
// What offers are found by. Text becomes words in one way, whether it is written into the index or
// asked for, so nothing that somebody types is an operator. Chinese has no blanks: it goes into the
// index as its characters and its pairs of neighbours, which needs no dictionary and finds whatever
// a dictionary would cut differently.
#ifndef PUHUI_MERCHANT_SEARCH_SEARCH_WORDS_H_
#define PUHUI_MERCHANT_SEARCH_SEARCH_WORDS_H_

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// Neighbouring characters of one kind. Marks, symbols and emoji are between runs and in none.
struct TextRun {
  bool ideographs = false;  // Chinese, kana, hangul; else letters and digits.
  std::string text{};       // UTF-8, as FoldedText makes it.
};

// NFKC with case folded: ＫＦＣ is kfc. Malformed bytes are replaced, not refused.
std::string FoldedText(absl::string_view text);
std::vector<TextRun> RunsOf(absl::string_view text);

// A run of ideographs, cut where a dictionary cuts words: 超市购物卡 is 超市, 购物, 卡.
std::vector<std::string> CutWords(const std::string& ideographs);

// How many characters a folded text has.
std::size_t CharactersIn(absl::string_view text);

// The terms that a run, or a word of one, is found by, all of them: the stem of an English word;
// the pairs of a Chinese one, or itself when it is a single character.
std::vector<std::string> TermsOfRun(const TextRun& run);

// What an offer is indexed by: each term with how much it counts.
using WeighedTerms = absl::flat_hash_map<std::string, std::uint32_t>;
enum class Singles { kIndexed, kLeftOut };  // Characters by themselves: of names, not of long text.
void AddTerms(absl::string_view text, std::uint32_t weight, Singles singles, WeighedTerms* terms);

// The initials of the pinyin of a name, its letters and digits kept: 沃尔玛超市 is wemcs.
// Threads: safe.
std::string PinyinInitials(absl::string_view name);
// So that initials are found from any syllable on: mcs finds 沃尔玛超市 too. At most 16 terms.
void AddInitials(absl::string_view initials, WeighedTerms* terms);
// What the terms of initials that begin with `text` begin with; empty when it cannot be initials.
std::string InitialsPrefix(const TextRun& run);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_SEARCH_WORDS_H_
