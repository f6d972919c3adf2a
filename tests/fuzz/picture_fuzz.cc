// SPDX-License-Identifier: Apache-2.0
// Bytes that a merchant sends as a picture: what is taken for one has a size, and is none without
// its last byte.
#include "ledger/base/check.h"
#include "merchant/core/picture.h"

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using puhui::merchant::RecognisePicture;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto kind = RecognisePicture(bytes);
  if (!kind.has_value()) return 0;
  PUHUI_CHECK(kind->width > 0 && kind->height > 0);
  PUHUI_CHECK(!RecognisePicture(bytes.substr(0, size - 1)).has_value());
  return 0;
}
