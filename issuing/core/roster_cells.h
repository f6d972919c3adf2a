// SPDX-License-Identifier: Apache-2.0
// The rules for one cell of a roster. Each takes the trimmed cell; a shape never holds a part of
// it.
#ifndef PUHUI_ISSUING_CORE_ROSTER_CELLS_H_
#define PUHUI_ISSUING_CORE_ROSTER_CELLS_H_

#include "issuing/core/roster_problem.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace puhui::issuing {

struct CellDefect {
  RowReason reason = RowReason::kRequired;
  std::string shape;
};
using MaybeDefect = std::optional<CellDefect>;

// Names, departments and forms of employment, as written.
// Refuses: kFormulaCell, kTooLong, kForbiddenCharacter (control and direction-changing characters:
// they make a name on a receipt read as another).
MaybeDefect CheckText(absl::string_view text, std::size_t bytes_max);

// Refuses: as CheckText, and kScientificNotation when a spreadsheet made a number of it.
MaybeDefect CheckExternalId(absl::string_view folded);

// Refuses: kFormulaCell, kScientificNotation, kWrongLength, kWrongCharacters, kBirthDate,
// kCheckDigit.
MaybeDefect CheckIdNumberCell(absl::string_view folded, absl::CivilDay today);

// A passport's number, in upper case.
// Refuses: kFormulaCell, kScientificNotation, kWrongLength, kWrongCharacters.
MaybeDefect CheckPassportCell(absl::string_view folded);

// 11 digits that begin with 1. Carrier prefixes are not judged: new ones open every year.
// Refuses: kFormulaCell, kScientificNotation, kBadMobile.
MaybeDefect CheckMobile(absl::string_view folded);

// As CheckMobile, or a number of another country as ITU-T E.164 writes it: '+' and 7 to 15 digits.
MaybeDefect CheckMobileAbroad(absl::string_view folded);

// A whole number in 1…Points::kMax, without separators.
// Refuses: kFormulaCell, kScientificNotation, kNegative, kNotAWholeNumber, kOutOfRange; `points` is
// untouched then.
MaybeDefect ReadPoints(absl::string_view folded, std::int64_t* points);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_ROSTER_CELLS_H_
