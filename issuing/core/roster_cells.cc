// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/roster_cells.h"

#include "issuing/core/id_document.h"
#include "issuing/core/id_number.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>

namespace puhui::issuing {
namespace {

constexpr std::size_t kMobileDigits = 11;
constexpr std::size_t kAbroadDigitsMin = 7;
constexpr std::size_t kAbroadDigitsMax = 15;

std::string Characters(absl::string_view text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return absl::StrCat(std::count_if(text.begin(), text.end(), begins), " characters");
}

CellDefect Defect(RowReason reason, absl::string_view cell) { return {reason, Characters(cell)}; }

// The character that a spreadsheet would take for the start of a formula, in either width; or 0.
char FormulaLead(absl::string_view text) {
  constexpr absl::string_view kLeads = "=+-@";
  if (text.empty()) return '\0';
  char first = text.front();
  if (first == '\xEF') first = FoldWidth(text.substr(0, 3)).front();
  return kLeads.find(first) != absl::string_view::npos ? first : '\0';
}

MaybeDefect CheckNoFormula(absl::string_view text) {
  const char lead = FormulaLead(text);
  if (lead == '\0') return std::nullopt;
  return CellDefect{RowReason::kFormulaCell,
                    absl::StrCat("begins with '", std::string(1, lead), "'")};
}

absl::string_view DigitsPrefix(absl::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), Digit);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// 9.90101E+17: what a spreadsheet makes of a long number.
bool LooksScientific(absl::string_view text) {
  const absl::string_view whole = DigitsPrefix(text);
  text.remove_prefix(whole.size());
  if (whole.empty()) return false;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    text.remove_prefix(DigitsPrefix(text).size());
  }
  if (text.empty() || (text.front() != 'E' && text.front() != 'e')) return false;
  text.remove_prefix(1);
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  return !text.empty() && AllDigits(text);
}

// The scalar value of the two- or three-byte sequence at `position`; 0 for others, none of which is
// looked for. The text was proved well formed when the file was decoded.
std::uint32_t ScalarAt(absl::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(text[position + i])};
  };
  if (byte(0) >= 0xC2 && byte(0) < 0xE0) return (byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU);
  if (byte(0) < 0xE0 || byte(0) >= 0xF0) return 0;
  return (byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
}

bool ChangesReading(std::uint32_t scalar) {
  if (scalar >= 0x80 && scalar <= 0x9F) return true;      // C1 controls.
  if (scalar >= 0x202A && scalar <= 0x202E) return true;  // Embeddings and overrides.
  if (scalar >= 0x2066 && scalar <= 0x2069) return true;  // Isolates.
  return scalar == 0x061C || scalar == 0x200B || scalar == 0x200E || scalar == 0x200F ||
         scalar == 0x2028 || scalar == 0x2029 || scalar == 0xFEFF;
}

MaybeDefect CheckCharacters(absl::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    std::uint32_t forbidden = 0;
    const bool control = byte < 0x20 || byte == 0x7F;
    // Every lead byte of a sequence that can change the reading is one of these.
    if (byte == 0xC2 || byte == 0xD8 || byte == 0xE2 || byte == 0xEF) forbidden = ScalarAt(text, i);
    if (control || ChangesReading(forbidden)) {
      const std::uint32_t scalar = control ? byte : forbidden;
      return CellDefect{RowReason::kForbiddenCharacter, absl::StrFormat("contains U+%04X", scalar)};
    }
  }
  return std::nullopt;
}

}  // namespace

MaybeDefect CheckText(absl::string_view text, std::size_t bytes_max) {
  if (MaybeDefect formula = CheckNoFormula(text)) return formula;
  if (text.size() > bytes_max) {
    return CellDefect{RowReason::kTooLong,
                      absl::StrCat(text.size(), " bytes, at most ", bytes_max)};
  }
  return CheckCharacters(text);
}

MaybeDefect CheckExternalId(absl::string_view folded) {
  if (MaybeDefect defect = CheckText(folded, kTextIdBytesMax)) return defect;
  // A sign is asked for: 12E5 may well be how a factory numbers its people, 1.2E+06 is not.
  if (absl::StrContains(folded, '+') && LooksScientific(folded)) {
    return Defect(RowReason::kScientificNotation, folded);
  }
  return std::nullopt;
}

MaybeDefect CheckIdNumberCell(absl::string_view folded, absl::CivilDay today) {
  switch (CheckIdNumber(folded, today)) {
    case IdNumberDefect::kNone:
      return std::nullopt;
    case IdNumberDefect::kLength:
    case IdNumberDefect::kCharacters:
      break;
    case IdNumberDefect::kBirthDate:
      return CellDefect{RowReason::kBirthDate, "no such day, before 1900 or in the future"};
    case IdNumberDefect::kCheckDigit:
      return CellDefect{RowReason::kCheckDigit, "18 characters, the last does not fit the others"};
  }
  if (MaybeDefect formula = CheckNoFormula(folded)) return formula;
  if (LooksScientific(folded)) return Defect(RowReason::kScientificNotation, folded);
  const bool length = CheckIdNumber(folded, today) == IdNumberDefect::kLength;
  return Defect(length ? RowReason::kWrongLength : RowReason::kWrongCharacters, folded);
}

MaybeDefect CheckPassportCell(absl::string_view folded) {
  const PassportDefect defect = CheckPassportNumber(folded);
  if (defect == PassportDefect::kNone) return std::nullopt;
  if (MaybeDefect formula = CheckNoFormula(folded)) return formula;
  if (LooksScientific(folded)) return Defect(RowReason::kScientificNotation, folded);
  const bool length = defect == PassportDefect::kLength;
  return Defect(length ? RowReason::kWrongLength : RowReason::kWrongCharacters, folded);
}

MaybeDefect CheckMobile(absl::string_view folded) {
  if (folded.size() == kMobileDigits && folded.front() == '1' && AllDigits(folded)) {
    return std::nullopt;
  }
  if (MaybeDefect formula = CheckNoFormula(folded)) return formula;
  if (LooksScientific(folded)) return Defect(RowReason::kScientificNotation, folded);
  return Defect(RowReason::kBadMobile, folded);
}

MaybeDefect CheckMobileAbroad(absl::string_view folded) {
  if (folded.size() > kAbroadDigitsMin && folded.size() <= kAbroadDigitsMax + 1 &&
      folded[0] == '+' && folded[1] != '0' && AllDigits(folded.substr(1))) {
    return std::nullopt;
  }
  return CheckMobile(folded);
}

MaybeDefect ReadPoints(absl::string_view folded, std::int64_t* points) {
  if (AllDigits(folded)) {
    std::int64_t value = 0;
    // SimpleAtoi refuses what int64 cannot hold, which is above kMax too.
    if (!absl::SimpleAtoi(folded, &value) || value < 1 || value > Points::kMax) {
      return Defect(RowReason::kOutOfRange, folded);
    }
    *points = value;
    return std::nullopt;
  }
  const char lead = FormulaLead(folded);
  if (lead == '=' || lead == '@') return CheckNoFormula(folded);
  if (LooksScientific(folded)) return Defect(RowReason::kScientificNotation, folded);
  if (lead == '-' && folded.size() > 1 && AllDigits(folded.substr(1, 1))) {
    return Defect(RowReason::kNegative, folded);
  }
  return Defect(RowReason::kNotAWholeNumber, folded);
}

}  // namespace puhui::issuing
