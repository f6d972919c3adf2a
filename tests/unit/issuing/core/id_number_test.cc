// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/id_number.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing {
namespace {

constexpr absl::CivilDay kToday(2025, 1, 1);

// An ID number born on `yyyymmdd`, sound in everything else.
std::string Born(absl::string_view yyyymmdd) {
  const std::string digits = absl::StrCat("990101", yyyymmdd, "117");
  return digits + IdNumberCheckCharacter(digits);
}

TEST(IdNumberTest, AgreesWithTheExamplesOfTheStandard) {
  EXPECT_EQ(IdNumberCheckCharacter("11010519491231002"), 'X');
  EXPECT_EQ(IdNumberCheckCharacter("44052418800101001"), '4');
  EXPECT_EQ(CheckIdNumber("11010519491231002X", kToday), IdNumberDefect::kNone);
  EXPECT_EQ(CheckIdNumber("11010519491231002x", kToday), IdNumberDefect::kNone);
}

TEST(IdNumberTest, DefectsAreFoundInOrder) {
  EXPECT_EQ(CheckIdNumber("", kToday), IdNumberDefect::kLength);
  EXPECT_EQ(CheckIdNumber("110105491231002", kToday), IdNumberDefect::kLength);
  EXPECT_EQ(CheckIdNumber("11010519491231002XX", kToday), IdNumberDefect::kLength);
  EXPECT_EQ(CheckIdNumber("1101051949123100X2", kToday), IdNumberDefect::kCharacters);
  EXPECT_EQ(CheckIdNumber("11010519491231002A", kToday), IdNumberDefect::kCharacters);
  EXPECT_EQ(CheckIdNumber("110105194912310025", kToday), IdNumberDefect::kCheckDigit);
  EXPECT_EQ(CheckIdNumber("11010519491331002X", kToday), IdNumberDefect::kBirthDate);
}

TEST(IdNumberTest, EveryChangeOfOneDigitIsFound) {
  const std::string sound = Born("19900101");
  for (std::size_t i = 0; i < sound.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (sound[i] == digit) continue;
      std::string changed = sound;
      changed[i] = digit;
      EXPECT_NE(CheckIdNumber(changed, kToday), IdNumberDefect::kNone) << "at " << i;
    }
  }
}

TEST(IdNumberTest, TheBirthDateExistsAndLiesBetween1900AndToday) {
  EXPECT_EQ(CheckIdNumber(Born("19000101"), kToday), IdNumberDefect::kNone);
  EXPECT_EQ(CheckIdNumber(Born("18991231"), kToday), IdNumberDefect::kBirthDate);
  EXPECT_EQ(CheckIdNumber(Born("20250101"), kToday), IdNumberDefect::kNone);
  EXPECT_EQ(CheckIdNumber(Born("20250102"), kToday), IdNumberDefect::kBirthDate);
  EXPECT_EQ(CheckIdNumber(Born("20000229"), kToday), IdNumberDefect::kNone);
  EXPECT_EQ(CheckIdNumber(Born("19000229"), kToday), IdNumberDefect::kBirthDate);
  EXPECT_EQ(CheckIdNumber(Born("20010229"), kToday), IdNumberDefect::kBirthDate);
  EXPECT_EQ(CheckIdNumber(Born("19900431"), kToday), IdNumberDefect::kBirthDate);
  EXPECT_EQ(CheckIdNumber(Born("19900100"), kToday), IdNumberDefect::kBirthDate);
  EXPECT_EQ(CheckIdNumber(Born("19900001"), kToday), IdNumberDefect::kBirthDate);
}

}  // namespace
}  // namespace puhui::issuing
