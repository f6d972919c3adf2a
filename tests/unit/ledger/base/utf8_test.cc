// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/utf8.h"

#include <gtest/gtest.h>

namespace puhui {
namespace {

TEST(Utf8Test, MeasuresTheFirstCharacter) {
  EXPECT_EQ(Utf8CharacterBytes("a惠"), 1U);
  EXPECT_EQ(Utf8CharacterBytes("é"), 2U);
  EXPECT_EQ(Utf8CharacterBytes("惠a"), 3U);
  EXPECT_EQ(Utf8CharacterBytes("\xF0\xA0\xAE\xB7"), 4U);  // U+20BB7, as in some names.
}

TEST(Utf8Test, TakesTheEdgesOfTheTable) {
  EXPECT_EQ(Utf8CharacterBytes("\x7F"), 1U);
  EXPECT_EQ(Utf8CharacterBytes("\xC2\x80"), 2U);
  EXPECT_EQ(Utf8CharacterBytes("\xE0\xA0\x80"), 3U);
  EXPECT_EQ(Utf8CharacterBytes("\xED\x9F\xBF"), 3U);
  EXPECT_EQ(Utf8CharacterBytes("\xF4\x8F\xBF\xBF"), 4U);
}

TEST(Utf8Test, KnowsWhatIsNotACharacter) {
  EXPECT_EQ(Utf8CharacterBytes("\x80"), 0U);              // Continues nothing.
  EXPECT_EQ(Utf8CharacterBytes("\xC1\xBF"), 0U);          // Overlong.
  EXPECT_EQ(Utf8CharacterBytes("\xE0\x9F\xBF"), 0U);      // Overlong.
  EXPECT_EQ(Utf8CharacterBytes("\xED\xA0\x80"), 0U);      // A surrogate.
  EXPECT_EQ(Utf8CharacterBytes("\xF4\x90\x80\x80"), 0U);  // Above U+10FFFF.
  EXPECT_EQ(Utf8CharacterBytes("\xE6\x83"), 0U);          // Cut short.
  EXPECT_EQ(Utf8CharacterBytes("\xE6\x83\x41"), 0U);
}

}  // namespace
}  // namespace puhui
