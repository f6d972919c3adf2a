// SPDX-License-Identifier: Apache-2.0
// Where the points of a campaign are, entry by entry, and what no figures can follow.
#include "ledger/engine/campaign_figures.h"

#include "ledger/engine/ledger_views.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace puhui::testing::campaign_figures_test {
namespace {

using ledger::AccountKind;
using ledger::CampaignFigures;

const MemberId kMember(1, 1);
constexpr std::uint32_t kCampaign = 1;
constexpr std::uint32_t kOther = 2;
constexpr std::uint32_t kOrigin = 3;

class CampaignFiguresTest : public ::testing::Test {
 protected:
  // A member with a lot of 100 points of one campaign, and one of 50 of another.
  CampaignFiguresTest() : expiry_(ledger_.clock().Now() + absl::Hours(1)) {
    PUHUI_CHECK_OK(Run([this](ledger::Decision& decision) {
      AddMember(kMember, TagOf(7), decision);
      AddFunding(kOrigin, 150, decision);
      for (const auto& [campaign, points] : {std::pair(kCampaign, 100), std::pair(kOther, 50)}) {
        AddCampaign({.number = campaign, .origin = kOrigin, .expiry = expiry_}, decision);
        AddApproval(campaign, kOrigin, points, decision);
        AddGrant({.campaign = campaign,
                  .origin = kOrigin,
                  .member = kMember,
                  .lot = campaign,
                  .points = points,
                  .expiry = expiry_},
                 decision);
      }
    }));
  }

  absl::Status Run(std::function<void(ledger::Decision&)> add) {
    return ledger_.Run(*Always(std::move(add))).status();
  }
  // Moves points between the first lot and an account; negative: out of the lot.
  absl::Status Move(AccountKind other, std::int64_t points,
                    const std::function<void(journal::v1::Entry&)>& cause) {
    return Run([&](ledger::Decision& decision) {
      journal::v1::Entry& entry = *decision.Add().mutable_entry();
      AddPosting(AccountKind::kWallet, 0, kOrigin, points, entry);
      entry.mutable_postings(0)->set_member(kMember.ToBytes());
      AddPosting(other, kOrigin, kOrigin, -points, entry);
      entry.set_member(kMember.ToBytes());
      journal::v1::LotChange& change = *entry.add_lots();
      change.set_lot(1);
      change.set_points(points);
      change.set_campaign(kCampaign);
      change.set_origin(kOrigin);
      change.set_granted(100);
      change.set_expiry_micros(absl::ToUnixMicros(expiry_));
      cause(entry);
    });
  }
  absl::Status Buy(std::int64_t points) {
    return Move(AccountKind::kPayable, -points,
                [points](auto& entry) { entry.mutable_purchase()->set_points(points); });
  }
  absl::Status Refund(std::int64_t points) {
    return Move(AccountKind::kPayable, points,
                [points](auto& entry) { entry.mutable_refund()->set_points(points); });
  }
  absl::Status Hold(std::int64_t points) {
    return Run([&](ledger::Decision& decision) {
      AddHold({.campaign = kCampaign,
               .origin = kOrigin,
               .member = kMember,
               .lot = 1,
               .points = points,
               .expiry = expiry_},
              decision);
    });
  }
  CampaignFigures Figures(std::uint32_t campaign = kCampaign) {
    const auto figures = ledger::FiguresOf(ledger_.store(), CampaignNumber{campaign});
    PUHUI_CHECK_OK(figures.status());
    return *figures;
  }

  LedgerFixture ledger_;
  const absl::Time expiry_;
};

TEST_F(CampaignFiguresTest, FollowPointsFromTheGrantToWhereverTheyGo) {
  EXPECT_EQ(Figures(), (CampaignFigures{.granted = 100, .available = 100, .grants = 1}));
  ASSERT_OK(Hold(30));
  EXPECT_EQ(Figures(), (CampaignFigures{.granted = 100, .available = 70, .held = 30, .grants = 1}));
  ASSERT_OK(Hold(-30));
  ASSERT_OK(Buy(40));
  ASSERT_OK(Refund(15));
  EXPECT_EQ(Figures(), (CampaignFigures{.granted = 100,
                                        .available = 75,
                                        .spent = 40,
                                        .refunded = 15,
                                        .grants = 1,
                                        .grants_spent = 1}));
  ASSERT_OK(Move(AccountKind::kBudget, -5, [](auto& entry) {
    entry.mutable_expiry()->set_campaign(kCampaign);
    entry.mutable_expiry()->set_points(5);
  }));
  ASSERT_OK(Move(AccountKind::kBudget, -6, [](auto& entry) {
    entry.mutable_lot_returned()->set_campaign(kCampaign);
    entry.mutable_lot_returned()->set_points(6);
  }));
  ASSERT_OK(Move(AccountKind::kBudget, -7, [](auto& entry) {
    entry.mutable_clawed_back()->set_campaign(kCampaign);
    entry.mutable_clawed_back()->set_points(7);
  }));
  EXPECT_EQ(Figures(), (CampaignFigures{.granted = 100,
                                        .available = 57,
                                        .spent = 40,
                                        .refunded = 15,
                                        .expired = 5,
                                        .clawed_back = 7,
                                        .returned = 6,
                                        .grants = 1,
                                        .grants_spent = 1}));
  EXPECT_EQ(Figures(kOther), (CampaignFigures{.granted = 50, .available = 50, .grants = 1}));
}

TEST_F(CampaignFiguresTest, CountAGrantThatIsSpentFromAgainAndAgainOnce) {
  ASSERT_OK(Buy(1));
  ASSERT_OK(Buy(99));  // The lot is gone.
  ASSERT_OK(Refund(100));
  EXPECT_TRUE(ledger_.views().wallets.Find(kMember)->lots.at(0).spent);
  ASSERT_OK(Buy(100));
  EXPECT_EQ(Figures().grants_spent, 1U);
  EXPECT_EQ(Figures().spent, 200);
  EXPECT_FALSE(ledger_.views().wallets.Find(kMember)->lots.at(0).spent);  // Of the other campaign.
}

TEST_F(CampaignFiguresTest, AreNotSpentFromByWhatIsHeldAndLetGo) {
  ASSERT_OK(Hold(100));
  ASSERT_OK(Hold(-100));
  EXPECT_EQ(Figures().grants_spent, 0U);
}

// An earmarked part has a lot of its own.
TEST_F(CampaignFiguresTest, CountAGrantOfTwoLotsOnce) {
  ledger::TableSet set(&ledger_.store());
  ledger::CampaignFigureKeeper keeper(&set);
  constexpr std::uint32_t kEarmarked = 1 | std::uint32_t{1} << 31;
  ledger::Wallet wallet;
  for (const std::uint32_t number : {1U, 2U, kEarmarked}) {
    wallet.lots.push_back({.number = LotNumber{number},
                           .campaign = CampaignNumber{kCampaign},
                           .granted = 50,
                           .remaining = 50});
  }
  journal::v1::Entry grant;
  grant.mutable_grant()->set_campaign(9);
  grant.mutable_grant()->set_points(150);
  keeper.NoteGrant(grant.grant());
  keeper.NoteGrant(grant.grant());
  ASSERT_OK(keeper.EndEntry(grant));
  journal::v1::Entry purchase;
  purchase.mutable_purchase()->set_points(20);
  for (const std::uint32_t number : {kEarmarked, 1U}) {
    journal::v1::LotChange& change = *purchase.add_lots();
    change.set_lot(number);
    change.set_points(-10);
    change.set_campaign(9);
    keeper.NoteChange(purchase, change, &wallet);
  }
  EXPECT_TRUE(keeper.first_spent().empty());
  ASSERT_OK(keeper.EndEntry(purchase));
  EXPECT_EQ(keeper.first_spent(), std::vector{CampaignNumber{9}});
  ASSERT_EQ(keeper.changes().size(), 1U);
  EXPECT_EQ(keeper.changes()[0].figures.grants, 2U);
  EXPECT_EQ(keeper.changes()[0].figures.grants_spent, 1U);
  EXPECT_TRUE(wallet.lots[0].spent);
  EXPECT_FALSE(wallet.lots[1].spent);
  EXPECT_TRUE(wallet.lots[2].spent);
  purchase.clear_lots();
  ASSERT_OK(keeper.EndEntry(purchase));
  EXPECT_TRUE(keeper.first_spent().empty());
  keeper.ForgetChanges();
  EXPECT_TRUE(keeper.changes().empty());
}

TEST_F(CampaignFiguresTest, DoNotFollowAnEntryThatSaysOtherThanItDoes) {
  struct Row {
    const char* what;
    std::function<void(journal::v1::Entry&)> cause;
  };
  const std::vector<Row> rows = {
      {"fewer points expired", [](auto& e) { e.mutable_expiry()->set_points(4); }},
      {"another campaign's", [](auto& e) { e.mutable_expiry()->set_points(5); }},
      {"more points clawed back",
       [](auto& e) {
         e.mutable_clawed_back()->set_campaign(kCampaign);
         e.mutable_clawed_back()->set_points(6);
       }},
      {"returned to nobody", [](auto& e) { e.mutable_lot_returned()->set_campaign(kCampaign); }},
      {"the lot of another campaign",
       [](auto& e) {
         e.mutable_purchase()->set_points(5);
         e.mutable_lots(0)->set_campaign(77);
       }},
      {"gone for no reason", [](auto& e) { e.mutable_voided()->set_points(5); }},
  };
  for (const Row& row : rows) {
    LedgerFixture other;
    ASSERT_OK(other.RecoverFrom(ledger_));
    journal::v1::Record record;
    ASSERT_TRUE(record.ParseFromString(other.Journal().back()));
    journal::v1::Entry& entry = *record.mutable_entry();
    entry.Clear();
    AddPosting(AccountKind::kWallet, 0, kOrigin, -5, entry);
    entry.mutable_postings(0)->set_member(kMember.ToBytes());
    AddPosting(AccountKind::kBudget, kOrigin, kOrigin, 5, entry);
    entry.set_member(kMember.ToBytes());
    journal::v1::LotChange& change = *entry.add_lots();
    change.set_lot(1);
    change.set_points(-5);
    change.set_campaign(kCampaign);
    row.cause(entry);
    EXPECT_EQ(other.views().Apply(record).code(), absl::StatusCode::kDataLoss) << row.what;
  }
}

}  // namespace
}  // namespace puhui::testing::campaign_figures_test
