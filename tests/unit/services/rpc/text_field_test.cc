// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/text_field.h"

#include "ledger/base/limits.h"
#include "tests/support/refusal_matchers.h"

#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using ledger::Reason;

TEST(TextFieldTest, ADisplayNameIsShortTextWithoutControlCharacters) {
  EXPECT_OK(CheckDisplayName("福州第一机械厂工会", "display_name"));
  EXPECT_OK(CheckDisplayName(std::string(kNameBytesMax, 'x'), "display_name"));
  for (const std::string& bad :
       {std::string(), std::string(kNameBytesMax + 1, 'x'), std::string("a\nb"),
        std::string("a\0b", 3), std::string("a\x7f")}) {
    EXPECT_THAT(CheckDisplayName(bad, "display_name"),
                Refuses(Reason::kInvalidField, "display_name"));
  }
}

TEST(TextFieldTest, ACategoryIsFourDigitsThereAndBack) {
  for (const char* good : {"0000", "0763", "5411", "9999"}) {
    ASSERT_OK_AND_ASSIGN(const std::uint32_t category, ParseCategory(good, "category"));
    EXPECT_EQ(FormatCategory(category), good);
  }
  for (const char* bad : {"", "541", "54111", "+541", "54 1", "54a1"}) {
    EXPECT_THAT(ParseCategory(bad, "category"), Refuses(Reason::kInvalidField, "category"));
  }
}

TEST(TextFieldTest, ARegionIsAProvinceACityOrADistrictThereAndBack) {
  for (const char* good : {"110000", "420100", "420106", "659001"}) {
    ASSERT_OK_AND_ASSIGN(const std::uint32_t region, ParseRegion(good, "region"));
    EXPECT_EQ(FormatRegion(region), good);
  }
  // Six digits that are no place: below the first province, and a district of no city.
  for (const char* bad :
       {"", "42010", "4201060", "+42010", "4201 6", "42010a", "010000", "420006"}) {
    EXPECT_THAT(ParseRegion(bad, "region"), Refuses(Reason::kInvalidField, "region"));
  }
}

}  // namespace
}  // namespace puhui::services
