// SPDX-License-Identifier: Apache-2.0
// Names as they are searched for: what people write differently and mean alike is the same text.
#ifndef PUHUI_ISSUING_CORE_SEARCH_TEXT_H_
#define PUHUI_ISSUING_CORE_SEARCH_TEXT_H_

#include "absl/strings/string_view.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::issuing {

// NFKC with case folded, without blanks and controls, and with one dot for all the dots that stand
// between the parts of a name: 张　三 is 张三, ＭＵＬＬＥＲ is muller, 买买提•艾力 is 买买提·艾力.
// Malformed bytes are replaced, not refused. Pure: the version of Unicode is that of the library.
std::string SearchText(absl::string_view text);

// The first character of `text`, its first two, and so on up to `characters_max`.
// Requires: `text` is UTF-8, as SearchText makes it.
std::vector<absl::string_view> Prefixes(absl::string_view text, std::size_t characters_max);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_SEARCH_TEXT_H_
