// SPDX-License-Identifier: Apache-2.0
#include "services/market/mall_convert.h"

#include "tests/support/refusal_matchers.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

TEST(MallConvertTest, ReadsNamesOfMallsAndLinks) {
  ASSERT_OK_AND_ASSIGN(const MerchantId merchant, ParseMallName("merchants/m-7/mall", "name"));
  EXPECT_EQ(FormatMallName(merchant.text()), "merchants/m-7/mall");
  const std::string link = "members/01ARZ3NDEKTSV4RRFFQ69G5FAV/malls/m-7";
  ASSERT_OK_AND_ASSIGN(const MallLinkName name, ParseMallLinkName(link, "name"));
  EXPECT_EQ(FormatMallLinkName(name.member, name.merchant.text()), link);
  for (const char* bad : {"", "merchants/m-7", "merchants/m-7/malls", "mall", "/mall",
                          "merchants/M 7/mall", "members/m-7/mall", "merchants/m-7/mall/mall"}) {
    EXPECT_THAT(ParseMallName(bad, "name"), Refuses(Reason::kInvalidField, "name")) << bad;
  }
  for (const char* bad :
       {"", "members/01ARZ3NDEKTSV4RRFFQ69G5FAV", "members/x/malls/m-7",
        "members/01ARZ3NDEKTSV4RRFFQ69G5FAV/malls/", "members/01ARZ3NDEKTSV4RRFFQ69G5FAV/mall/m-7",
        "members/01ARZ3NDEKTSV4RRFFQ69G5FAV/malls/m-7/malls/m-8"}) {
    EXPECT_THAT(ParseMallLinkName(bad, "name"), Refuses(Reason::kInvalidField, "name")) << bad;
  }
}

TEST(MallConvertTest, TakesVisibleNumbersOfItsOwnAlone) {
  EXPECT_OK(CheckMallNumber("1", "n"));
  EXPECT_OK(CheckMallNumber("O-2026/1~!", "n"));
  EXPECT_OK(CheckMallNumber(std::string(64, 'x'), "n"));
  for (const std::string& bad :
       {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\n"),
        std::string("a\0b", 3), std::string("订单"), std::string("\x7f")}) {
    EXPECT_THAT(CheckMallNumber(bad, "n"), Refuses(Reason::kInvalidField, "n"));
  }
}

TEST(MallConvertTest, WantsBothLimits) {
  v1::MallLimits limits;
  limits.set_points_per_payment_max(5);
  EXPECT_THAT(ReadMallLimits(limits), HasCode(absl::StatusCode::kInvalidArgument));
  limits.set_points_per_day_max(6);
  ASSERT_OK_AND_ASSIGN(const merchant::MallLimits read, ReadMallLimits(limits));
  EXPECT_EQ(read, (merchant::MallLimits{.payment_max = 5, .day_max = 6}));
  limits.set_points_per_payment_max(-1);
  EXPECT_THAT(ReadMallLimits(limits), HasCode(absl::StatusCode::kInvalidArgument));
}

TEST(MallConvertTest, APaymentSaysWhatIsLeftOfIt) {
  merchant::PurchaseRow row{.points = 10};
  EXPECT_EQ(MallPaymentOf("o-1", 7, row).state(), v1::MALL_PAYMENT_STATE_PAID);
  row.refunded = 9;
  EXPECT_EQ(MallPaymentOf("o-1", 7, row).state(), v1::MALL_PAYMENT_STATE_PARTLY_REFUNDED);
  row.refunded = 10;
  const v1::MallPayment payment = MallPaymentOf("o-1", 7, row);
  EXPECT_EQ(payment.state(), v1::MALL_PAYMENT_STATE_REFUNDED);
  EXPECT_EQ(payment.refunded_points(), 10);
  EXPECT_EQ(payment.retrieval_reference(), "000000000007");
}

}  // namespace
}  // namespace puhui::services
