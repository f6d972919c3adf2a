// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/text_encoding.h"

#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/core/gb18030.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::issuing::text_encoding_test {
namespace {

using ::testing::HasSubstr;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

std::string Text(const char* bytes, std::size_t size) { return std::string(bytes, size); }

TEST(TextEncodingTest, Utf8IsTakenAsItIs) {
  ASSERT_OK_AND_ASSIGN(const std::string text, DecodeToUtf8("工号,姓名\n"));
  EXPECT_EQ(text, "工号,姓名\n");
  ASSERT_OK_AND_ASSIGN(const TextEncoding encoding, DetectEncoding("工号"));
  EXPECT_EQ(encoding, TextEncoding::kUtf8);
}

TEST(TextEncodingTest, TheUtf8MarkIsRemoved) {
  ASSERT_OK_AND_ASSIGN(const std::string text, DecodeToUtf8("\xEF\xBB\xBF工号"));
  EXPECT_EQ(text, "工号");
  ASSERT_OK_AND_ASSIGN(const TextEncoding encoding, DetectEncoding("\xEF\xBB\xBF工号"));
  EXPECT_EQ(encoding, TextEncoding::kUtf8WithBom);
}

TEST(TextEncodingTest, DecodesGb18030OfTwoAndOfFourBytes) {
  // 工号 has two bytes each, U+36C3 and U+20BB7 have four; written out, so that no library decides.
  ASSERT_OK_AND_ASSIGN(const std::string text,
                       DecodeToUtf8("\xB9\xA4\xBA\xC5,\x82\x30\xB7\x31,\x95\x34\xB2\x35"));
  EXPECT_EQ(text, absl::StrCat("工号,", "\xE3\x9B\x83", ",", "\xF0\xA0\xAE\xB7"));
}

TEST(TextEncodingTest, DecodesGb18030AcrossChunks) {
  std::string expected;
  for (int i = 0; i < 60'000; ++i) absl::StrAppend(&expected, i % 7, "工𠮷,");
  ASSERT_OK_AND_ASSIGN(const std::string text, DecodeToUtf8(ToGb18030(expected)));
  EXPECT_EQ(text, expected);
}

TEST(TextEncodingTest, AnUndecodableByteIsRefusedWithItsPlace) {
  const absl::Status status = DecodeToUtf8("a\r\n\xB9\xA4\xBA\xC5\n\xFF,b").status();
  EXPECT_THAT(status, HasCode(kInvalid));
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 3, byte 8"));
}

TEST(TextEncodingTest, ACharacterCutOffAtTheEndIsRefusedWithItsPlace) {
  const absl::Status status = DecodeToUtf8("\xB9\xA4\n\xBA").status();
  EXPECT_THAT(status, HasCode(kInvalid));
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 2, byte 3"));
}

TEST(TextEncodingTest, MalformedUtf8AfterTheMarkIsNotTakenForGb18030) {
  EXPECT_THAT(DecodeToUtf8("\xEF\xBB\xBF\xB9\xA4\xBA\xC5"), HasCode(kInvalid));
}

TEST(TextEncodingTest, Utf16WorkbooksAndNulBytesAreRefused) {
  EXPECT_THAT(DecodeToUtf8(Text("\xFF\xFE\xE5\x5D", 4)), HasCode(kInvalid));
  EXPECT_THAT(DecodeToUtf8(Text("\xFE\xFF\x5D\xE5", 4)), HasCode(kInvalid));
  EXPECT_THAT(DecodeToUtf8("PK\x03\x04rest"), HasCode(kInvalid));
  EXPECT_THAT(DecodeToUtf8("\xD0\xCF\x11\xE0rest"), HasCode(kInvalid));
  const absl::Status nul = DecodeToUtf8(Text("ab\nc\0d", 6)).status();
  EXPECT_THAT(nul, HasCode(kInvalid));
  EXPECT_THAT(std::string(nul.message()), HasSubstr("line 2, byte 4"));
}

TEST(TextEncodingTest, WellFormedUtf8EndsWhereUnicodeSaysSo) {
  EXPECT_EQ(WellFormedUtf8Bytes("12345678 工号𠮷"), 8U + 1 + 6 + 4);
  EXPECT_EQ(WellFormedUtf8Bytes("ab\xC0\x80"), 2U);          // Overlong NUL.
  EXPECT_EQ(WellFormedUtf8Bytes("ab\xE0\x9F\xBF"), 2U);      // Overlong three bytes.
  EXPECT_EQ(WellFormedUtf8Bytes("ab\xED\xA0\x80"), 2U);      // A surrogate.
  EXPECT_EQ(WellFormedUtf8Bytes("ab\xF0\x8F\xBF\xBF"), 2U);  // Overlong four bytes.
  EXPECT_EQ(WellFormedUtf8Bytes("ab\xF4\x90\x80\x80"), 2U);  // Above U+10FFFF.
  EXPECT_EQ(WellFormedUtf8Bytes("ab\xE5\xB7"), 2U);          // Cut off.
  EXPECT_EQ(WellFormedUtf8Bytes("12345678\x80"), 8U);
}

TEST(TextEncodingTest, FoldsFullWidthAsciiAndNothingElse) {
  EXPECT_EQ(FoldWidth("０９ＡＺａｚ！／～＝　x"), "09AZaz!/~= x");
  EXPECT_EQ(FoldWidth("工号、。·"), "工号、。·");
  // The neighbours of the folded range: U+FF00 is unassigned, U+FF5F and U+3001 are other signs.
  EXPECT_EQ(FoldWidth("\xEF\xBC\x80\xEF\xBD\x9F\xE3\x80\x81"),
            "\xEF\xBC\x80\xEF\xBD\x9F\xE3\x80\x81");
}

}  // namespace
}  // namespace puhui::issuing::text_encoding_test
