// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/text_encoding.h"

#include "ledger/base/status_macros.h"
#include "ledger/base/utf8.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <unicode/ucnv.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace puhui::issuing {
namespace {

constexpr absl::string_view kUtf8Bom = "\xEF\xBB\xBF";
constexpr std::size_t kDecodeChunkBytes = std::size_t{64} << 10;
constexpr std::size_t kPivotUnits = 8'192;

unsigned char ByteAt(absl::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

// "line 3, byte 120", with the line ends that the CSV reader knows: LF, CRLF and CR.
std::string Place(absl::string_view bytes, std::size_t offset) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < offset; ++i) {
    const bool crlf = bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n';
    if (bytes[i] == '\n' || (bytes[i] == '\r' && !crlf)) ++line;
  }
  return absl::StrCat("line ", line, ", byte ", offset);
}

// Saves a caller who picked the wrong file a puzzling decoding error.
absl::Status RefuseOtherFormats(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "PK\x03\x04") || absl::StartsWith(bytes, "\xD0\xCF\x11\xE0")) {
    return absl::InvalidArgumentError(
        "the file is a workbook or an archive; save the sheet as CSV (UTF-8 or GB18030)");
  }
  if (absl::StartsWith(bytes, "\xFF\xFE") || absl::StartsWith(bytes, "\xFE\xFF")) {
    return absl::InvalidArgumentError("the file is UTF-16; save it as UTF-8 or GB18030");
  }
  const std::size_t nul = bytes.find('\0');
  if (nul != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(Place(bytes, nul), ": a NUL byte; the file must be text in UTF-8 or GB18030"));
  }
  return absl::OkStatus();
}

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

// Fails: INTERNAL when this build of ICU lacks the converter.
absl::StatusOr<Converter> OpenStrict(const char* name) {
  UErrorCode code = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &code));
  if (U_SUCCESS(code)) {
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &code);
  }
  if (U_FAILURE(code)) {
    return absl::InternalError(absl::StrCat("no converter for ", name, ": ", u_errorName(code)));
  }
  return converter;
}

absl::Status Undecodable(UConverter* converter, absl::string_view bytes, std::size_t consumed) {
  std::array<char, 32> invalid;
  auto invalid_bytes = static_cast<std::int8_t>(invalid.size());
  UErrorCode code = U_ZERO_ERROR;
  ucnv_getInvalidChars(converter, invalid.data(), &invalid_bytes, &code);
  const auto back = U_SUCCESS(code) ? static_cast<std::size_t>(invalid_bytes) : 0;
  const std::size_t offset = consumed >= back ? consumed - back : 0;
  return absl::InvalidArgumentError(absl::StrCat(Place(bytes, offset),
                                                 ": not GB18030, and not UTF-8 from ",
                                                 Place(bytes, WellFormedUtf8Bytes(bytes))));
}

absl::StatusOr<std::string> DecodeGb18030(absl::string_view bytes) {
  PUHUI_ASSIGN_OR_RETURN(const Converter from, OpenStrict("gb18030"));
  PUHUI_ASSIGN_OR_RETURN(const Converter to, OpenStrict("UTF-8"));
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 4);
  std::string chunk(kDecodeChunkBytes, '\0');
  std::array<UChar, kPivotUnits> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = bytes.data();
  const char* const source_end = bytes.data() + bytes.size();
  UErrorCode code = U_BUFFER_OVERFLOW_ERROR;
  bool first = true;
  while (code == U_BUFFER_OVERFLOW_ERROR) {
    code = U_ZERO_ERROR;
    char* target = chunk.data();
    ucnv_convertEx(to.get(), from.get(), &target, chunk.data() + chunk.size(), &source, source_end,
                   pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(), first,
                   true, &code);
    first = false;
    text.append(chunk.data(), static_cast<std::size_t>(target - chunk.data()));
  }
  if (U_FAILURE(code)) {
    return Undecodable(from.get(), bytes, static_cast<std::size_t>(source - bytes.data()));
  }
  return text;
}

}  // namespace

absl::string_view TextEncodingName(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::kUtf8:
      return "UTF-8";
    case TextEncoding::kUtf8WithBom:
      return "UTF-8 with BOM";
    case TextEncoding::kGb18030:
      return "GB18030";
  }
  return "";
}

absl::StatusOr<TextEncoding> DetectEncoding(absl::string_view bytes) {
  PUHUI_RETURN_IF_ERROR(RefuseOtherFormats(bytes));
  const std::size_t well_formed = WellFormedUtf8Bytes(bytes);
  const bool bom = absl::StartsWith(bytes, kUtf8Bom);
  if (well_formed == bytes.size()) return bom ? TextEncoding::kUtf8WithBom : TextEncoding::kUtf8;
  if (bom) {
    return absl::InvalidArgumentError(absl::StrCat(
        Place(bytes, well_formed), ": not UTF-8, though the file begins with a UTF-8 mark"));
  }
  return TextEncoding::kGb18030;
}

absl::string_view WithoutBom(absl::string_view bytes) { return absl::StripPrefix(bytes, kUtf8Bom); }

absl::StatusOr<std::string> DecodeToUtf8(absl::string_view bytes) {
  PUHUI_ASSIGN_OR_RETURN(const TextEncoding encoding, DetectEncoding(bytes));
  if (encoding != TextEncoding::kGb18030) return std::string(WithoutBom(bytes));
  PUHUI_ASSIGN_OR_RETURN(std::string text, DecodeGb18030(bytes));
  // GB18030 has its own encoding of U+FEFF, and editors write it.
  if (absl::StartsWith(text, kUtf8Bom)) text.erase(0, kUtf8Bom.size());
  return text;
}

std::string FoldWidth(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool three = i + 2 < text.size();
    const unsigned char second = three ? ByteAt(text, i + 1) : 0;
    const unsigned char third = three ? ByteAt(text, i + 2) : 0;
    const unsigned char lead = ByteAt(text, i);
    if (lead == 0xEF && second == 0xBC && third >= 0x81) {
      folded.push_back(static_cast<char>(third - 0x81 + '!'));
    } else if (lead == 0xEF && second == 0xBD && third <= 0x9E && third >= 0x80) {
      folded.push_back(static_cast<char>(third - 0x80 + '`'));
    } else if (lead == 0xE3 && second == 0x80 && third == 0x80) {
      folded.push_back(' ');
    } else {
      folded.push_back(text[i]);
      continue;
    }
    i += 2;
  }
  return folded;
}

std::size_t WellFormedUtf8Bytes(absl::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t position = 0;
  while (position < text.size()) {
    std::uint64_t word = kHighBits;
    if (position + sizeof(word) <= text.size()) {
      std::memcpy(&word, text.data() + position, sizeof(word));
    }
    if ((word & kHighBits) == 0) {
      position += sizeof(word);
      continue;
    }
    const std::size_t length = Utf8CharacterBytes(text.substr(position));
    if (length == 0) return position;
    position += length;
  }
  return position;
}

}  // namespace puhui::issuing
