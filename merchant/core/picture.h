// SPDX-License-Identifier: Apache-2.0
// What kind of picture some bytes are, by the bytes themselves: whatever a caller says of them may
// be wrong. Nothing is decoded, so a hostile picture meets no decoder here. Pure.
#ifndef PUHUI_MERCHANT_CORE_PICTURE_H_
#define PUHUI_MERCHANT_CORE_PICTURE_H_

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::merchant {

struct PictureKind {
  absl::string_view media_type;  // "image/jpeg", "image/png" or "image/webp".
  std::uint32_t width = 0;       // Dots, at least one.
  std::uint32_t height = 0;

  friend bool operator==(const PictureKind&, const PictureKind&) = default;
};

// Nothing unless `bytes` begin and end as a whole JPEG, PNG or WebP does, and say how large it is.
absl::optional<PictureKind> RecognisePicture(absl::string_view bytes);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_PICTURE_H_
