// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/roster_problem.h"

#include <cstdlib>

namespace puhui::issuing {

absl::string_view RosterFieldName(RosterField field) {
  switch (field) {
    case RosterField::kExternalId:
      return "external_id";
    case RosterField::kName:
      return "name";
    case RosterField::kIdNumber:
      return "id_number";
    case RosterField::kMobile:
      return "mobile";
    case RosterField::kDepartment:
      return "department";
    case RosterField::kEmployment:
      return "employment";
    case RosterField::kPoints:
      return "points";
  }
  std::abort();  // A new enumerator fails to compile above.
}

absl::string_view RowReasonText(RowReason reason) {
  switch (reason) {
    case RowReason::kColumnCount:
      return "COLUMN_COUNT";
    case RowReason::kRequired:
      return "REQUIRED";
    case RowReason::kFormulaCell:
      return "FORMULA_CELL";
    case RowReason::kTooLong:
      return "TOO_LONG";
    case RowReason::kForbiddenCharacter:
      return "FORBIDDEN_CHARACTER";
    case RowReason::kScientificNotation:
      return "SCIENTIFIC_NOTATION";
    case RowReason::kWrongLength:
      return "WRONG_LENGTH";
    case RowReason::kWrongCharacters:
      return "WRONG_CHARACTERS";
    case RowReason::kBirthDate:
      return "BIRTH_DATE";
    case RowReason::kCheckDigit:
      return "CHECK_DIGIT";
    case RowReason::kBadMobile:
      return "BAD_MOBILE";
    case RowReason::kNegative:
      return "NEGATIVE";
    case RowReason::kNotAWholeNumber:
      return "NOT_A_WHOLE_NUMBER";
    case RowReason::kOutOfRange:
      return "OUT_OF_RANGE";
    case RowReason::kDuplicateInFile:
      return "DUPLICATE_IN_FILE";
  }
  std::abort();  // A new enumerator fails to compile above.
}

}  // namespace puhui::issuing
