// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/payment_code.h"

#include "tests/support/seeded_random.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace puhui::merchant {
namespace {

TEST(PaymentCodeTest, NoPrefixIsThatOfAnotherScheme) {
  for (int number = 0; number < 100; ++number) {
    const bool taken =
        (number >= 10 && number <= 15) || (number >= 25 && number <= 30) || number == 62;
    EXPECT_EQ(IsCodePrefix(absl::StrFormat("%02d", number)), !taken) << number;
  }
  for (const char* text : {"", "7", "777", "7x", "x7", " 7", "-7", "7\xEF"}) {
    EXPECT_FALSE(IsCodePrefix(text)) << text;
  }
}

TEST(PaymentCodeTest, IsEighteenDigits) {
  EXPECT_TRUE(IsPaymentCode("770123456789012345"));
  EXPECT_TRUE(IsPaymentCode("130123456789012345"));  // Another scheme's.
  for (const char* text :
       {"", "77012345678901234", "7701234567890123456", "77012345678901234x", "+70123456789012345",
        " 70123456789012345", "77012345678901234 ", "７７01234567890", "77-123456789012345"}) {
    EXPECT_FALSE(IsPaymentCode(text)) << text;
  }
}

TEST(PaymentCodeTest, IsMadeOfAPrefixAndANumberAndReadAgain) {
  SeededRandom random(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t number = i == 0   ? 0
                                 : i == 1 ? kCodeNumbers - 1
                                          : random.Below(kCodeNumbers);
    const std::string code = PaymentCodeOf("07", number);
    ASSERT_TRUE(IsPaymentCode(code)) << code;
    EXPECT_EQ(PrefixOfCode(code), "07");
    EXPECT_EQ(NumberOfCode(code), number);
  }
  EXPECT_EQ(PaymentCodeOf("77", 42), "770000000000000042");
}

// Whatever bytes a till sends: they are a code exactly when they are what a code is written as.
TEST(PaymentCodeTest, AnyBytesAreJudgedAlike) {
  SeededRandom random(2);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = PaymentCodeOf("77", random.Below(kCodeNumbers));
    for (std::uint64_t changes = random.Below(3); changes > 0; --changes) {
      const std::size_t at = random.Below(text.size() + 1);
      const char byte = static_cast<char>(random.Below(256));
      if (random.Below(2) == 0 && at < text.size()) {
        text[at] = byte;
      } else {
        text.insert(at, 1, byte);
      }
    }
    bool digits = text.size() == 18;
    for (const char c : text) digits = digits && c >= '0' && c <= '9';
    ASSERT_EQ(IsPaymentCode(text), digits) << absl::StrCat(i);
    if (digits && IsCodePrefix(PrefixOfCode(text))) {
      EXPECT_EQ(PaymentCodeOf(PrefixOfCode(text), NumberOfCode(text)), text);
    }
  }
}

}  // namespace
}  // namespace puhui::merchant
