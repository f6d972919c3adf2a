// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_BASE_UTF8_H_
#define PUHUI_LEDGER_BASE_UTF8_H_

#include "absl/strings/string_view.h"

#include <cstddef>

namespace puhui {

// The bytes of the character that `text` begins with; 0 when it does not begin with a well-formed
// one. Well-formed is table 3-7 of the Unicode standard, which leaves out overlong forms,
// surrogates and everything above U+10FFFF. Requires: `text` is not empty.
std::size_t Utf8CharacterBytes(absl::string_view text);

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_UTF8_H_
