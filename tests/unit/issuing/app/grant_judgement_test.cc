// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/grant_judgement.h"

#include "ledger/base/limits.h"
#include "tests/unit/issuing/app/rule_script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace puhui::issuing {
namespace {

using ledger::Reason;

TEST(GrantJudgementTest, RefusesTheOccasionThatIsOneTooMany) {
  const absl::Time now = absl::UnixEpoch();
  const ledger::Wallet wallet;
  ledger::Terms terms;
  terms.expiry = now + absl::Seconds(1);
  ReceivedRow received;
  for (std::size_t i = 0; i < kOccasionsReceivedMax; ++i) {
    received.occasions.push_back(
        {.occasion = absl::StrCat("x", 1'000 + i), .points = Points::FromStored(1)});
  }
  const GrantFacts facts{.wallet = &wallet, .received = &received, .points = Points::FromStored(1)};
  EXPECT_EQ(JudgeGrant({.terms = &terms, .occasion = "x1000"}, facts, now).reason, absl::nullopt);
  EXPECT_EQ(JudgeGrant({.terms = &terms, .occasion = "y"}, facts, now).reason,
            Reason::kOccasionsReceivedLimit);
  received.occasions.pop_back();
  EXPECT_EQ(JudgeGrant({.terms = &terms, .occasion = "y"}, facts, now).reason, absl::nullopt);
}

// A row that breaks two rules meets the earlier: who somebody is comes before what a pack says.
TEST(GrantJudgementTest, AsksThePackLast) {
  const absl::Time now = absl::UnixEpoch();
  ledger::Wallet wallet;
  ledger::Terms terms;
  terms.expiry = now + absl::Seconds(1);
  RulePack pack = RuleScript::Sound("p");
  pack.points_per_year_max = 1;
  const GrantFrame frame{
      .terms = &terms, .pack = &pack, .occasion = "qingming", .day = absl::CivilDay(2025, 4, 4)};
  const GrantFacts facts{.wallet = &wallet, .points = Points::FromStored(2)};
  const GrantVerdict broken = JudgeGrant(frame, facts, now);
  EXPECT_EQ(broken.reason, Reason::kRulePackBroken);
  EXPECT_EQ(broken.rule, (Verdict{Rule::kPointsPerYear, 1, 0, 2}));
  wallet.state = ledger::WalletState::kSuspended;
  const GrantVerdict refused = JudgeGrant(frame, facts, now);
  EXPECT_EQ(refused.reason, Reason::kMemberNotActive);
  EXPECT_TRUE(refused.rule.ok());
}

}  // namespace
}  // namespace puhui::issuing
