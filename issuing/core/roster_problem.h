// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a row of a roster, said without repeating what the row holds.
#ifndef PUHUI_ISSUING_CORE_ROSTER_PROBLEM_H_
#define PUHUI_ISSUING_CORE_ROSTER_PROBLEM_H_

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::issuing {

enum class RosterField {
  kExternalId,
  kName,
  kIdNumber,
  kMobile,
  kDepartment,
  kEmployment,
  kPoints,
};
inline constexpr std::size_t kRosterFields = 7;

// The canonical English name, such as "id_number"; it is also a column heading that is understood.
absl::string_view RosterFieldName(RosterField field);

// By precedence: of several things wrong with one cell the earliest is reported.
enum class RowReason {
  kColumnCount,
  kRequired,
  kFormulaCell,
  kTooLong,
  kForbiddenCharacter,
  kScientificNotation,
  kWrongLength,
  kWrongCharacters,
  kBirthDate,
  kCheckDigit,
  kBadMobile,
  kNegative,
  kNotAWholeNumber,
  kOutOfRange,
  kDuplicateInFile,
};

// The stable text that callers and reports see, such as "CHECK_DIGIT".
absl::string_view RowReasonText(RowReason reason);

// One defect of one row.
struct RowProblem {
  std::uint32_t line = 0;   // From 1, as a text editor counts: the header is line 1.
  absl::string_view field;  // RosterFieldName, or "row" when the row as a whole is wrong.
  RowReason reason = RowReason::kRequired;
  std::string shape;  // What came, such as "17 characters"; never the value, nor a part of it.
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_ROSTER_PROBLEM_H_
