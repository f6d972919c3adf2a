// SPDX-License-Identifier: Apache-2.0
// What proves who somebody is: the citizen identity number (id_number.h), or for members abroad a
// foreign passport. Residents from Hong Kong, Macao and Taiwan have residence permits with numbers
// of GB 11643. Nothing here puts a number into a text.
#ifndef PUHUI_ISSUING_CORE_ID_DOCUMENT_H_
#define PUHUI_ISSUING_CORE_ID_DOCUMENT_H_

#include "absl/strings/string_view.h"

#include <cstdint>

namespace puhui::issuing {

// Numbers are those of puhui.v1.DocumentKind; they are stored.
enum class DocumentKind : std::uint8_t { kResidentId = 1, kPassport = 2 };

// In the order in which they are looked for.
enum class PassportDefect { kNone, kLength, kCharacters };

// What is wrong with a passport's number: 5 to 9 of A-Z and 0-9 with a digit among them. Nine is
// what ICAO Doc 9303 leaves room for; states that write fewer write five at least.
PassportDefect CheckPassportNumber(absl::string_view number);

// Whether `country` is written as ISO 3166-1 alpha-3 writes one, and is not CHN: a citizen has an
// identity number, and with two documents one person could be two members.
bool IssuesForeignPassports(absl::string_view country);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_ID_DOCUMENT_H_
