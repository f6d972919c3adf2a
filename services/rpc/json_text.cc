// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/json_text.h"

#include "ledger/base/utf8.h"

#include "absl/strings/str_format.h"

#include <cstddef>

namespace puhui::services {

void AppendJsonText(absl::string_view text, std::string* out) {
  std::size_t plain = 0;  // Where the characters begin that need no escape.
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t whole = Utf8CharacterBytes(text.substr(i));
    if (whole > 0 && byte >= 0x20 && byte != '"' && byte != '\\') {
      i += whole;
      continue;
    }
    out->append(text.data() + plain, i - plain);
    if (whole == 0) {
      *out += "\\ufffd";
    } else if (byte < 0x20) {
      absl::StrAppendFormat(out, "\\u%04x", static_cast<unsigned>(byte));
    } else {
      *out += '\\';
      *out += text[i];
    }
    plain = ++i;
  }
  out->append(text.data() + plain, text.size() - plain);
}

}  // namespace puhui::services
