// SPDX-License-Identifier: Apache-2.0
// How merchants and terminals come in.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MerchantNounsTest : public CommandsTest {};

TEST_F(MerchantNounsTest, AppliesDecidesAndListsWhatWaits) {
  EXPECT_EQ(Run({"merchant", "apply", "m-8", "--display-name", "惠民书店", "--category", "5942"}),
            0);
  EXPECT_EQ(script_.merchant_application.merchant_id(), "m-8");
  EXPECT_THAT(out_, HasSubstr("APPLIED"));
  EXPECT_THAT(out_, Not(HasSubstr("decided")));
  EXPECT_EQ(Run({"merchant", "list", "--state", "applied"}), 0);
  EXPECT_EQ(script_.merchants.state(), v1::MERCHANT_STATE_APPLIED);
  EXPECT_THAT(out_, HasSubstr("merchants/m-8"));
  EXPECT_EQ(Run({"merchant", "decide", "m-8", "accept", "--fee-basis-points", "80",
                 "--show-balance", "--name-goods"}),
            0);
  EXPECT_EQ(script_.merchant_decision.name(), "merchants/m-8");
  EXPECT_EQ(script_.merchant_decision.decision(), v1::DecideMerchantRequest::DECISION_ACCEPT);
  EXPECT_EQ(script_.merchant_decision.fee_basis_points(), 80);
  EXPECT_TRUE(script_.merchant_decision.balance_shown());
  EXPECT_TRUE(script_.merchant_decision.goods_named());
  EXPECT_EQ(Run({"merchant", "decide", "m-8", "reject", "--reason", "没有营业执照"}), 0);
  EXPECT_EQ(script_.merchant_decision.decision(), v1::DecideMerchantRequest::DECISION_REJECT);
  EXPECT_FALSE(script_.merchant_decision.goods_named());
  EXPECT_THAT(out_, HasSubstr("没有营业执照"));
  const int calls = script_.calls;
  EXPECT_EQ(Run({"merchant", "decide", "m-8"}), 2);
  EXPECT_EQ(Run({"merchant", "decide", "m-8", "maybe"}), 2);
  EXPECT_EQ(Run({"merchant", "decide", "m-8", "accept", "--fee-basis-points", "10001"}), 2);
  EXPECT_EQ(Run({"merchant", "list", "--state", "open"}), 2);
  EXPECT_EQ(script_.calls, calls);
}

TEST_F(MerchantNounsTest, RegistersInATimeZoneOfItsOwn) {
  const std::vector<std::string> add = {"merchant", "register",   "m-8", "--display-name",
                                        "x",        "--category", "5411"};
  ASSERT_EQ(Run(With(add, {"--time-zone", "Asia/Urumqi"})), 0) << err_;
  EXPECT_EQ(script_.registration.time_zone(), "Asia/Urumqi");
  ASSERT_EQ(Run(add), 0) << err_;
  EXPECT_EQ(script_.registration.time_zone(), "");
  ASSERT_EQ(Run({"merchant", "get", "m-8"}), 0) << err_;
  EXPECT_THAT(out_, ::testing::ContainsRegex("time zone: +Asia/Urumqi\n"));
}

TEST_F(MerchantNounsTest, ShowsACodeOnce) {
  const std::vector<std::string> make = {"terminal", "code",         "merchants/m-7/stores/s-1",
                                         "t-9",      "--request-id", kUuid};
  EXPECT_EQ(Run(make), 0);
  EXPECT_EQ(script_.enrolment_code.store(), "merchants/m-7/stores/s-1");
  EXPECT_EQ(script_.enrolment_code.terminal_id(), "t-9");
  EXPECT_THAT(out_, HasSubstr("0246-8ACE-GJMP-RTW8"));
  EXPECT_EQ(Run(make), 0);
  EXPECT_THAT(out_, HasSubstr("make another"));
}

TEST_F(MerchantNounsTest, AnInstallerEnrolsWithACodeAndATypingErrorIsNoGuess) {
  const auto enroll = [this](const std::string& code) {
    return Run({"terminal", "enroll", "merchants/m-7/stores/s-1", "t-9", "--code", code,
                "--out-dir", folder_.path()});
  };
  for (const char* code : {"0246-8ACE-GJMP-RTW9", "2046-8ACE-GJMP-RTW8", "0246-8ACE", "终端"}) {
    EXPECT_EQ(enroll(code), 2) << code;
  }
  EXPECT_EQ(script_.calls, 0);
  EXPECT_EQ(enroll("o246 8ace gjmp rtw8"), 0);
  EXPECT_EQ(script_.enrolment.enrolment_code(), "o246 8ace gjmp rtw8");
  EXPECT_EQ(script_.enrolment.terminal_id(), "t-9");
}

TEST_F(MerchantNounsTest, ShowsWhatBecameOfACode) {
  EXPECT_EQ(Run({"terminal", "get", "merchants/m-7/terminals/t-9"}), 0);
  EXPECT_THAT(out_, HasSubstr("AWAITED"));
  EXPECT_THAT(out_, HasSubstr("VOID"));
  EXPECT_THAT(out_, HasSubstr("10"));
  EXPECT_EQ(Run({"merchant", "terminal", "list", "m-7"}), 0);
  EXPECT_THAT(out_, HasSubstr("merchants/m-7/terminals/t-1"));
  EXPECT_THAT(out_, HasSubstr("OPEN"));
}

}  // namespace
}  // namespace puhui::services
