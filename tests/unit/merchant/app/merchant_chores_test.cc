// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/merchant_chores.h"

#include "ledger/base/limits.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace puhui::merchant {
namespace {

constexpr std::uint64_t kMembers = 10;
constexpr std::uint64_t kHoldsEach = 30;
constexpr std::uint64_t kAll = kMembers * kHoldsEach;
constexpr std::uint32_t kCampaign = 77;

// What the timers' thread does with one source, in one thread.
class Desk {
 public:
  Desk(testing::LedgerFixture* ledger, TillState state) : ledger_(*ledger), chores_(state) {}

  // The timers that are due.
  std::vector<ledger::TimerKey> Due() {
    std::vector<ledger::TimerKey> due;
    const auto rows = ledger::List(ledger_.store(), ledger::kTimerTable, {}, 100);
    for (const auto& row : *rows) {
      if (row.key.due <= ledger_.clock().Now()) due.push_back(row.key);
    }
    return due;
  }
  std::unique_ptr<ledger::Chore> Begin(const ledger::TimerKey& timer) {
    auto chore = chores_.Begin(timer, ledger_.store());
    PUHUI_CHECK_OK(chore.status());
    return *std::move(chore);
  }
  std::unique_ptr<ledger::Command> Next(ledger::Chore& chore) {
    auto command = chore.Next(ledger_.store());
    PUHUI_CHECK_OK(command.status());
    return *std::move(command);
  }
  // Runs a chore to its end, or `commands_max` of its commands. Returns how many ended in each.
  std::vector<std::size_t> Run(const ledger::TimerKey& timer, std::size_t commands_max = 1'000) {
    std::vector<std::size_t> ended;
    const auto chore = Begin(timer);
    while (ended.size() < commands_max) {
      const auto command = Next(*chore);
      if (command == nullptr) break;
      const auto outcome = ledger_.Run(*command);
      PUHUI_CHECK_OK(outcome.status());
      ended.push_back(outcome->records().size());
    }
    return ended;
  }

 private:
  testing::LedgerFixture& ledger_;
  MerchantChores chores_;
};

class MerchantChoresTest : public TillTest {
 protected:
  static MemberId Member(std::uint64_t number) { return {2, number}; }
  static ledger::Tag Card(std::uint64_t number) { return testing::TagOf(1'000 + number); }

  // Everybody has kHoldsEach authorisations of a point, all of which expire in the same second.
  void HoldAll() {
    const absl::Time expiry = ledger_.clock().Now() + absl::Hours(24);
    Run([&](ledger::Decision& decision) {
      testing::AddFunding(kCampaign, 100 * kMembers, decision);
      testing::AddCampaign({.number = kCampaign, .origin = kCampaign, .expiry = expiry}, decision);
      testing::AddApproval(kCampaign, kCampaign, 100 * kMembers, decision);
      for (std::uint64_t member = 1; member <= kMembers; ++member) {
        testing::AddMember(Member(member), Card(member), decision);
        testing::AddGrant({.campaign = kCampaign,
                           .origin = kCampaign,
                           .member = Member(member),
                           .lot = 1,
                           .points = 100,
                           .expiry = expiry},
                          decision);
      }
    });
    for (std::uint64_t i = 0; i < kAll; ++i) {
      AuthorizeCommand command(State(), NextCall(),
                               {.card = Card(1 + i % kMembers),
                                .points = Points::FromStored(1),
                                .authorization_code = "A1B2C3"},
                               absl::Minutes(1));
      const auto outcome = Submit(command);
      PUHUI_CHECK_OK(outcome.status());
      PUHUI_CHECK(outcome->first().entry().has_authorization());
      held_.push_back(outcome->first().sequence());
    }
    ledger_.clock().Advance(absl::Minutes(2));
  }
  std::int64_t HeldBy(std::uint64_t member) {
    return ledger_.views().wallets.Find(Member(member))->HeldPoints();
  }

  Desk desk_{&ledger_, State()};
  std::vector<Sequence> held_;
};

TEST_F(MerchantChoresTest, EndsAllOfASecondSomeAtATime) {
  HoldAll();
  const auto due = desk_.Due();
  ASSERT_EQ(due.size(), 1U);  // One timer, however many they are.
  const std::vector<std::size_t> ended = desk_.Run(due[0]);
  ASSERT_EQ(ended.size(), 3U);
  EXPECT_EQ(ended[0], kExpireChunkAuthorizations);
  EXPECT_EQ(ended[0] + ended[1] + ended[2], kAll);
  EXPECT_TRUE(desk_.Due().empty());
  for (const Sequence held : held_) {
    EXPECT_EQ(HoldRow(held).state, AuthorizationState::kExpired);
  }
  for (std::uint64_t member = 1; member <= kMembers; ++member) EXPECT_EQ(HeldBy(member), 0);
  EXPECT_TRUE(ledger::List(ledger_.store(), kExpiringTable, {}, 1)->empty());
  EXPECT_TRUE(ledger::List(ledger_.store(), kExpiringCountTable, {}, 1)->empty());
}

TEST_F(MerchantChoresTest, GivesCommandsAheadOfThoseThatAreNotDurable) {
  HoldAll();
  const auto chore = desk_.Begin(desk_.Due().at(0));
  ledger_.Hold();
  std::size_t ended = 0;
  while (const auto command = desk_.Next(*chore)) {
    const auto outcome = ledger_.Run(*command);
    ASSERT_OK(outcome);
    ended += outcome->records().size();
  }
  EXPECT_EQ(ended, kAll);
  ledger_.Release();
  EXPECT_TRUE(desk_.Due().empty());
}

TEST_F(MerchantChoresTest, ACaptureBetweenLookingAndDecidingWins) {
  HoldAll();
  ledger_.clock().Set(HoldRow(held_[0]).expiry - absl::Microseconds(1));
  ledger::TimerKey timer{HoldRow(held_[0]).expiry, ledger::kTimerAuthorizations, 0};
  const auto chore = desk_.Begin(timer);
  const auto command = desk_.Next(*chore);
  ASSERT_NE(command, nullptr);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome captured, Capture(NextCall(), held_[0], 1));
  ASSERT_TRUE(captured.first().entry().has_capture());
  ledger_.clock().Set(timer.due);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome expired, ledger_.Run(*command));
  EXPECT_EQ(expired.records().size(), kExpireChunkAuthorizations - 1);
  EXPECT_EQ(HoldRow(held_[0]).state, AuthorizationState::kCaptured);
  // And the other way round: what has expired is not captured.
  EXPECT_THAT(Capture(NextCall(), held_[1], 1), Declines(ledger::Reason::kAuthorizationExpired));
}

TEST_F(MerchantChoresTest, GoesOnAfterARestartWithThoseThatAreLeft) {
  HoldAll();
  ASSERT_EQ(desk_.Run(desk_.Due().at(0), /*commands_max=*/1).size(), 1U);
  testing::LedgerFixture alive;
  Tables tables(&alive.set());
  MerchantApplier applier(&tables, &alive.views());
  alive.Attach(&applier);
  ASSERT_OK(alive.RecoverFrom(ledger_));
  Desk desk(&alive, {.tables = &tables, .views = &alive.views()});
  ASSERT_EQ(desk.Due().size(), 1U);
  std::size_t rest = 0;
  for (const std::size_t ended : desk.Run(desk.Due()[0])) rest += ended;
  EXPECT_EQ(rest, kAll - kExpireChunkAuthorizations);
  EXPECT_TRUE(desk.Due().empty());
}

TEST_F(MerchantChoresTest, LeavesTheTimersOfTheIssuingSideAlone) {
  for (const std::uint8_t kind : {ledger::kTimerIssueRun, ledger::kTimerExpiry}) {
    EXPECT_EQ(desk_.Begin({ledger_.clock().Now(), kind, 1}), nullptr);
  }
}

}  // namespace
}  // namespace puhui::merchant
