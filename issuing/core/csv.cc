// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/csv.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::issuing {
namespace {

// U+3000, U+00A0, U+200B and U+FEFF.
constexpr std::array<absl::string_view, 4> kWideBlanks = {"\xE3\x80\x80", "\xC2\xA0",
                                                          "\xE2\x80\x8B", "\xEF\xBB\xBF"};

bool AsciiBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// The first and the last byte of a Chinese character are almost never those of a blank, so the
// comparison with each blank is seldom reached.
std::size_t BlankPrefixBytes(absl::string_view text) {
  const char first = text.front();
  if (AsciiBlank(first)) return 1;
  if (first != '\xE3' && first != '\xC2' && first != '\xE2' && first != '\xEF') return 0;
  for (const absl::string_view blank : kWideBlanks) {
    if (absl::StartsWith(text, blank)) return blank.size();
  }
  return 0;
}

std::size_t BlankSuffixBytes(absl::string_view text) {
  const char last = text.back();
  if (AsciiBlank(last)) return 1;
  if (last != '\x80' && last != '\xA0' && last != '\x8B' && last != '\xBF') return 0;
  for (const absl::string_view blank : kWideBlanks) {
    if (absl::EndsWith(text, blank)) return blank.size();
  }
  return 0;
}

char DetectDelimiter(absl::string_view text) {
  constexpr absl::string_view kDelimiters = ",;\t";  // On a tie the earlier one wins.
  std::array<std::size_t, 3> counts{};
  bool quoted = false;
  bool begun = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (begun && !quoted && (c == '\n' || c == '\r')) break;
    begun = begun || !AsciiBlank(c) || c == '\t';
    const std::size_t which = kDelimiters.find(c);
    if (!quoted && which != absl::string_view::npos) ++counts[which];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return kDelimiters[static_cast<std::size_t>(most - counts.begin())];
}

}  // namespace

absl::string_view TrimBlanks(absl::string_view text) {
  while (!text.empty()) {
    const std::size_t blank = BlankPrefixBytes(text);
    if (blank == 0) break;
    text.remove_prefix(blank);
  }
  while (!text.empty()) {
    const std::size_t blank = BlankSuffixBytes(text);
    if (blank == 0) break;
    text.remove_suffix(blank);
  }
  return text;
}

CsvReader::CsvReader(absl::string_view text) : text_(text), delimiter_(DetectDelimiter(text)) {
  for (const char c : {'"', '\r', '\n', delimiter_}) {
    ends_plain_cell_[static_cast<unsigned char>(c)] = true;
  }
  cells_.reserve(kColumnsMax);
}

absl::StatusOr<bool> CsvReader::Next() {
  while (position_ < text_.size()) {
    PUHUI_RETURN_IF_ERROR(ReadRow());
    for (const absl::string_view cell : cells_) {
      if (!TrimBlanks(cell).empty()) return true;
    }
  }
  cells_.clear();
  return false;
}

absl::Status CsvReader::ReadRow() {
  cells_.clear();
  line_ = next_line_;
  while (true) {
    if (cells_.size() == kColumnsMax) {
      return Refuse(absl::StrCat("more than ", kColumnsMax, " columns"));
    }
    const bool quoted = position_ < text_.size() && text_[position_] == '"';
    PUHUI_RETURN_IF_ERROR(quoted ? ReadQuotedCell() : ReadPlainCell());
    if (cells_.back().size() > kCellBytesMax) {
      return Refuse(absl::StrCat("column ", cells_.size(), " holds more than ", kCellBytesMax,
                                 " bytes; is a quote left open?"));
    }
    if (position_ == text_.size()) return absl::OkStatus();
    if (text_[position_] != delimiter_) break;
    ++position_;
  }
  SkipLineEnd();
  return absl::OkStatus();
}

absl::Status CsvReader::ReadPlainCell() {
  const std::size_t begin = position_;
  while (position_ < text_.size() &&
         !ends_plain_cell_[static_cast<unsigned char>(text_[position_])]) {
    ++position_;
  }
  cells_.push_back(text_.substr(begin, position_ - begin));
  if (position_ < text_.size() && text_[position_] == '"') {
    return Refuse(absl::StrCat("column ", cells_.size(), " has a quote inside an unquoted cell"));
  }
  return absl::OkStatus();
}

absl::Status CsvReader::ReadQuotedCell() {
  const std::size_t column = cells_.size();
  std::string& unescaped = unescaped_[column];
  unescaped.clear();
  bool doubled = false;
  std::size_t begin = position_ + 1;
  while (true) {
    const std::size_t quote = text_.find('"', begin);
    if (quote == absl::string_view::npos) {
      return Refuse(absl::StrCat("the quote of column ", column + 1, " is never closed"));
    }
    const absl::string_view part = text_.substr(begin, quote - begin);
    CountLines(part);
    position_ = quote + 1;
    const bool more = position_ < text_.size() && text_[position_] == '"';
    if (!doubled && !more) {
      cells_.push_back(part);
      break;
    }
    doubled = true;
    absl::StrAppend(&unescaped, part, more ? "\"" : "");
    if (!more) {
      cells_.push_back(unescaped);
      break;
    }
    begin = position_ + 1;
  }
  if (position_ == text_.size()) return absl::OkStatus();
  const char after = text_[position_];
  if (after == delimiter_ || after == '\r' || after == '\n') return absl::OkStatus();
  return Refuse(absl::StrCat("column ", column + 1, " has text after its closing quote"));
}

void CsvReader::SkipLineEnd() {
  const bool crlf =
      text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n';
  position_ += crlf ? 2 : 1;
  ++next_line_;
}

void CsvReader::CountLines(absl::string_view quoted) {
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    const bool crlf = quoted[i] == '\r' && i + 1 < quoted.size() && quoted[i + 1] == '\n';
    if (quoted[i] == '\n' || (quoted[i] == '\r' && !crlf)) ++next_line_;
  }
}

absl::Status CsvReader::Refuse(absl::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat("line ", line_, ": ", what));
}

}  // namespace puhui::issuing
