// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_JSON_TEXT_H_
#define PUHUI_SERVICES_RPC_JSON_TEXT_H_

#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// Appends `text` as the inside of a JSON string, whatever bytes it has: quotes, backslashes and
// control characters are escaped, each byte that is not part of UTF-8 becomes U+FFFD. Every log
// line of the server goes through here.
void AppendJsonText(absl::string_view text, std::string* out);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_JSON_TEXT_H_
