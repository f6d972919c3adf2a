// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/search_words.h"

#include "ledger/base/check.h"
#include "ledger/base/mutex.h"

#include "absl/strings/str_cat.h"
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <xapian.h>

#include <algorithm>
#include <memory>

namespace puhui::merchant {
namespace {

// What terms begin with, so that those of different kinds never meet.
constexpr char kWordTerm = 'W';
constexpr char kPairTerm = 'P';
constexpr char kSingleTerm = 'S';
constexpr char kInitialsTerm = 'Y';
// Xapian takes 245 bytes; nobody types a word that long.
constexpr std::size_t kWordBytesMax = 64;
constexpr std::size_t kInitialsMax = 16;
constexpr std::size_t kInitialsMin = 2;

enum class Kind { kNone, kIdeograph, kLetter };

Kind KindOf(UChar32 character) {
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(character, &status);
  if (u_hasBinaryProperty(character, UCHAR_IDEOGRAPHIC) != 0 || script == USCRIPT_HIRAGANA ||
      script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL) {
    return Kind::kIdeograph;
  }
  const bool mark = (U_GET_GC_MASK(character) & U_GC_M_MASK) != 0;
  return u_isalnum(character) != 0 || mark ? Kind::kLetter : Kind::kNone;
}

icu::UnicodeString FromUtf8(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string bytes;
  text.toUTF8String(bytes);
  return bytes;
}

// The places between the characters of UTF-8, both ends included.
std::vector<std::size_t> Boundaries(absl::string_view text) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) places.push_back(i);
  }
  places.push_back(text.size());
  return places;
}

std::string TermOf(char kind, absl::string_view text) {
  return absl::StrCat(absl::string_view(&kind, 1), text);
}

std::string WordTerm(absl::string_view word) {
  const std::vector<std::size_t> places = Boundaries(word);
  const auto end = std::upper_bound(places.begin(), places.end(), kWordBytesMax);
  const std::string cut(word.substr(0, *(end - 1)));
  return TermOf(kWordTerm, Xapian::Stem("english")(cut));
}

// Pairs of neighbours; none of a single character.
std::vector<std::string> PairTerms(absl::string_view text) {
  const std::vector<std::size_t> places = Boundaries(text);
  std::vector<std::string> terms;
  for (std::size_t i = 0; i + 2 < places.size(); ++i) {
    terms.push_back(TermOf(kPairTerm, text.substr(places[i], places[i + 2] - places[i])));
  }
  return terms;
}

// Making one takes a tenth of a second, so there is one; it keeps state while it works.
class HanToLatin {
 public:
  HanToLatin() {
    UErrorCode status = U_ZERO_ERROR;
    latin_.reset(icu::Transliterator::createInstance("Han-Latin; Latin-ASCII; Lower",
                                                     UTRANS_FORWARD, status));
    PUHUI_CHECK(U_SUCCESS(status));
  }
  icu::UnicodeString Write(UChar32 character) {
    icu::UnicodeString text(character);
    MutexLock lock(&mutex_);
    latin_->transliterate(text);
    return text;
  }

 private:
  Mutex mutex_;
  std::unique_ptr<icu::Transliterator> latin_;
};

}  // namespace

std::string FoldedText(absl::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  PUHUI_CHECK(U_SUCCESS(status));
  const icu::UnicodeString folded = form->normalize(FromUtf8(text), status);
  PUHUI_CHECK(U_SUCCESS(status));
  return ToUtf8(folded);
}

std::vector<TextRun> RunsOf(absl::string_view text) {
  const icu::UnicodeString folded = FromUtf8(FoldedText(text));
  std::vector<TextRun> runs;
  Kind last = Kind::kNone;
  std::int32_t from = 0;
  for (std::int32_t at = 0; at <= folded.length(); at = folded.moveIndex32(at, 1)) {
    const bool over = at == folded.length();
    const Kind kind = over ? Kind::kNone : KindOf(folded.char32At(at));
    if (kind != last) {
      if (last != Kind::kNone) {
        runs.push_back({.ideographs = last == Kind::kIdeograph,
                        .text = ToUtf8(folded.tempSubStringBetween(from, at))});
      }
      last = kind;
      from = at;
    }
    if (over) break;
  }
  return runs;
}

std::vector<std::string> CutWords(const std::string& ideographs) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createWordInstance(icu::Locale::getChinese(), status));
  PUHUI_CHECK(U_SUCCESS(status));
  const icu::UnicodeString text = FromUtf8(ideographs);
  breaks->setText(text);
  std::vector<std::string> words;
  std::int32_t from = breaks->first();
  for (std::int32_t to = breaks->next(); to != icu::BreakIterator::DONE; to = breaks->next()) {
    words.push_back(ToUtf8(text.tempSubStringBetween(from, to)));
    from = to;
  }
  return words;
}

std::size_t CharactersIn(absl::string_view text) { return Boundaries(text).size() - 1; }

std::vector<std::string> TermsOfRun(const TextRun& run) {
  if (!run.ideographs) return {WordTerm(run.text)};
  std::vector<std::string> terms = PairTerms(run.text);
  if (terms.empty()) terms.push_back(TermOf(kSingleTerm, run.text));
  return terms;
}

void AddTerms(absl::string_view text, std::uint32_t weight, Singles singles, WeighedTerms* terms) {
  for (const TextRun& run : RunsOf(text)) {
    if (!run.ideographs) {
      (*terms)[WordTerm(run.text)] += weight;
      continue;
    }
    for (std::string& term : PairTerms(run.text)) (*terms)[std::move(term)] += weight;
    if (singles == Singles::kLeftOut) continue;
    const std::vector<std::size_t> places = Boundaries(run.text);
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
      const absl::string_view one =
          absl::string_view(run.text).substr(places[i], places[i + 1] - places[i]);
      (*terms)[TermOf(kSingleTerm, one)] += weight;
    }
  }
}

std::string PinyinInitials(absl::string_view name) {
  static auto* const latin = new HanToLatin();
  const icu::UnicodeString folded = FromUtf8(FoldedText(name));
  std::string initials;
  for (std::int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
    const UChar32 character = folded.char32At(at);
    const UChar32 letter = u_hasBinaryProperty(character, UCHAR_IDEOGRAPHIC) != 0
                               ? latin->Write(character).char32At(0)
                               : character;
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (plain) initials.push_back(static_cast<char>(letter));
  }
  return initials;
}

void AddInitials(absl::string_view initials, WeighedTerms* terms) {
  for (std::size_t from = 0; from < kInitialsMax && from + kInitialsMin <= initials.size();
       ++from) {
    (*terms)[TermOf(kInitialsTerm, initials.substr(from, kInitialsMax))] = 1;
  }
}

std::string InitialsPrefix(const TextRun& run) {
  const bool plain = std::all_of(run.text.begin(), run.text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (run.ideographs || !plain || run.text.size() < kInitialsMin ||
      run.text.size() > kInitialsMax) {
    return "";
  }
  return TermOf(kInitialsTerm, run.text);
}

}  // namespace puhui::merchant
