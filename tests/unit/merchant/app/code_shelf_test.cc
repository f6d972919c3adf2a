// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/code_shelf.h"

#include "ledger/base/limits.h"
#include "merchant/core/payment_code.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace puhui::merchant {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'000'000);

MemberId Member(std::uint64_t number) { return MemberId(1, number); }

class CodeShelfTest : public ::testing::Test {
 protected:
  std::string Make(std::uint64_t member, absl::Time now = kNow) {
    const auto made = shelf_.Make(Member(member), CodePurpose::kTill, now);
    if (absl::holds_alternative<ledger::Refusal>(made)) return "";
    EXPECT_EQ(absl::get<CodeShelf::Made>(made).expiry, now + absl::Seconds(60));
    return absl::get<CodeShelf::Made>(made).digits;
  }
  ShownCode Look(const std::string& code) const { return shelf_.Look(code, CodePurpose::kTill); }
  bool Knows(const std::string& code) const { return Look(code).known.has_value(); }

  SeededRandom random_{7};
  ledger::KeyedHash keyed_hash_{std::string(32, 'k')};
  CodeShelf shelf_{{.keyed_hash = &keyed_hash_, .random = &random_, .prefix = "77"}};
};

TEST_F(CodeShelfTest, ACodeLeadsToItsMemberForAMinute) {
  const std::string code = Make(1);
  ASSERT_TRUE(IsPaymentCode(code));
  EXPECT_EQ(PrefixOfCode(code), "77");
  const ShownCode shown = Look(code);
  ASSERT_TRUE(shown.known.has_value());
  EXPECT_EQ(shown.known->member, Member(1));
  EXPECT_EQ(shown.known->expiry, kNow + absl::Seconds(60));
  EXPECT_FALSE(shown.foreign);
}

TEST_F(CodeShelfTest, CodesOfOtherSchemesAreForeignAndOtherDigitsUnknown) {
  const std::string code = Make(1);
  EXPECT_TRUE(Look("13" + code.substr(2)).foreign);
  const std::string other = PaymentCodeOf("77", (NumberOfCode(code) + 1) % kCodeNumbers);
  EXPECT_FALSE(Look(other).foreign);
  EXPECT_FALSE(Knows(other));
}

TEST_F(CodeShelfTest, AThirdCodeOfAMemberEndsTheFirst) {
  const std::string first = Make(1);
  const std::string others = Make(2);
  const std::string second = Make(1);
  EXPECT_TRUE(Knows(first));
  const std::string third = Make(1);
  // It has expired, and whoever still shows it is no guesser.
  ASSERT_TRUE(Knows(first));
  EXPECT_EQ(Look(first).known->expiry, kNow);
  EXPECT_TRUE(Knows(second) && Knows(third) && Knows(others));
  EXPECT_EQ(Look(second).known->expiry, kNow + absl::Seconds(60));
  EXPECT_NE(Make(3, kNow + absl::Minutes(10)), "");  // Makes room, the oldest first.
  EXPECT_FALSE(Knows(first));
}

TEST_F(CodeShelfTest, OneThatWasUsedIsGone) {
  const std::string code = Make(1);
  shelf_.Remove(Look(code).tag);
  EXPECT_FALSE(Knows(code));
  shelf_.Remove(Look(code).tag);  // Twice does no harm.
}

TEST_F(CodeShelfTest, ACodeIsKnownForItsOwnPurposeAlone) {
  const std::string paying = Make(1);
  const auto made = shelf_.Make(Member(1), CodePurpose::kMallLink, kNow);
  const std::string linking = absl::get<CodeShelf::Made>(made).digits;
  EXPECT_FALSE(Knows(linking));
  EXPECT_FALSE(shelf_.Look(paying, CodePurpose::kMallLink).known.has_value());
  const ShownCode shown = shelf_.Look(linking, CodePurpose::kMallLink);
  ASSERT_TRUE(shown.known.has_value());
  EXPECT_EQ(shown.known->member, Member(1));
  // That one was used says nothing of the same digits for the other.
  EXPECT_NE(shown.tag, Look(linking).tag);
}

// Whoever is slow is told so, and takes the till for no guesser's.
TEST_F(CodeShelfTest, AnExpiredCodeIsKeptForTenMinutesMore) {
  const std::string code = Make(1);
  Make(2, kNow + absl::Minutes(11) - absl::Seconds(1));
  ASSERT_TRUE(Knows(code));
  EXPECT_EQ(Look(code).known->expiry, kNow + absl::Minutes(1));
  Make(3, kNow + absl::Minutes(11));
  EXPECT_FALSE(Knows(code));
}

// As many as the sum in docs/security.md allows. What has expired makes room.
TEST_F(CodeShelfTest, ThereAreNeverMoreThanTheLimit) {
  std::set<std::string> codes;
  for (std::size_t i = 0; i < kPaymentCodesMax; ++i) codes.insert(Make(i));
  EXPECT_EQ(codes.size(), kPaymentCodesMax);
  const auto refused = shelf_.Make(Member(1'000'000), CodePurpose::kTill, kNow + absl::Seconds(59));
  ASSERT_TRUE(absl::holds_alternative<ledger::Refusal>(refused));
  EXPECT_EQ(absl::get<ledger::Refusal>(refused).reason, ledger::Reason::kPaymentCodesLimit);
  EXPECT_NE(Make(1'000'000, kNow + absl::Seconds(60)), "");
}

}  // namespace
}  // namespace puhui::merchant
