// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/merchant_application_commands.h"
#include "tests/unit/merchant/app/life_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using enum MerchantState;

class MerchantApplicationTest : public LifeTest {
 protected:
  absl::StatusOr<ledger::Outcome> Apply(const std::string& id,
                                        const std::string& person = "people/wang") {
    ApplyMerchantCommand command(&tables_, {.id = *MerchantId::Parse(id, "id"),
                                            .display_name = "惠民书店",
                                            .category = kBookshop,
                                            .person = person});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Decide(const std::string& id, bool accept,
                                         const std::string& person = "people/zhao") {
    DecideMerchantCommand command(&tables_, {.merchant = *MerchantId::Parse(id, "id"),
                                             .accept = accept,
                                             .reason = "seen",
                                             .fee_rate = BasisPoints::FromStored(accept ? 80 : 0),
                                             .balance_shown = accept,
                                             .goods_named = accept,
                                             .person = person});
    return ledger_.Run(command);
  }
  MerchantRow Merchant(const std::string& id) { return (*FindMerchant(ledger_.store(), id))->row; }
};

TEST_F(MerchantApplicationTest, AMerchantThatWaitsSellsNothing) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome applied, Apply("m-3"));
  EXPECT_EQ(applied.first().merchant_applied().wish().number(), 3U);
  EXPECT_EQ(Merchant("m-3").state, kApplied);
  EXPECT_EQ(Merchant("m-3").display_name, "惠民书店");
  CreateStoreCommand store(
      &tables_, {.merchant = *MerchantId::Parse("m-3", "id"), .id = *StoreId::Parse("s-1", "id")});
  EXPECT_THAT(ledger_.Run(store), Refuses(Reason::kMerchantNotActive));
  // Were there a store and a terminal, they would not do either.
  tables_.stores.Put({MerchantNumber{3}, "s-1"}, {});
  EXPECT_THAT(Enroll("m-3", "t-1"), Refuses(Reason::kMerchantNotActive));
  tables_.merchants.Edit(MerchantNumber{1}).state = kApplied;
  EXPECT_THAT(Purchase(NextCall(), 10), Declines(Reason::kMerchantNotActive));
  EXPECT_THAT(Authorize(NextCall(), 10), Declines(Reason::kMerchantNotActive));
}

TEST_F(MerchantApplicationTest, AnIdIsTakenByWhoeverAppliesWhateverIsDecided) {
  EXPECT_THAT(Apply("m-1"), Refuses(Reason::kAlreadyExists, "merchant_id"));
  ASSERT_OK(Apply("m-3"));
  EXPECT_THAT(Apply("m-3"), Refuses(Reason::kAlreadyExists, "merchant_id"));
  RegisterMerchantCommand registered(&tables_, {.id = *MerchantId::Parse("m-3", "id")});
  EXPECT_THAT(ledger_.Run(registered), Refuses(Reason::kAlreadyExists, "merchant_id"));
  ASSERT_OK(Decide("m-3", false));
  EXPECT_THAT(Apply("m-3"), Refuses(Reason::kAlreadyExists, "merchant_id"));
}

TEST_F(MerchantApplicationTest, OneThatIsAcceptedIsAsItWasDecided) {
  ASSERT_OK(Apply("m-3"));
  ASSERT_OK(Decide("m-3", true));
  const MerchantRow row = Merchant("m-3");
  EXPECT_EQ(row.state, kActive);
  EXPECT_EQ(row.fee_rate.value(), 80U);
  EXPECT_TRUE(row.balance_shown);
  EXPECT_TRUE(row.goods_named);
  EXPECT_TRUE(row.decide_time.has_value());
  EXPECT_EQ(row.decide_reason, "seen");
  CreateStoreCommand store(
      &tables_, {.merchant = *MerchantId::Parse("m-3", "id"), .id = *StoreId::Parse("s-1", "id")});
  ASSERT_OK(ledger_.Run(store));
  EXPECT_OK(Enroll("m-3", "t-1"));
  ASSERT_OK(Put(kSuspended, "m-3"));
  ASSERT_OK(Put(kActive, "m-3"));
  EXPECT_OK(Put(kClosed, "m-3"));
}

TEST_F(MerchantApplicationTest, DecisionsAreRefusedInOrder) {
  EXPECT_THAT(Decide("m-9", true), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Decide("m-1", true), Refuses(Reason::kMerchantState, "name"));  // Was registered.
  ASSERT_OK(Apply("m-3", "people/wang"));
  EXPECT_THAT(Decide("m-3", true, "people/wang"), Refuses(Reason::kSamePerson, "name"));
  EXPECT_THAT(Decide("m-3", false, "people/wang"), Refuses(Reason::kSamePerson, "name"));
  ASSERT_OK(Decide("m-3", true));
  EXPECT_THAT(Decide("m-3", true), Refuses(Reason::kMerchantState, "name"));
  EXPECT_THAT(Decide("m-3", false), Refuses(Reason::kMerchantState, "name"));
  // Before the state.
  EXPECT_THAT(Decide("m-3", false, "people/wang"), Refuses(Reason::kSamePerson, "name"));
  EXPECT_EQ(Merchant("m-3").state, kActive);
}

TEST_F(MerchantApplicationTest, OneThatIsRejectedStaysSo) {
  ASSERT_OK(Apply("m-3"));
  // Nor does anybody get around the decision.
  for (const MerchantState state : {kActive, kSuspended, kClosed}) {
    EXPECT_THAT(Put(state, "m-3"), Refuses(Reason::kMerchantState, "name"));
  }
  ASSERT_OK(Decide("m-3", false));
  EXPECT_EQ(Merchant("m-3").state, kRejected);
  EXPECT_EQ(Merchant("m-3").fee_rate.value(), 0U);
  EXPECT_FALSE(Merchant("m-3").balance_shown);
  EXPECT_FALSE(Merchant("m-3").goods_named);
  EXPECT_THAT(Decide("m-3", true), Refuses(Reason::kMerchantState, "name"));
  for (const MerchantState state : {kActive, kSuspended, kClosed}) {
    EXPECT_THAT(Put(state, "m-3"), Refuses(Reason::kMerchantState, "name"));
  }
  SetAgreementCommand agreement(&tables_, {.merchant = *MerchantId::Parse("m-3", "id")});
  EXPECT_THAT(ledger_.Run(agreement), Refuses(Reason::kMerchantState, "merchant"));
}

TEST_F(MerchantApplicationTest, OneDecisionIsTakenOfTwoInOneUndurableGroup) {
  ledger_.Hold();
  ASSERT_OK(Apply("m-3"));
  ASSERT_OK(Decide("m-3", false));
  EXPECT_THAT(Decide("m-3", true), Refuses(Reason::kMerchantState));
  ledger_.Release();
  EXPECT_EQ(Merchant("m-3").state, kRejected);
}

}  // namespace
}  // namespace puhui::merchant
