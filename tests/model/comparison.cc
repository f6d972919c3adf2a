// SPDX-License-Identifier: Apache-2.0
// What the model knows, in the store.
#include "issuing/app/queries.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "tests/model/fee_model.h"
#include "tests/model/funding_model.h"
#include "tests/model/random_driver.h"
#include "tests/model/store_location_steps.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

namespace puhui::testing {

void RandomDriver::CompareMember(MemberId id) {
  const LedgerModel::Member& expected = model_.members[id];
  const auto wallet = ledger::Find(ledger_.store(), ledger::kWalletTable, id);
  ASSERT_OK(wallet);
  ASSERT_TRUE(wallet->has_value());
  EXPECT_EQ((*wallet)->lots_ever, expected.lots_ever);
  ASSERT_EQ((*wallet)->lots.size(), expected.lots.size());
  for (const ledger::Lot& lot : (*wallet)->lots) {
    const auto at = expected.lots.find(static_cast<std::uint32_t>(lot.number));
    ASSERT_NE(at, expected.lots.end());
    EXPECT_EQ(static_cast<std::uint32_t>(lot.campaign), at->second.campaign);
    EXPECT_EQ(lot.granted, at->second.granted);
    EXPECT_EQ(lot.remaining, at->second.remaining);
    EXPECT_EQ(lot.expiry, at->second.expiry);
    EXPECT_EQ(lot.held, model_.Held(id, at->first));
  }
  for (const ledger::DaySpending& spent : (*wallet)->day_spending) {
    const auto campaign = static_cast<std::uint32_t>(spent.campaign);
    EXPECT_EQ(spent.points, model_.SpentOn(id, campaign, spent.day - absl::CivilDay()));
  }
  EXPECT_EQ((*wallet)->open_authorizations, expected.holds.size());
  EXPECT_EQ(static_cast<int>((*wallet)->state), static_cast<int>(expected.standing));
  CompareStanding(id);
}

void RandomDriver::ComparePurchases() {
  for (const auto& [sequence, expected] : model_.purchases) {
    const auto found = merchant::FindPurchase(ledger_.store(), sequence);
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->refunded, expected.given_back);
    EXPECT_EQ((*found)->points, expected.points);
    EXPECT_EQ((*found)->state == merchant::PurchaseState::kReversed, expected.reversed);
    ASSERT_EQ((*found)->lines.size(), expected.lines.size());
    for (std::size_t i = 0; i < expected.lines.size(); ++i) {
      const merchant::PaidLine& line = (*found)->lines[i];
      EXPECT_EQ(line.Paid() - line.refunded, expected.lines[i].left);
    }
  }
}

std::int64_t RandomDriver::Balance(ledger::AccountKind kind, std::uint64_t owner,
                                   std::uint32_t origin) {
  const auto balance =
      ledger::Find(ledger_.store(), ledger::kAccountTable,
                   ledger::AccountKey{kind, owner, UnionNumber{union_numbers_[origin]}});
  EXPECT_OK(balance);
  return balance.ok() ? balance->value_or(0) : -1;
}

void RandomDriver::CompareCampaign(std::uint32_t number, const LedgerModel::Campaign& expected) {
  const auto found = issuing::CampaignByNumber(ledger_.store(), CampaignNumber{number});
  ASSERT_OK(found);
  EXPECT_EQ(static_cast<int>(found->row.state), static_cast<int>(expected.state));
  EXPECT_EQ(found->row.paused, expected.paused);
  EXPECT_EQ(found->row.all_or_nothing, expected.all_or_nothing);
  EXPECT_EQ(found->row.stopped.rows, expected.bad_rows);
  EXPECT_EQ(found->row.rows_done, expected.rows_done);
  EXPECT_EQ(found->row.rows_granted, expected.rows_granted);
  EXPECT_EQ(found->terms.expiry, expected.expiry);
  std::set<std::string> approvals;
  for (const issuing::Approval& approval : found->row.approvals) approvals.insert(approval.person);
  EXPECT_EQ(approvals, expected.approvals);
}

void RandomDriver::CompareAccounts() {
  using ledger::AccountKind;
  for (const auto& [id, of] : model_.unions) {
    const std::uint32_t number = union_numbers_[id];
    EXPECT_EQ(Balance(AccountKind::kFunding, number, id), -of.funded);
    for (const auto& [origin, other] : model_.unions) {
      EXPECT_EQ(Balance(AccountKind::kBudget, number, origin), model_.BudgetOf(id, origin));
      const auto expired = of.expired.find(origin);
      EXPECT_EQ(Balance(AccountKind::kExpired, number, origin),
                expired == of.expired.end() ? 0 : expired->second);
    }
  }
  for (const auto& [number, campaign] : model_.campaigns) {
    EXPECT_EQ(Balance(AccountKind::kCampaign, number, campaign.origin), campaign.reserved);
    CompareCampaign(number, campaign);
  }
  for (const auto& [account, owed] : AllFees(model_)) {
    const std::int64_t paid = payouts_.Paid(account.first, union_numbers_[account.second]);
    EXPECT_EQ(Balance(AccountKind::kPayable, account.first, account.second), owed.payable - paid);
    EXPECT_EQ(Balance(AccountKind::kPayout, account.first, account.second), paid);
    EXPECT_EQ(Balance(AccountKind::kFee, account.first, account.second), owed.fee);
  }
}

void RandomDriver::CompareAll() {
  for (const MemberId member : members_) CompareMember(member);
  CompareCards();
  ComparePurchases();
  CompareHolds();
  CompareBatches();
  CompareLimits();
  CompareBills();
  malls_.Compare();
  CompareDevices();
  CompareStoreLocations(ledger_.store(), model_);
  CompareFundings(ledger_.store(), model_);
  CompareAccounts();
  CompareUnions();
  CompareReceived();
  CompareFigures();
  CompareEnrolment();
  settlement_.Compare();
  payouts_.Compare();
  orders_.Compare();
  market_.Compare();
}

}  // namespace puhui::testing
