// SPDX-License-Identifier: Apache-2.0
// The citizen identity number of GB 11643-1999. Nothing here puts a number into a text.
#ifndef PUHUI_ISSUING_CORE_ID_NUMBER_H_
#define PUHUI_ISSUING_CORE_ID_NUMBER_H_

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace puhui::issuing {

// Whether there is nothing but ASCII digits in `text`.
bool AllDigits(absl::string_view text);

// In the order in which they are looked for.
enum class IdNumberDefect { kNone, kLength, kCharacters, kBirthDate, kCheckDigit };

// What is wrong with `number`: 18 characters, 17 digits and then a digit or X (also x), a birth
// date that exists and lies in 1900-01-01…`today`, and the check character. Region codes are not
// judged: they change by decree, and a code that was abolished is still on its holder's card.
IdNumberDefect CheckIdNumber(absl::string_view number, absl::CivilDay today);

// The check character, '0'…'9' or 'X', that ISO 7064 MOD 11-2 gives for 17 digits.
// Requires: `digits` are 17 ASCII digits (checked).
char IdNumberCheckCharacter(absl::string_view digits);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_ID_NUMBER_H_
