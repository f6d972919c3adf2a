// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_ISSUING_CORE_GB18030_H_
#define PUHUI_TESTS_UNIT_ISSUING_CORE_GB18030_H_

#include "ledger/base/check.h"

#include "absl/strings/string_view.h"
#include <unicode/ucnv.h>

#include <cstdint>
#include <string>

namespace puhui::issuing {

// `utf8` as an HR system's export would have it. Requires: well-formed UTF-8 (checked).
inline std::string ToGb18030(absl::string_view utf8) {
  std::string bytes(utf8.size() * 2 + 1, '\0');
  UErrorCode code = U_ZERO_ERROR;
  const std::int32_t size =
      ucnv_convert("gb18030", "UTF-8", bytes.data(), static_cast<std::int32_t>(bytes.size()),
                   utf8.data(), static_cast<std::int32_t>(utf8.size()), &code);
  PUHUI_CHECK(U_SUCCESS(code));
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

}  // namespace puhui::issuing

#endif  // PUHUI_TESTS_UNIT_ISSUING_CORE_GB18030_H_
