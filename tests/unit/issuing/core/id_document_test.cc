// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/id_document.h"

#include "issuing/core/roster_cells.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing {
namespace {

TEST(PassportTest, TakesFiveToNineCapitalsAndDigits) {
  for (const char* number : {"A1234", "123456789", "AB1234567", "12E45678"}) {
    EXPECT_EQ(CheckPassportNumber(number), PassportDefect::kNone) << number;
    EXPECT_FALSE(CheckPassportCell(number).has_value()) << number;
  }
}

TEST(PassportTest, NamesWhatIsWrong) {
  const std::pair<const char*, PassportDefect> rows[] = {{"", PassportDefect::kLength},
                                                         {"A123", PassportDefect::kLength},
                                                         {"A123456789", PassportDefect::kLength},
                                                         {"ABCDEFG", PassportDefect::kCharacters},
                                                         {"a1234567", PassportDefect::kCharacters},
                                                         {"A 123456", PassportDefect::kCharacters},
                                                         {"A-12345", PassportDefect::kCharacters},
                                                         {"Å123456", PassportDefect::kCharacters}};
  for (const auto& [number, defect] : rows) {
    EXPECT_EQ(CheckPassportNumber(number), defect) << number;
  }
}

TEST(PassportTest, ACellSaysWhatASpreadsheetDid) {
  const std::pair<const char*, RowReason> rows[] = {{"1.2E+08", RowReason::kScientificNotation},
                                                    {"=A1234", RowReason::kFormulaCell},
                                                    {"A123", RowReason::kWrongLength},
                                                    {"a12345", RowReason::kWrongCharacters}};
  for (const auto& [cell, reason] : rows) {
    ASSERT_TRUE(CheckPassportCell(cell).has_value()) << cell;
    EXPECT_EQ(CheckPassportCell(cell)->reason, reason) << cell;
    EXPECT_EQ(CheckPassportCell(cell)->shape.find(cell), std::string::npos);
  }
}

TEST(PassportTest, ACountryIsForeignAndWrittenInThreeLetters) {
  for (const char* country : {"VNM", "DEU", "USA"}) EXPECT_TRUE(IssuesForeignPassports(country));
  for (const char* country : {"", "VN", "vnm", "VNMM", "V1M", "CHN"}) {
    EXPECT_FALSE(IssuesForeignPassports(country)) << country;
  }
}

TEST(MobileAbroadTest, TakesWhatE164WritesAndWhatIsDialledAtHome) {
  for (const char* mobile : {"13900000000", "+4915112345678", "+8491234", "+123456789012345"}) {
    EXPECT_FALSE(CheckMobileAbroad(mobile).has_value()) << mobile;
  }
  for (const char* mobile :
       {"+049151123", "+123456", "+1234567890123456", "+49 151", "4915112345"}) {
    EXPECT_TRUE(CheckMobileAbroad(mobile).has_value()) << mobile;
  }
}

}  // namespace
}  // namespace puhui::issuing
