// SPDX-License-Identifier: Apache-2.0
// Reports of campaigns and unions, and who should be reminded to spend.
#include "tests/unit/services/issuing/campaign_fixture.h"

namespace puhui::services {
namespace {

using ledger::Reason;

class ReportTest : public CampaignTest {
 protected:
  // A campaign of so many people, issued: 500 points each.
  void MakeIssued(int people) {
    MakeApproved(people);
    ASSERT_OK(Issue(kHr, IssueWish()));
    clock_.Advance(absl::Seconds(1));
    ledger_.engine->WakeTimers();
    ASSERT_OK(Watch(kHr));
  }
  // Another one, for one of them.
  void IssueAnother(const std::string& member) {
    ASSERT_OK(Create(kHr, CampaignWish("autumn")));
    ASSERT_OK_AND_ASSIGN(
        const v1::UploadPlanResponse plan,
        Send(kHr, {Start(NextRequestId(), 1, "campaigns/autumn"), Rows({ByMember(member)})}));
    auto submission = HashWish<v1::SubmitCampaignRequest>(plan.plan().hash());
    submission.set_name("campaigns/autumn");
    ASSERT_OK(Submit(kHr, submission));
    ASSERT_OK_AND_ASSIGN(const v1::Campaign submitted, Get(kHr, "campaigns/autumn"));
    auto approval = HashWish<v1::ApproveCampaignRequest>(plan.plan().hash());
    approval.set_name("campaigns/autumn");
    approval.set_etag(submitted.etag());
    ASSERT_OK(Approve(kApprover, approval));
    v1::IssueCampaignRequest issue = IssueWish();
    issue.set_name("campaigns/autumn");
    ASSERT_OK(Issue(kHr, issue));
    clock_.Advance(absl::Seconds(1));
    ledger_.engine->WakeTimers();
    ASSERT_OK(Watch(kHr, "campaigns/autumn"));
  }
  absl::StatusOr<v1::CampaignReport> Report(const std::string& path,
                                            const std::string& name = "campaigns/spring") {
    v1::GetCampaignReportRequest request;
    request.set_name(name);
    auto response = Ask(*campaigns_, &Stub::GetCampaignReport, path, request);
    if (!response.ok()) return response.status();
    return response->report();
  }
  absl::StatusOr<v1::UnionReport> UnionReport(const std::string& path,
                                              const std::string& name = "unions/fh-1") {
    v1::GetUnionReportRequest request;
    request.set_name(name);
    auto response = Ask(*unions_, &v1::UnionService::Stub::GetUnionReport, path, request);
    if (!response.ok()) return response.status();
    return response->report();
  }
  absl::StatusOr<v1::ListExpiringResponse> Expiring(const std::string& path, int days,
                                                    int page_size = 0,
                                                    const std::string& token = "") {
    v1::ListExpiringRequest request;
    request.set_name("campaigns/spring");
    request.set_within_days(days);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return Ask(*campaigns_, &Stub::ListExpiring, path, request);
  }
};

TEST_F(ReportTest, NamesNoCampaignToThoseWhoMayNotKnowWhatItIsFor) {
  v1::CreateCampaignRequest wish = CampaignWish();
  wish.set_display_name("大病救助");
  wish.set_occasion("hardship");
  ASSERT_OK(Create(kHr, wish));
  for (const std::string path : {kHr, kApprover, kAdminPath}) {
    ASSERT_OK_AND_ASSIGN(const v1::CampaignReport report, Report(path));
    EXPECT_EQ(report.display_name(), "大病救助") << path;
  }
  for (const std::string path : {kFinanceMaker, kAuditor}) {
    ASSERT_OK_AND_ASSIGN(const v1::CampaignReport report, Report(path));
    EXPECT_EQ(report.display_name(), "personal") << path;
  }
}

TEST_F(ReportTest, SaysWhatBecameOfTheGrants) {
  EXPECT_THAT(Report(kHr), Refuses(Reason::kNotFound));
  ASSERT_OK(Create(kHr, CampaignWish("early")));
  ASSERT_OK_AND_ASSIGN(const v1::CampaignReport nothing, Report(kHr, "campaigns/early"));
  EXPECT_EQ(nothing.figures().granted_points(), 0);
  MakeIssued(3);
  for (const std::string path : {kHr, kApprover, kFinanceMaker, kAuditor}) {
    ASSERT_OK_AND_ASSIGN(const v1::CampaignReport report, Report(path));
    EXPECT_EQ(report.campaign(), "campaigns/spring");
    EXPECT_EQ(report.union_(), "unions/fh-1");
    EXPECT_EQ(report.display_name(), "春节慰问");
    EXPECT_EQ(report.as_of_sequence(), LastRecord());
    EXPECT_EQ(report.figures().granted_points(), 1'500);
    EXPECT_EQ(report.figures().available_points(), 1'500);
    EXPECT_EQ(report.figures().grants(), 3U);
    EXPECT_EQ(report.figures().grants_spent(), 0U);
    EXPECT_EQ(report.figures().members_received(), 3U);
    EXPECT_EQ(report.figures().members_spent(), 0U);
  }
  EXPECT_THAT(Report(kOutsider), Refuses(Reason::kNotFound));
  EXPECT_THAT(Report(kHr, "spring"), Refuses(Reason::kInvalidField, "name"));
}

TEST_F(ReportTest, AddsUpAUnionAndAllBelowIt) {
  MakeIssued(3);
  for (const std::string path : {kHr, kApprover, kFinanceMaker, kAuditor}) {
    ASSERT_OK_AND_ASSIGN(const v1::UnionReport report, UnionReport(path));
    EXPECT_EQ(report.union_(), "unions/fh-1");
    EXPECT_EQ(report.as_of_sequence(), LastRecord());
    EXPECT_EQ(report.figures().granted_points(), 1'500);
  }
  EXPECT_THAT(UnionReport(kOutsider), Refuses(Reason::kNotFound));
  EXPECT_THAT(UnionReport(kHr, "unions/nowhere"), Refuses(Reason::kNotFound));
  EXPECT_THAT(UnionReport(kHr, "fh-1"), Refuses(Reason::kInvalidField, "name"));
}

TEST_F(ReportTest, CountsMembersOfAUnionBesideTheirGrants) {
  MakeIssued(3);
  v1::ListRowsRequest ask;
  ask.set_name("campaigns/spring");
  ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse rows, ListRows(kHr, ask));
  IssueAnother(rows.rows(0).member());
  ASSERT_OK_AND_ASSIGN(const v1::UnionReport report, UnionReport(kHr));
  EXPECT_EQ(report.figures().grants(), 4U);
  EXPECT_EQ(report.figures().members_received(), 3U);
  EXPECT_EQ(report.figures().members_spent(), 0U);
}

TEST_F(ReportTest, ListsWhoHasPointsThatExpireSoonInPagesOfThePlan) {
  MakeIssued(5);
  // They expire in 90 days.
  ASSERT_OK_AND_ASSIGN(const v1::ListExpiringResponse none, Expiring(kHr, 0));
  EXPECT_EQ(none.rows_size(), 0);
  EXPECT_EQ(none.next_page_token(), "");
  std::vector<std::uint64_t> rows;
  std::string token;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const v1::ListExpiringResponse page, Expiring(kHr, 91, 2, token));
    for (const v1::ExpiringPoints& row : page.rows()) {
      rows.push_back(row.row());
      EXPECT_EQ(row.points(), 500);
      EXPECT_GT(row.expire_time().seconds(), 0);
      EXPECT_EQ(row.member().substr(0, 8), "members/");
    }
    token = page.next_page_token();
    if (token.empty()) break;
    EXPECT_THAT(Expiring(kHr, 92, 2, token), Refuses(Reason::kInvalidField, "page_token"));
  }
  EXPECT_THAT(rows, ::testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(Expiring(kHr, -1), Refuses(Reason::kInvalidField, "within_days"));
  EXPECT_THAT(Expiring(kHr, 367), Refuses(Reason::kInvalidField, "within_days"));
  EXPECT_THAT(Expiring(kHr, 1, -1), Refuses(Reason::kInvalidField, "page_size"));
  EXPECT_THAT(Expiring(kOutsider, 1), Refuses(Reason::kNotFound));
}

}  // namespace
}  // namespace puhui::services
