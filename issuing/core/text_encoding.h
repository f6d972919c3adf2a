// SPDX-License-Identifier: Apache-2.0
// The bytes of a file as text: UTF-8 or GB18030 in, UTF-8 out. No error text here quotes the file.
#ifndef PUHUI_ISSUING_CORE_TEXT_ENCODING_H_
#define PUHUI_ISSUING_CORE_TEXT_ENCODING_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::issuing {

enum class TextEncoding { kUtf8, kUtf8WithBom, kGb18030 };

// "UTF-8", "UTF-8 with BOM" or "GB18030".
absl::string_view TextEncodingName(TextEncoding encoding);

// Which encoding `bytes` are in. Well-formed UTF-8 is UTF-8; everything else without a BOM is taken
// for GB18030, which only DecodeToUtf8 proves. GB18030 text that happens to be well-formed UTF-8
// cannot be told apart; with a Chinese header line that does not happen.
// Refuses: a workbook or archive, UTF-16, a NUL byte, a UTF-8 BOM before malformed UTF-8.
absl::StatusOr<TextEncoding> DetectEncoding(absl::string_view bytes);

// `bytes` without a leading UTF-8 BOM.
absl::string_view WithoutBom(absl::string_view bytes);

// The whole file as UTF-8 without BOM.
// Refuses: what DetectEncoding refuses, and a byte that is in neither encoding, with its line (from
// 1) and its offset (from 0).
absl::StatusOr<std::string> DecodeToUtf8(absl::string_view bytes);

// Full-width digits, letters and punctuation (U+FF01…U+FF5E) and the ideographic space (U+3000) as
// ASCII. For numbers and identifiers; a person's name is kept as it is written.
// Requires: `text` is UTF-8.
std::string FoldWidth(absl::string_view text);

// How many leading bytes of `text` are well-formed UTF-8; `text.size()` when all are.
std::size_t WellFormedUtf8Bytes(absl::string_view text);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_TEXT_ENCODING_H_
