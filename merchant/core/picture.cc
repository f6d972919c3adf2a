// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/picture.h"

#include "absl/strings/match.h"

#include <cstddef>

namespace puhui::merchant {
namespace {

constexpr absl::string_view kPngBegin("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
constexpr absl::string_view kPngEnd("\0\0\0\0IEND\xAE\x42\x60\x82", 12);

std::uint32_t ByteAt(absl::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// Requires: they are there.
std::uint32_t BigEndian(absl::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8U | ByteAt(bytes, at + i);
  return value;
}
std::uint32_t LittleEndian(absl::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = value << 8U | ByteAt(bytes, at + i - 1);
  return value;
}

absl::optional<PictureKind> Png(absl::string_view bytes) {
  constexpr std::size_t kWidthAt = 16;
  constexpr std::size_t kHeightAt = 20;
  constexpr std::size_t kHeaderBytes = 33;
  if (!absl::StartsWith(bytes, kPngBegin) || !absl::EndsWith(bytes, kPngEnd) ||
      bytes.size() < kHeaderBytes + kPngEnd.size()) {
    return absl::nullopt;
  }
  return PictureKind{.media_type = "image/png",
                     .width = BigEndian(bytes, kWidthAt, 4),
                     .height = BigEndian(bytes, kHeightAt, 4)};
}

// The frame header, whatever the coding: all markers C0 to CF but for three.
bool IsFrame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Goes from segment to segment until the frame, which says how large it is.
absl::optional<PictureKind> Jpeg(absl::string_view bytes) {
  if (!absl::StartsWith(bytes, "\xFF\xD8\xFF") || !absl::EndsWith(bytes, "\xFF\xD9")) {
    return absl::nullopt;
  }
  for (std::size_t at = 2; at + 9 <= bytes.size();) {
    if (ByteAt(bytes, at) != 0xFF) return absl::nullopt;
    const std::uint32_t marker = ByteAt(bytes, at + 1);
    if (marker == 0xFF) {  // Padding.
      ++at;
      continue;
    }
    const std::size_t length = BigEndian(bytes, at + 2, 2);
    if (IsFrame(marker)) {
      return PictureKind{.media_type = "image/jpeg",
                         .width = BigEndian(bytes, at + 7, 2),
                         .height = BigEndian(bytes, at + 5, 2)};
    }
    if (marker == 0xDA || marker == 0xD9 || length < 2) return absl::nullopt;
    at += 2 + length;
  }
  return absl::nullopt;
}

absl::optional<PictureKind> WebP(absl::string_view bytes) {
  constexpr std::size_t kHeaderBytes = 30;
  constexpr std::uint32_t kSide14Bits = 0x3FFF;
  if (bytes.size() < kHeaderBytes || !absl::StartsWith(bytes, "RIFF") ||
      bytes.substr(8, 4) != "WEBP" || LittleEndian(bytes, 4, 4) + 8 != bytes.size()) {
    return absl::nullopt;
  }
  PictureKind kind{.media_type = "image/webp"};
  const absl::string_view form = bytes.substr(12, 4);
  if (form == "VP8X") {
    kind.width = LittleEndian(bytes, 24, 3) + 1;
    kind.height = LittleEndian(bytes, 27, 3) + 1;
  } else if (form == "VP8L" && ByteAt(bytes, 20) == 0x2F) {
    const std::uint32_t bits = LittleEndian(bytes, 21, 4);
    kind.width = (bits & kSide14Bits) + 1;
    kind.height = (bits >> 14U & kSide14Bits) + 1;
  } else if (form == "VP8 " && bytes.substr(23, 3) == "\x9D\x01\x2A") {
    kind.width = LittleEndian(bytes, 26, 2) & kSide14Bits;
    kind.height = LittleEndian(bytes, 28, 2) & kSide14Bits;
  } else {
    return absl::nullopt;
  }
  return kind;
}

}  // namespace

absl::optional<PictureKind> RecognisePicture(absl::string_view bytes) {
  for (const auto recognise : {Png, Jpeg, WebP}) {
    const absl::optional<PictureKind> kind = recognise(bytes);
    if (kind.has_value() && kind->width > 0 && kind->height > 0) return kind;
  }
  return absl::nullopt;
}

}  // namespace puhui::merchant
