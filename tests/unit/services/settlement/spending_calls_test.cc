// SPDX-License-Identifier: Apache-2.0
// What was spent where, and for whom to know.
#include "tests/unit/services/settlement/settlement_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

class SpendingCallsTest : public SettlementTest {
 protected:
  v1::ListSpendingRequest Wish() const {
    v1::ListSpendingRequest request;
    request.set_first_day(absl::FormatCivilTime(today_));
    request.set_last_day(absl::FormatCivilTime(today_));
    return request;
  }
  absl::StatusOr<v1::ListSpendingResponse> List(const v1::ListSpendingRequest& request,
                                                const std::string& path) {
    return Ask(*settlement_, &Settlement::ListSpending, path, request);
  }
};

TEST_F(SpendingCallsTest, IsAskedOfAMerchantAUnionOrACampaign) {
  Buy(100);
  v1::ListSpendingRequest request = Wish();
  EXPECT_THAT(List(request, kFinanceMaker), Refuses(Reason::kInvalidField, "merchant"));
  request.set_merchant("merchants/m-1");
  ASSERT_OK_AND_ASSIGN(const auto of_merchant, List(request, kFinanceMaker));
  ASSERT_EQ(of_merchant.rows_size(), 1);
  const v1::Spending& row = of_merchant.rows(0);
  EXPECT_EQ(row.merchant(), "merchants/m-1");
  EXPECT_EQ(row.category(), "5411");
  EXPECT_EQ(row.day(), absl::FormatCivilTime(today_));
  EXPECT_EQ(row.union_(), "unions/fh-1");
  EXPECT_EQ(row.spent_points(), 100);
  EXPECT_FALSE(row.campaign().empty());
  request.set_union_("unions/fh-1");
  ASSERT_OK_AND_ASSIGN(const auto of_union, List(request, kFinanceMaker));
  EXPECT_EQ(of_union.SerializeAsString(), of_merchant.SerializeAsString());
  EXPECT_THAT(List(request, kOutsideFinance), Refuses(Reason::kNotFound));
  EXPECT_THAT(List(request, kGrocerPath), Refuses(Reason::kNotFound));
  request.set_campaign(row.campaign());
  ASSERT_OK_AND_ASSIGN(const auto of_campaign, List(request, kFinanceMaker));
  EXPECT_EQ(of_campaign.SerializeAsString(), of_merchant.SerializeAsString());
  EXPECT_THAT(List(request, kOutsideFinance), Refuses(Reason::kNotFound));
  EXPECT_THAT(List(request, kGrocerPath), Refuses(Reason::kNotFound));
}

TEST_F(SpendingCallsTest, AMerchantIsNotToldOfCampaigns) {
  Buy(100);
  v1::ListSpendingRequest request = Wish();
  request.set_merchant("merchants/m-1");
  ASSERT_OK_AND_ASSIGN(const auto seen, List(request, kGrocerPath));
  ASSERT_EQ(seen.rows_size(), 1);
  EXPECT_EQ(seen.rows(0).campaign(), "");
  EXPECT_EQ(seen.rows(0).union_(), "unions/fh-1");
  EXPECT_EQ(seen.rows(0).spent_points(), 100);
  EXPECT_THAT(List(request, kOtherGrocerPath), Refuses(Reason::kNotFound));
}

// Finance sees what any merchant sold, and names only what is its own.
TEST_F(SpendingCallsTest, AUnionIsNotToldOfOthersCampaigns) {
  Buy(100);
  v1::ListSpendingRequest request = Wish();
  request.set_merchant("merchants/m-1");
  ASSERT_OK_AND_ASSIGN(const auto seen, List(request, kOutsideFinance));
  ASSERT_EQ(seen.rows_size(), 1);
  EXPECT_EQ(seen.rows(0).campaign(), "");
  EXPECT_EQ(seen.rows(0).spent_points(), 100);
  for (const char* path : {kAuditor, kOperatorPath}) {
    ASSERT_OK_AND_ASSIGN(const auto all, List(request, path));
    EXPECT_FALSE(all.rows(0).campaign().empty()) << path;
  }
}

TEST_F(SpendingCallsTest, RefusesDaysThatAreNone) {
  v1::ListSpendingRequest request = Wish();
  request.set_merchant("merchants/m-1");
  request.set_last_day("2020-01-01");
  EXPECT_THAT(List(request, kFinanceMaker), Refuses(Reason::kInvalidField, "last_day"));
  request.set_last_day("2025-02-30");
  EXPECT_THAT(List(request, kFinanceMaker), Refuses(Reason::kInvalidField, "last_day"));
  request = Wish();
  request.set_merchant("merchants/m-1");
  request.set_first_day("");
  EXPECT_THAT(List(request, kFinanceMaker), Refuses(Reason::kInvalidField, "first_day"));
  request = Wish();
  request.set_merchant("merchants/m-1");
  request.set_page_token("token");
  EXPECT_THAT(List(request, kFinanceMaker), Refuses(Reason::kInvalidField, "page_token"));
}

// What remains of what was spent is with merchants: payable, paid out, or kept as fees.
TEST_F(SpendingCallsTest, AgreesWithTheTrialBalanceToThePoint) {
  const std::uint64_t first = Buy(199);
  EndDay();
  ASSERT_OK(Cut());
  Buy(101);
  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(absl::StrFormat("%012d", first));
  refund.set_points(33);
  ASSERT_OK(Ask(*pos_, &Pos::Refund, kTill, refund));
  auto purchase = Call<v1::PurchaseRequest>(kTill);
  purchase.set_card_number(card_);
  purchase.set_points(7);
  ASSERT_OK(Ask(*pos_, &Pos::Purchase, kTill, purchase));
  auto reverse = Call<v1::ReverseRequest>(kTill);
  reverse.set_original_request_id(purchase.request_id());
  ASSERT_OK(Ask(*pos_, &Pos::Reverse, kTill, reverse));
  v1::ListSpendingRequest request = Wish();
  request.set_last_day(absl::FormatCivilTime(today_ + 1));
  request.set_union_("unions/fh-1");
  ASSERT_OK_AND_ASSIGN(const auto listed, List(request, kFinanceMaker));
  EXPECT_EQ(listed.rows_size(), 2);
  std::int64_t spent = 0;
  std::int64_t given_back = 0;
  for (const v1::Spending& row : listed.rows()) {
    spent += row.spent_points();
    given_back += row.given_back_points();
  }
  EXPECT_EQ(spent, 199 + 101 + 7);
  EXPECT_EQ(given_back, 33 + 7);
  EXPECT_EQ(spent - given_back, Total(v1::ACCOUNT_KIND_PAYABLE) + Total(v1::ACCOUNT_KIND_PAYOUT) +
                                    Total(v1::ACCOUNT_KIND_FEE));
}

}  // namespace
}  // namespace puhui::services
