// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/voucher.h"

#include "tests/support/seeded_random.h"

#include "absl/types/span.h"
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>
#include <utility>

namespace puhui::merchant {
namespace {

TEST(VoucherTest, DigitsHaveTheirGoldenChecks) {
  EXPECT_EQ(VoucherDigitsOf(0), "0000000000000000");
  EXPECT_EQ(VoucherDigitsOf(572), "0000000000005724");  // As Damm's thesis has it.
  EXPECT_TRUE(IsVoucherDigits(VoucherDigitsOf(kVoucherNumbers - 1)));
}

TEST(VoucherTest, EveryWrongDigitAndEveryTwoThatChangedPlacesAreFound) {
  SeededRandom random(11);
  for (int round = 0; round < 100; ++round) {
    std::array<std::uint8_t, 8> bytes{};
    random.Fill(absl::MakeSpan(bytes));
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof(number));
    const std::string digits = VoucherDigitsOf(number % kVoucherNumbers);
    ASSERT_TRUE(IsVoucherDigits(digits));
    for (std::size_t at = 0; at < kVoucherDigits; ++at) {
      for (char wrong = '0'; wrong <= '9'; ++wrong) {
        std::string other = digits;
        other[at] = wrong;
        EXPECT_EQ(IsVoucherDigits(other), other == digits);
      }
      if (at == 0) continue;
      std::string swapped = digits;
      std::swap(swapped[at - 1], swapped[at]);
      EXPECT_EQ(IsVoucherDigits(swapped), swapped == digits);
    }
  }
}

TEST(VoucherTest, OnlySixteenDigitsAreDigits) {
  for (const char* text : {"", "0", "000000000000000", "00000000000000000", "000000000000000a",
                           "00000000 0000000", "-000000000000000"}) {
    EXPECT_FALSE(IsVoucherDigits(text)) << text;
  }
  EXPECT_FALSE(IsVoucherDigits("００００００００００００００００"));
}

class VoucherExpiryTest : public ::testing::Test {
 protected:
  // 23:30 on 30 September at the merchant's.
  const absl::TimeZone zone_ = [] {
    absl::TimeZone zone;
    absl::LoadTimeZone("Asia/Shanghai", &zone);
    return zone;
  }();
  const absl::Time now_ = absl::FromCivil(absl::CivilMinute(2026, 9, 30, 23, 30), zone_);
  OfferContent offer_{.kind = OfferKind::kItem,
                      .window = ResolveWindow(absl::nullopt, absl::CivilDay(2026, 10, 8), zone_)};
};

TEST_F(VoucherExpiryTest, TheDayOfTheOrderIsTheFirst) {
  offer_.voucher_days = 1;
  EXPECT_EQ(VoucherExpiry(offer_, now_), absl::FromCivil(absl::CivilDay(2026, 10, 1), zone_));
  offer_.voucher_days = 30;
  EXPECT_EQ(VoucherExpiry(offer_, now_), absl::FromCivil(absl::CivilDay(2026, 10, 30), zone_));
}

TEST_F(VoucherExpiryTest, WithoutDaysItIsGoodAsLongAsTheOffer) {
  EXPECT_EQ(VoucherExpiry(offer_, now_), offer_.window.end);
}

TEST_F(VoucherExpiryTest, ASeatIsGoodUntilItsJourneyIsOver) {
  offer_.kind = OfferKind::kSeats;
  offer_.journey.day = absl::CivilDay(2027, 2, 5);
  EXPECT_EQ(VoucherExpiry(offer_, now_), absl::FromCivil(absl::CivilDay(2027, 2, 6), zone_));
  const absl::Time over = absl::FromCivil(absl::CivilDay(2027, 2, 6), zone_);
  EXPECT_FALSE(IsJourneyOver(offer_, over - absl::Microseconds(1)));
  EXPECT_TRUE(IsJourneyOver(offer_, over));
  offer_.kind = OfferKind::kItem;
  EXPECT_FALSE(IsJourneyOver(offer_, over));
}

TEST_F(VoucherExpiryTest, AZoneThatIsNotKnownAnyMoreLeavesTheWindow) {
  offer_.voucher_days = 1;
  offer_.window.time_zone = "Mars/Olympus";
  EXPECT_EQ(VoucherExpiry(offer_, now_), offer_.window.end);
}

}  // namespace
}  // namespace puhui::merchant
