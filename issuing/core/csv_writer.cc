// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/csv_writer.h"

#include "issuing/core/text_encoding.h"
#include "ledger/base/check.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include <algorithm>

namespace puhui::issuing {
namespace {

// From 12 digits on a spreadsheet shows 1.23457E+11 and saves it so.
constexpr std::size_t kSafeDigitsMax = 11;

bool WouldRunAsFormula(absl::string_view text) {
  constexpr absl::string_view kLeads = "=+-@\t\r\n";
  const std::string first = FoldWidth(text.substr(0, 3));
  return !first.empty() && kLeads.find(first.front()) != absl::string_view::npos;
}

bool WouldBeSpoilt(absl::string_view text) {
  const auto digit_or_exponent = [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == 'E' || c == 'e';
  };
  if (text.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(text.front())) ||
      !std::all_of(text.begin(), text.end(), digit_or_exponent)) {
    return false;
  }
  const bool plain = std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  return !plain || text.size() > kSafeDigitsMax || (text.front() == '0' && text.size() > 1);
}

}  // namespace

CsvWriter::CsvWriter(std::string* output) : output_(output) {
  PUHUI_CHECK(output != nullptr);
  output_->append("\xEF\xBB\xBF");
}

CsvWriter& CsvWriter::Text(absl::string_view text) {
  Separate();
  const absl::string_view mark = WouldRunAsFormula(text) ? "'" : WouldBeSpoilt(text) ? "\t" : "";
  const bool quoted = !mark.empty() || text.find_first_of(",;\t\"\r\n") != absl::string_view::npos;
  if (!quoted) {
    absl::StrAppend(output_, text);
    return *this;
  }
  absl::StrAppend(output_, "\"", mark, absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
  return *this;
}

CsvWriter& CsvWriter::Number(std::int64_t number) {
  const std::string digits = absl::StrCat(number);
  // A negative number of ours is no formula, so it does not go through Text unless it is long.
  if (digits.size() - (number < 0 ? 1 : 0) <= kSafeDigitsMax) {
    Separate();
    output_->append(digits);
    return *this;
  }
  Separate();
  absl::StrAppend(output_, "\"\t", digits, "\"");
  return *this;
}

void CsvWriter::EndRow() {
  output_->append("\r\n");
  row_begun_ = false;
}

void CsvWriter::Separate() {
  if (row_begun_) output_->push_back(',');
  row_begun_ = true;
}

}  // namespace puhui::issuing
