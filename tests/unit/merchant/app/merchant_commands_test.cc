// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/merchant_commands.h"

#include "tests/unit/merchant/app/till_fixture.h"

#include <gtest/gtest.h>

namespace puhui::merchant {
namespace {

using ledger::Reason;

MerchantId Merchant(const char* id) { return *MerchantId::Parse(id, "id"); }
StoreId Store(const char* id) { return *StoreId::Parse(id, "id"); }

TEST_F(TillTest, AMerchantIdIsGivenOnce) {
  RegisterMerchantCommand again(&tables_, {.id = Merchant("m-1")});
  EXPECT_THAT(ledger_.Run(again), Refuses(Reason::kAlreadyExists, "merchant_id"));
  RegisterMerchantCommand other(&tables_, {.id = Merchant("m-3"), .category = kBookshop});
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, ledger_.Run(other));
  EXPECT_EQ(outcome.first().merchant_registered().number(), 3U);
  ASSERT_OK_AND_ASSIGN(const auto found, FindMerchant(ledger_.store(), "m-3"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->row.category, kBookshop);
  EXPECT_EQ(found->row.state, MerchantState::kActive);
}

TEST_F(TillTest, AStoreNeedsItsMerchantAndAnIdOfItsOwn) {
  CreateStoreCommand lost(&tables_, {.merchant = Merchant("m-9"), .id = Store("s-1")});
  EXPECT_THAT(ledger_.Run(lost), Refuses(Reason::kNotFound, "parent"));
  CreateStoreCommand twice(&tables_, {.merchant = Merchant("m-1"), .id = Store("s-1")});
  EXPECT_THAT(ledger_.Run(twice), Refuses(Reason::kAlreadyExists, "store_id"));
  CreateStoreCommand second(
      &tables_, {.merchant = Merchant("m-1"), .id = Store("s-2"), .display_name = "East"});
  EXPECT_OK(ledger_.Run(second));
  ASSERT_OK_AND_ASSIGN(const auto stores, ListStores(ledger_.store(), MerchantNumber{1}, 10));
  ASSERT_EQ(stores.size(), 2U);
  EXPECT_EQ(stores[1].first, "s-2");
  EXPECT_EQ(stores[1].second.display_name, "East");
}

TEST_F(TillTest, EnrollingReportsExistenceBeforeState) {
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
  EXPECT_THAT(Enroll("m-9", "t-1"), Refuses(Reason::kNotFound, "store"));
  EXPECT_THAT(Enroll("m-1", "t-1"), Refuses(Reason::kAlreadyExists, "terminal_id"));
  EXPECT_THAT(Enroll("m-1", "t-3"), Refuses(Reason::kMerchantNotActive));
  ASSERT_OK_AND_ASSIGN(const auto terminals, ListTerminals(ledger_.store(), MerchantNumber{1}, 10));
  EXPECT_EQ(terminals.size(), 2U);
}

TEST_F(TillTest, BlockingATerminalAgainChangesNothingAndIsNotRefused) {
  Block("t-1");
  Block("t-1");
  ASSERT_OK_AND_ASSIGN(const auto number, FindTerminal(ledger_.store(), "m-1", "t-1"));
  ASSERT_TRUE(number.has_value());
  ASSERT_OK_AND_ASSIGN(const TerminalRow row, TerminalByNumber(ledger_.store(), *number));
  EXPECT_EQ(row.state, TerminalState::kBlocked);
  ChangeTerminalStateCommand unknown(&tables_, Merchant("m-1"), *TerminalId::Parse("t-9", "id"),
                                     TerminalState::kBlocked);
  EXPECT_THAT(ledger_.Run(unknown), Refuses(Reason::kNotFound, "name"));
}

TEST_F(TillTest, NumbersGoOnInsideOneUndurableGroup) {
  ledger_.Hold();
  for (const char* id : {"m-3", "m-4"}) {
    RegisterMerchantCommand command(&tables_, {.id = Merchant(id)});
    ASSERT_OK(ledger_.Run(command));
  }
  ledger_.Release();
  ASSERT_OK_AND_ASSIGN(const auto found, FindMerchant(ledger_.store(), "m-4"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->number, MerchantNumber{4});
}

}  // namespace
}  // namespace puhui::merchant
