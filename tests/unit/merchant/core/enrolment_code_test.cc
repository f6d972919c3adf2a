// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/enrolment_code.h"

#include "tests/support/seeded_random.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace puhui::merchant {
namespace {

constexpr absl::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string Drawn(SeededRandom& random) {
  std::array<std::uint8_t, kEnrolmentCodeDrawn> bytes{};
  random.Fill(absl::MakeSpan(bytes));
  return EnrolmentCodeOf(bytes);
}

TEST(EnrolmentCodeTest, IsReadAsItIsShown) {
  SeededRandom random(1);
  for (int i = 0; i < 1'000; ++i) {
    const std::string code = Drawn(random);
    ASSERT_EQ(code.size(), kEnrolmentCodeCharacters);
    const std::string shown = FormatEnrolmentCode(code);
    ASSERT_EQ(shown.size(), 19U) << shown;
    EXPECT_EQ(ReadEnrolmentCode(shown), code);
    EXPECT_EQ(ReadEnrolmentCode(absl::AsciiStrToLower(shown)), code);
  }
}

TEST(EnrolmentCodeTest, HasAGoldenForm) {
  std::array<std::uint8_t, kEnrolmentCodeDrawn> bytes{};
  EXPECT_EQ(FormatEnrolmentCode(EnrolmentCodeOf(bytes)), "0000-0000-0000-0000");
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(0xE0 + 2 * i);
  EXPECT_EQ(FormatEnrolmentCode(EnrolmentCodeOf(bytes)), "0246-8ACE-GJMP-RTW8");
}

TEST(EnrolmentCodeTest, PeopleMayWriteItTheirWay) {
  EXPECT_EQ(ReadEnrolmentCode("O246 8ace gjmp rtw8"), "02468ACEGJMPRTW8");
  EXPECT_EQ(ReadEnrolmentCode("ooOO--oooo 00000000"), "0000000000000000");
  EXPECT_EQ(ReadEnrolmentCode("1iIl LLii 1111 111m"), "111111111111111M");
}

TEST(EnrolmentCodeTest, AnotherLengthOrAnotherAlphabetIsNone) {
  for (const char* text :
       {"", "-", "0246-8ACE-GJMP-RTW", "0246-8ACE-GJMP-RTW80", "0246-8ACE-GJMP-RTWU",
        "0246_8ACE_GJMP_RTW8", "０２４６８ACEGJMPRTW8", "0246-8ACE-GJMP-RTW8\n"}) {
    EXPECT_EQ(ReadEnrolmentCode(text), absl::nullopt) << text;
  }
}

TEST(EnrolmentCodeTest, OneWrongCharacterIsCaughtWhereverItIs) {
  SeededRandom random(2);
  for (int i = 0; i < 20; ++i) {
    const std::string code = Drawn(random);
    for (std::size_t at = 0; at < code.size(); ++at) {
      for (const char c : kAlphabet) {
        std::string other = code;
        other[at] = c;
        EXPECT_EQ(ReadEnrolmentCode(other).has_value(), c == code[at]) << code << " " << other;
      }
    }
  }
}

TEST(EnrolmentCodeTest, TwoThatChangedPlacesAreCaughtWhereverTheyAre) {
  SeededRandom random(3);
  for (int i = 0; i < 20; ++i) {
    const std::string code = Drawn(random);
    for (std::size_t a = 0; a < code.size(); ++a) {
      for (std::size_t b = a + 1; b < code.size(); ++b) {
        std::string other = code;
        std::swap(other[a], other[b]);
        EXPECT_EQ(ReadEnrolmentCode(other).has_value(), code[a] == code[b]) << code << other;
      }
    }
  }
}

}  // namespace
}  // namespace puhui::merchant
