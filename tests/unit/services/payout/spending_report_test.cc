// SPDX-License-Identifier: Apache-2.0
// What was spent where, of two merchants, two unions with money of their own and three campaigns,
// one row a page, when a merchant was paid.
#include "tests/unit/services/payout/payout_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;

using Listed = std::vector<std::string>;

constexpr char kBranchFinance[] = "/finance/unions/fh-1a/people/fin-3";

class SpendingReportTest : public PayoutServiceFixture {
 protected:
  // Person 1 has 500 points of campaigns/spring and 60 of campaigns/summer, which end sooner;
  // person 2, of a union below with its own money, has 200 of campaigns/branch.
  SpendingReportTest() {
    IssueAnother("summer", "unions/fh-1", {member_, 60});
    EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1a", "unions/fh-1")));
    Fund(1'000, "unions/fh-1a");
    const std::string second = Enrol(2, 2, "unions/fh-1a").front();
    IssueAnother("branch", "unions/fh-1a", {second, 200});
    v1::GetMemberRequest ask;
    ask.set_name(second);
    second_card_ =
        Ask(*members_, &v1::MemberService::Stub::GetMember, kHr, ask)->member().card_number();
    first_day_ = today_;
  }

  void IssueAnother(const std::string& id, const std::string& of,
                    const std::pair<std::string, std::int64_t>& row) {
    const std::string name = absl::StrCat("campaigns/", id);
    v1::CreateCampaignRequest wish = CampaignWish(id);
    wish.set_union_(of);
    wish.mutable_terms()->mutable_expire_time()->set_seconds(
        absl::ToUnixSeconds(clock_.Now() + absl::Hours(24 * 30)));
    ASSERT_OK(CampaignTest::Create(kHr, wish));
    const auto plan =
        Send(kHr, {Start(NextRequestId(), 1, name), Rows({ByMember(row.first, row.second)})});
    ASSERT_OK(plan);
    auto submission = HashWish<v1::SubmitCampaignRequest>(plan->plan().hash());
    submission.set_name(name);
    ASSERT_OK(Submit(kHr, submission));
    auto approval = HashWish<v1::ApproveCampaignRequest>(plan->plan().hash());
    approval.set_name(name);
    approval.set_etag(Get(kHr, name)->etag());
    ASSERT_OK(CampaignTest::Approve(kApprover, approval));
    v1::IssueCampaignRequest issue = IssueWish();
    issue.set_name(name);
    ASSERT_OK(Issue(kHr, issue));
    Advance(absl::Seconds(1));
    ASSERT_OK(Watch(kHr, name));
  }
  void GiveBack(std::uint64_t purchase, std::int64_t points) {
    auto refund = Call<v1::RefundRequest>(kTill);
    refund.set_purchase_reference(absl::StrFormat("%012d", purchase));
    refund.set_points(points);
    ASSERT_OK(Ask(*pos_, &Pos::Refund, kTill, refund));
  }
  // Two days with everything in them; m-1's first one is cut, agreed with, and paid.
  void SellForTwoDays() {
    const std::uint64_t first = BuyAt(kTill, card_, 100);  // 60 of summer, 40 of spring.
    BuyAt(kTill, second_card_, 30);
    BuyAt(kForeignTill, card_, 25);
    BuyAt(kForeignTill, second_card_, 70);
    AddAccount(1);
    const std::string statement = StatementName();
    EndDay();
    const auto cut = Cut(kOperatorPath);
    ASSERT_OK(cut);
    ASSERT_OK(Agree(cut->digest()));
    today_ += 1;
    BuyAt(kTill, card_, 5);
    GiveBack(first, 10);
    Pay(statement);
  }
  void Pay(const std::string& statement) {
    const auto run = PayoutServiceFixture::Create({statement});
    ASSERT_OK(run);
    ASSERT_OK(PayoutServiceFixture::Approve(run->name()));
    const auto exported = Export(ExportWish(run->name()));
    ASSERT_OK(exported);
    pugi::xml_document file;
    ASSERT_TRUE(file.load_string(exported->file().c_str()));
    const std::string id = file.select_node("//EndToEndId").node().text().get();
    const auto answered = Import(AnswerWish(id, "ACSC", "1.28"));
    ASSERT_OK(answered);
    ASSERT_EQ(answered->newly_paid(), 1);
  }

  v1::ListSpendingRequest Wish(absl::CivilDay first, absl::CivilDay last) const {
    v1::ListSpendingRequest request;
    request.set_first_day(absl::FormatCivilTime(first));
    request.set_last_day(absl::FormatCivilTime(last));
    return request;
  }
  v1::ListSpendingRequest OfMerchant(const std::string& name) const {
    v1::ListSpendingRequest request = Wish(first_day_, first_day_ + 1);
    request.set_merchant(name);
    return request;
  }
  v1::ListSpendingRequest OfUnion(const std::string& name) const {
    v1::ListSpendingRequest request = Wish(first_day_, first_day_ + 1);
    request.set_union_(name);
    return request;
  }
  v1::ListSpendingRequest OfCampaign(const std::string& name) const {
    v1::ListSpendingRequest request = Wish(first_day_, first_day_ + 1);
    request.set_campaign(name);
    return request;
  }

  // Everything, so many rows a page, of which none has more.
  Listed List(v1::ListSpendingRequest request, const std::string& path, int page_size) {
    request.set_page_size(page_size);
    Listed rows;
    for (int page = 0; page < 50; ++page) {
      const auto response = Ask(*settlement_, &Settlement::ListSpending, path, request);
      EXPECT_OK(response);
      if (!response.ok()) break;
      EXPECT_LE(response->rows_size(), page_size);
      for (const v1::Spending& row : response->rows()) {
        rows.push_back(absl::StrCat(
            row.merchant(), " ",
            row.day() == absl::FormatCivilTime(first_day_) ? "first" : "second", " ", row.union_(),
            " ", row.campaign(), " ", row.spent_points(), "-", row.given_back_points()));
      }
      if (response->next_page_token().empty()) return rows;
      request.set_page_token(response->next_page_token());
    }
    ADD_FAILURE() << "the list does not end";
    return rows;
  }

  std::string second_card_;
  absl::CivilDay first_day_;
};

TEST_F(SpendingReportTest, TellsMerchantsUnionsAndCampaignsApart) {
  SellForTwoDays();
  const Listed of_spring = {"merchants/m-1 first unions/fh-1 campaigns/spring 40-0",
                            "merchants/m-1 second unions/fh-1 campaigns/spring 5-10",
                            "merchants/m-2 first unions/fh-1 campaigns/spring 25-0"};
  const Listed of_summer = {"merchants/m-1 first unions/fh-1 campaigns/summer 60-0"};
  const Listed of_branch = {"merchants/m-1 first unions/fh-1a campaigns/branch 30-0",
                            "merchants/m-2 first unions/fh-1a campaigns/branch 70-0"};
  for (const int page_size : {1, 2, 50}) {
    SCOPED_TRACE(page_size);
    EXPECT_EQ(List(OfCampaign("campaigns/spring"), kFinanceMaker, page_size), of_spring);
    EXPECT_EQ(List(OfCampaign("campaigns/summer"), kFinanceMaker, page_size), of_summer);
    EXPECT_EQ(List(OfCampaign("campaigns/branch"), kFinanceMaker, page_size), of_branch);
    EXPECT_EQ(List(OfUnion("unions/fh-1a"), kBranchFinance, page_size), of_branch);
    EXPECT_THAT(List(OfUnion("unions/fh-1"), kFinanceMaker, page_size),
                ElementsAre(of_spring[0], of_summer[0], of_spring[1], of_spring[2]));
    EXPECT_THAT(List(OfMerchant("merchants/m-1"), kFinanceMaker, page_size),
                ElementsAre(of_spring[0], of_summer[0], of_branch[0], of_spring[1]));
    EXPECT_THAT(List(OfMerchant("merchants/m-2"), kFinanceMaker, page_size),
                ElementsAre(of_spring[2], of_branch[1]));
  }
}

TEST_F(SpendingReportTest, NamesToABranchItsOwnCampaignsAlone) {
  SellForTwoDays();
  EXPECT_THAT(
      List(OfMerchant("merchants/m-1"), kBranchFinance, 1),
      ElementsAre("merchants/m-1 first unions/fh-1  40-0", "merchants/m-1 first unions/fh-1  60-0",
                  "merchants/m-1 first unions/fh-1a campaigns/branch 30-0",
                  "merchants/m-1 second unions/fh-1  5-10"));
}

TEST_F(SpendingReportTest, LeavesOutWhatIsOfOtherDays) {
  SellForTwoDays();
  v1::ListSpendingRequest request = Wish(first_day_ + 1, first_day_ + 1);
  request.set_union_("unions/fh-1");
  EXPECT_THAT(List(request, kFinanceMaker, 1),
              ElementsAre("merchants/m-1 second unions/fh-1 campaigns/spring 5-10"));
  request.set_union_("unions/fh-1a");
  EXPECT_EQ(List(request, kFinanceMaker, 1), Listed());
  request = Wish(first_day_ - 30, first_day_ - 1);
  request.set_merchant("merchants/m-1");
  EXPECT_EQ(List(request, kFinanceMaker, 1), Listed());
}

// What was spent and not given back is with the merchants: payable, paid out, or kept as fees.
TEST_F(SpendingReportTest, AgreesWithTheTrialBalanceToThePointAlsoWhenAMerchantWasPaid) {
  SellForTwoDays();
  EXPECT_EQ(Total(v1::ACCOUNT_KIND_PAYOUT), 128);
  std::int64_t kept = 0;
  for (const char* name : {"unions/fh-1", "unions/fh-1a"}) {
    v1::ListSpendingRequest request = OfUnion(name);
    const auto listed = Ask(*settlement_, &Settlement::ListSpending, kFinanceMaker, request);
    ASSERT_OK(listed);
    for (const v1::Spending& row : listed->rows()) {
      kept += row.spent_points() - row.given_back_points();
    }
  }
  EXPECT_EQ(kept, 100 + 30 + 25 + 70 + 5 - 10);
  EXPECT_EQ(kept, Total(v1::ACCOUNT_KIND_PAYABLE) + Total(v1::ACCOUNT_KIND_PAYOUT) +
                      Total(v1::ACCOUNT_KIND_FEE));
}

}  // namespace
}  // namespace puhui::services
