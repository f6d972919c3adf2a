// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/text_query.h"

#include "ledger/base/limits.h"
#include "merchant/search/search_words.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace puhui::merchant {
namespace {

TextRun RunOf(const std::string& folded) { return RunsOf(folded).front(); }

bool IsSingle(const TextRun& run) { return run.ideographs && CharactersIn(run.text) == 1; }

// The longest synonym that `text` begins with; empty when there is none.
absl::string_view SynonymAt(absl::string_view text, const Synonyms& synonyms) {
  absl::string_view longest;
  std::size_t characters = 0;
  for (std::size_t end = 1; end <= text.size() && characters <= synonyms.longest(); ++end) {
    const bool inside =
        end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U;
    if (inside) continue;
    ++characters;
    if (synonyms.Find(text.substr(0, end)) != nullptr) longest = text.substr(0, end);
  }
  return longest;
}

// What the dictionary cuts into single characters it does not know, names mostly: they stay in one
// piece.
void JoinSingles(std::vector<std::string> cut, std::vector<std::string>* words) {
  bool joining = false;
  for (std::string& word : cut) {
    const bool single = CharactersIn(word) == 1;
    if (single && joining) {
      words->back().append(word);
    } else {
      words->push_back(std::move(word));
    }
    joining = single;
  }
}

// Words with synonyms first, whatever the dictionary thinks; the dictionary cuts what is between
// them.
std::vector<std::string> CutRun(const std::string& run, const Synonyms& synonyms) {
  std::vector<std::string> words;
  std::string between;
  const auto cut_between = [&] {
    if (between.empty()) return;
    JoinSingles(CutWords(std::exchange(between, "")), &words);
  };
  for (absl::string_view rest = run; !rest.empty();) {
    const absl::string_view synonym = SynonymAt(rest, synonyms);
    if (!synonym.empty()) {
      cut_between();
      words.emplace_back(synonym);
      rest.remove_prefix(synonym.size());
      continue;
    }
    do {
      between.push_back(rest.front());
      rest.remove_prefix(1);
    } while (!rest.empty() && (static_cast<unsigned char>(rest.front()) & 0xC0U) == 0x80U);
  }
  cut_between();
  return words;
}

std::vector<TextRun> WordsOf(absl::string_view text, const Synonyms& synonyms) {
  std::vector<TextRun> words;
  for (TextRun& run : RunsOf(text)) {
    if (!run.ideographs) {
      words.push_back(std::move(run));
      continue;
    }
    for (std::string& word : CutRun(run.text, synonyms)) {
      words.push_back({.ideographs = true, .text = std::move(word)});
    }
  }
  if (!std::all_of(words.begin(), words.end(), IsSingle)) {
    words.erase(std::remove_if(words.begin(), words.end(), IsSingle), words.end());
  }
  return words;
}

}  // namespace

TextQuery ReadQuery(absl::string_view text, const Synonyms& synonyms) {
  TextQuery query;
  std::size_t terms = 0;
  for (const TextRun& word : WordsOf(text, synonyms)) {
    WantedWord wanted{.initials = InitialsPrefix(word)};
    const std::vector<std::string>* const group = synonyms.Find(word.text);
    if (group == nullptr) {
      wanted.spellings.push_back(TermsOfRun(word));
    } else {
      for (const std::string& other : *group) wanted.spellings.push_back(TermsOfRun(RunOf(other)));
    }
    for (auto& spelling : wanted.spellings) {
      spelling.resize(std::min(spelling.size(), kSearchTermsMax));
      terms += spelling.size();
    }
    if (terms > kSearchTermsMax && !query.words.empty()) break;
    query.words.push_back(std::move(wanted));
  }
  return query;
}

}  // namespace puhui::merchant
