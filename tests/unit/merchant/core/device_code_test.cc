// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/device_code.h"

#include "ledger/crypto/hash.h"
#include "ledger/crypto/hmac.h"
#include "merchant/core/payment_code.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

std::string BigEndian(std::int64_t step) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(step >> shift & 0xFF));
  }
  return bytes;
}

// RFC 4231, test cases 1 and 2.
TEST(DeviceCodeTest, TheHmacIsThatOfRfc4231) {
  EXPECT_EQ(ledger::ToHex(ledger::AsBytes(ledger::HmacSha256(std::string(20, '\x0b'), "Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(
      ledger::ToHex(ledger::AsBytes(ledger::HmacSha256("Jefe", "what do ya want for nothing?"))),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// RFC 6238, appendix B, the rows of SHA-256.
TEST(DeviceCodeTest, TheTagsAreThoseOfRfc6238) {
  const std::string secret = "12345678901234567890123456789012";
  const std::vector<std::pair<std::int64_t, std::uint32_t>> rows = {{59, 46'119'246},
                                                                    {1'111'111'109, 68'084'774},
                                                                    {1'111'111'111, 67'062'674},
                                                                    {1'234'567'890, 91'819'424},
                                                                    {2'000'000'000, 90'698'825},
                                                                    {20'000'000'000, 77'737'706}};
  for (const auto& [seconds, tag] : rows) {
    const std::int64_t step = StepAt(absl::FromUnixSeconds(seconds));
    const ledger::Hash hmac = ledger::HmacSha256(secret, BigEndian(step));
    EXPECT_EQ(Truncate(hmac, kDeviceTags), tag) << seconds;
  }
}

// RFC 4226, section 5.4: the worked example of the truncation.
TEST(DeviceCodeTest, TheTruncationIsThatOfRfc4226) {
  const std::vector<std::uint8_t> hmac = {0x1f, 0x86, 0x98, 0x69, 0x0e, 0x02, 0xca,
                                          0x16, 0x61, 0x85, 0x50, 0xef, 0x7f, 0x19,
                                          0xda, 0x8e, 0x94, 0x5b, 0x55, 0x5a};
  EXPECT_EQ(Truncate(hmac, 1'000'000), 872'921U);
}

TEST(DeviceCodeTest, StepsAreHalfMinutesAndOneEitherSideIsGood) {
  EXPECT_EQ(StepAt(absl::FromUnixSeconds(29)), 0);
  EXPECT_EQ(StepAt(absl::FromUnixSeconds(30)), 1);
  EXPECT_EQ(StepAt(absl::FromUnixMicros(59'999'999)), 1);
  EXPECT_EQ(EndOfStep(1), absl::FromUnixSeconds(90));
}

TEST(DeviceCodeTest, EveryNumberIsACodeAndBack) {
  SeededRandom random(3);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t number = i == 0 ? kCodeNumbers - 1 : random.Below(kCodeNumbers);
    const DeviceCode code = DeviceCodeOf(number);
    ASSERT_LT(code.cohort, kCohorts);
    ASSERT_LT(code.tag, kDeviceTags);
    ASSERT_LT(code.place, kDevicesPerCohort);
    EXPECT_EQ(NumberOf(code), number);
    const auto mask = static_cast<std::uint32_t>(random.Below(std::uint64_t{1} << 31U));
    const std::uint32_t device = UnmaskDevice(code, mask);
    EXPECT_EQ(MaskDevice(device, code.tag, mask), code);
  }
}

}  // namespace
}  // namespace puhui::merchant
