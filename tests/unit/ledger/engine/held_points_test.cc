// SPDX-License-Identifier: Apache-2.0
// What the views make of points that an authorisation holds, and what they refuse to fold.
#include "ledger/engine/account_queries.h"
#include "ledger/engine/activity.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::testing::held_points_test {
namespace {

using ledger::AccountKind;
using ledger::ActivityKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const MemberId kMember(1, 1);
constexpr UnionNumber kOrigin{3};
constexpr std::uint32_t kMerchant = 7;

// A member with one lot of 100 points.
struct Wallet {
  Wallet() : expiry(ledger.clock().Now() + absl::Hours(1)) {
    PUHUI_CHECK_OK(Run([this](ledger::Decision& decision) {
      AddMember(kMember, TagOf(7), decision);
      AddFunding(3, 100, decision);
      AddCampaign({.number = 1, .origin = 3, .expiry = expiry}, decision);
      AddApproval(1, 3, 100, decision);
      AddGrant({.campaign = 1,
                .origin = 3,
                .member = kMember,
                .lot = 1,
                .points = 100,
                .expiry = expiry},
               decision);
    }));
  }
  absl::Status Run(std::function<void(ledger::Decision&)> add) {
    return ledger.Run(*Always(std::move(add))).status();
  }
  absl::Status Hold(std::int64_t points) {
    return Run([&](ledger::Decision& decision) { AddHold(Spec(points), decision); });
  }
  // Of what is held, takes `points` for the merchant; the rest is available again.
  absl::Status Capture(std::int64_t held, std::int64_t points) {
    return Run([&](ledger::Decision& decision) {
      journal::v1::Entry& entry = AddHold(Spec(-held), decision);
      entry.mutable_postings(0)->set_points(held - points);
      if (held == points) entry.mutable_postings()->DeleteSubrange(0, 1);
      AddPosting(AccountKind::kPayable, kMerchant, 3, points, entry);
      entry.mutable_lots(0)->set_points(-points);
      entry.mutable_capture()->set_points(points);
      entry.mutable_capture()->mutable_till()->set_merchant(kMerchant);
    });
  }
  HoldSpec Spec(std::int64_t points) const {
    return {.campaign = 1,
            .origin = 3,
            .member = kMember,
            .lot = 1,
            .points = points,
            .expiry = expiry};
  }
  const ledger::Wallet& row() { return *ledger.views().wallets.Find(kMember); }
  std::int64_t Total(AccountKind kind) {
    const std::int64_t* total = ledger.views().totals.Find({kind, kOrigin});
    return total == nullptr ? 0 : *total;
  }

  LedgerFixture ledger;
  absl::Time expiry;
};

TEST(HeldPointsTest, AreInTheLotAndNotAvailable) {
  Wallet wallet;
  ASSERT_OK(wallet.Hold(40));
  ASSERT_OK(wallet.Hold(50));
  EXPECT_EQ(wallet.row().lots.at(0).remaining, 100);
  EXPECT_EQ(wallet.row().lots.at(0).held, 90);
  EXPECT_EQ(wallet.row().AvailableAt(wallet.ledger.clock().Now(), wallet.ledger.views()), 10);
  EXPECT_EQ(wallet.row().open_authorizations, 2U);
  EXPECT_EQ(wallet.Total(AccountKind::kWallet), 10);
  EXPECT_EQ(wallet.Total(AccountKind::kHeld), 90);
  ASSERT_OK(wallet.Hold(-40));
  ASSERT_OK(wallet.Capture(50, 30));
  EXPECT_EQ(wallet.row().lots.at(0).remaining, 70);
  EXPECT_EQ(wallet.row().lots.at(0).held, 0);
  EXPECT_EQ(wallet.row().open_authorizations, 0U);
  EXPECT_EQ(wallet.Total(AccountKind::kWallet), 70);
  EXPECT_EQ(wallet.Total(AccountKind::kHeld), 0);
}

TEST(HeldPointsTest, LeaveTheirLotWhenAllOfItIsCaptured) {
  Wallet wallet;
  ASSERT_OK(wallet.Hold(100));
  ASSERT_OK(wallet.Capture(100, 100));
  EXPECT_TRUE(wallet.row().lots.empty());
}

TEST(HeldPointsTest, StandInTheActivityWithWhatWasReservedAndWhatWentOut) {
  Wallet wallet;
  ASSERT_OK(wallet.Hold(40));
  ASSERT_OK(wallet.Capture(40, 30));
  ASSERT_OK(wallet.Hold(20));
  ASSERT_OK(wallet.Hold(-20));
  ASSERT_OK_AND_ASSIGN(const std::vector<ledger::Activity> events,
                       ledger::UnpackActivity(wallet.row().recent_activity));
  std::vector<std::vector<std::int64_t>> seen;
  for (const ledger::Activity& event : events) {
    seen.push_back(
        {static_cast<std::int64_t>(event.kind), event.points, event.held, event.points_after});
  }
  const auto kind = [](ActivityKind of) { return static_cast<std::int64_t>(of); };
  EXPECT_THAT(seen, ElementsAre(ElementsAre(kind(ActivityKind::kGrant), 100, 0, 100),
                                ElementsAre(kind(ActivityKind::kAuthorization), 0, 40, 100),
                                ElementsAre(kind(ActivityKind::kCapture), -30, -40, 70),
                                ElementsAre(kind(ActivityKind::kAuthorization), 0, 20, 70),
                                ElementsAre(kind(ActivityKind::kVoid), 0, -20, 70)));
  EXPECT_EQ(events.at(2).counterparty, kMerchant);
}

TEST(HeldPointsTest, AreAnAccountOfTheMember) {
  Wallet wallet;
  const auto account = [&](AccountKind kind) {
    return *ledger::MemberAccount(wallet.ledger.store(), kind, kMember);
  };
  EXPECT_THAT(account(AccountKind::kWallet), ElementsAre(Pair(kOrigin, 100)));
  EXPECT_THAT(account(AccountKind::kHeld), ElementsAre());
  ASSERT_OK(wallet.Hold(40));
  EXPECT_THAT(account(AccountKind::kHeld), ElementsAre(Pair(kOrigin, 40)));
  EXPECT_THAT(account(AccountKind::kWallet), ElementsAre(Pair(kOrigin, 60)));
  ASSERT_OK(wallet.Capture(40, 30));
  EXPECT_THAT(account(AccountKind::kHeld), ElementsAre());
  EXPECT_THAT(account(AccountKind::kWallet), ElementsAre(Pair(kOrigin, 70)));
  EXPECT_THAT(*ledger::MemberAccount(wallet.ledger.store(), AccountKind::kWallet, MemberId(9, 9)),
              ElementsAre());
}

// What no decider writes.
struct BrokenRow {
  const char* what;
  const char* finding;
  std::int64_t first_held;  // By an authorisation before; 0: none.
  std::int64_t held;
  std::function<void(journal::v1::Entry&)> change;
};

TEST(HeldPointsTest, AreNeverFoldedBeyondTheirBounds) {
  const auto as_it_is = [](journal::v1::Entry&) {};
  const std::vector<BrokenRow> rows = {
      {"more than remains", "accounts come to -1", 0, 101, as_it_is},
      {"more of the lot than it has", "leaves 100 of 100 points in lot 1, 101 of them held", 0, 100,
       [](auto& entry) { entry.mutable_lots(0)->set_held(101); }},
      {"less than nothing", "accounts come to -1", 40, -41, as_it_is},
      {"less than nothing of the lot", "-1 of them held", 40, -40,
       [](auto& entry) { entry.mutable_lots(0)->set_held(-41); }},
      {"held points taken as if they were available", "39 of 100 points in lot 1, 40", 40, 20,
       [](auto& entry) {
         entry.mutable_lots(0)->set_held(0);
         entry.mutable_lots(0)->set_points(-61);
       }},
      {"another amount than the lots", "the lots hold 39 points more, the postings 40", 0, 40,
       [](auto& entry) { entry.mutable_lots(0)->set_held(39); }},
      {"a part of what an authorisation holds", "leaves 10 points held by 0 authorisations", 40,
       -30, as_it_is},
      {"a lot that is gone", "takes from lot 9, which is gone", 0, 40,
       [](auto& entry) { entry.mutable_lots(0)->set_lot(9); }},
      {"another member's", "another member", 0, 40,
       [](auto& entry) { entry.mutable_postings(1)->set_member(std::string(16, 'x')); }},
  };
  for (const BrokenRow& row : rows) {
    SCOPED_TRACE(row.what);
    Wallet wallet;
    if (row.first_held != 0) {
      ASSERT_OK(wallet.Hold(row.first_held));
    }
    const absl::Status folded = wallet.Run(
        [&](ledger::Decision& decision) { row.change(AddHold(wallet.Spec(row.held), decision)); });
    EXPECT_THAT(folded, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(folded.message()), HasSubstr(row.finding));
  }
}

}  // namespace
}  // namespace puhui::testing::held_points_test
