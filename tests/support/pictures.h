// SPDX-License-Identifier: Apache-2.0
// The smallest pictures that are some, of any size in dots.
#ifndef PUHUI_TESTS_SUPPORT_PICTURES_H_
#define PUHUI_TESTS_SUPPORT_PICTURES_H_

#include <cstdint>
#include <string>

namespace puhui::testing {

inline void AppendBigEndian(std::uint32_t value, int bytes, std::string* out) {
  for (int i = bytes - 1; i >= 0; --i) out->push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}
inline void AppendLittleEndian(std::uint32_t value, int bytes, std::string* out) {
  for (int i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

inline std::string PngOf(std::uint32_t width, std::uint32_t height) {
  std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  AppendBigEndian(width, 4, &png);
  AppendBigEndian(height, 4, &png);
  png.append("\x08\x02\0\0\0", 5);
  AppendBigEndian(0, 4, &png);  // Nobody looks at checksums.
  return png.append("\0\0\0\0IEND\xAE\x42\x60\x82", 12);
}

inline std::string JpegOf(std::uint32_t width, std::uint32_t height) {
  std::string jpeg("\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20);
  jpeg.append("\xFF\xC0\0\x11\x08", 5);
  AppendBigEndian(height, 2, &jpeg);
  AppendBigEndian(width, 2, &jpeg);
  return jpeg.append("\3\1\"\0\2\x11\1\3\x11\1\xFF\xDA\0\x02\x11\xFF\xD9", 17);
}

inline std::string WebPOf(std::uint32_t width, std::uint32_t height) {
  std::string body("WEBPVP8X\x0A\0\0\0\0\0\0\0", 16);
  AppendLittleEndian(width - 1, 3, &body);
  AppendLittleEndian(height - 1, 3, &body);
  std::string webp("RIFF");
  AppendLittleEndian(static_cast<std::uint32_t>(body.size()), 4, &webp);
  return webp + body;
}

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_SUPPORT_PICTURES_H_
