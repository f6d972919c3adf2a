// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <functional>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

using CampaignServiceTest = CampaignTest;

TEST_F(CampaignServiceTest, ACampaignIsCreatedAsADraft) {
  v1::CreateCampaignRequest request = CampaignWish();
  request.mutable_terms()->add_merchant_categories("5411");
  request.mutable_terms()->add_merchant_categories("0763");
  request.mutable_terms()->set_expiry_policy(v1::EXPIRY_POLICY_EXPIRE);
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse created, Create(kHr, request));
  const v1::Campaign& campaign = created.campaign();
  EXPECT_EQ(campaign.name(), "campaigns/spring");
  EXPECT_EQ(campaign.union_(), "unions/fh-1");
  EXPECT_EQ(campaign.occasion(), "spring-festival");
  EXPECT_EQ(campaign.state(), v1::CAMPAIGN_STATE_DRAFT);
  EXPECT_EQ(campaign.terms().expire_time().seconds(), request.terms().expire_time().seconds());
  EXPECT_THAT(campaign.terms().merchant_categories(), ElementsAre("0763", "5411"));
  EXPECT_EQ(campaign.terms().expiry_policy(), v1::EXPIRY_POLICY_EXPIRE);
  EXPECT_FALSE(campaign.has_plan());
  EXPECT_FALSE(campaign.has_progress());
  ASSERT_OK_AND_ASSIGN(const v1::Campaign read, Get(kAuditor));
  EXPECT_EQ(read.SerializeAsString(), campaign.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse again, Create(kHr, request));
  EXPECT_EQ(created.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Create(kHr, CampaignWish()), Refuses(Reason::kAlreadyExists, "campaign_id"));
}

TEST_F(CampaignServiceTest, EachMalformedFieldIsNamed) {
  using Request = v1::CreateCampaignRequest;
  const std::pair<const char*, std::function<void(Request*)>> cases[] = {
      {"request_id", [](Request* r) { r->clear_request_id(); }},
      {"campaign_id", [](Request* r) { r->set_campaign_id("Spring"); }},
      {"union", [](Request* r) { r->clear_union_(); }},
      {"display_name", [](Request* r) { r->clear_display_name(); }},
      {"occasion", [](Request* r) { r->set_occasion("春节"); }},
      {"terms.expire_time", [](Request* r) { r->clear_terms(); }},
      {"terms.expire_time",
       [](Request* r) { r->mutable_terms()->mutable_expire_time()->set_nanos(-1); }},
      {"terms.expire_time",
       [](Request* r) { r->mutable_terms()->mutable_expire_time()->set_seconds(INT64_MAX); }},
      {"terms.merchant_categories[1]",
       [](Request* r) {
         r->mutable_terms()->add_merchant_categories("5411");
         r->mutable_terms()->add_merchant_categories("541");
       }},
      {"terms.merchant_categories",
       [](Request* r) {
         for (int i = 0; i < 65; ++i) r->mutable_terms()->add_merchant_categories("5411");
       }},
      {"terms.expiry_policy",
       [](Request* r) { r->mutable_terms()->set_expiry_policy(static_cast<v1::ExpiryPolicy>(9)); }},
  };
  for (const auto& [field, spoil] : cases) {
    // Shape comes before permission.
    Request request = CampaignWish();
    spoil(&request);
    EXPECT_THAT(Create(kOutsider, request), Refuses(Reason::kInvalidField, field));
  }
  EXPECT_THAT(Get(kHr, "spring"), Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Preview(kHr, "spring"), Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Watch(kHr, "spring"), Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Submit(kHr, HashWish<v1::SubmitCampaignRequest>("12")),
              Refuses(Reason::kInvalidField, "plan_hash"));
  EXPECT_THAT(Approve(kApprover, ApprovalWish(std::string(64, 'g'))),
              Refuses(Reason::kInvalidField, "plan_hash"));
  EXPECT_THAT(Approve(kApprover, HashWish<v1::ApproveCampaignRequest>(std::string(64, '0'))),
              Refuses(Reason::kInvalidField, "etag"));
}

TEST_F(CampaignServiceTest, ACampaignOutOfSightReadsLikeOneThatIsNotThere) {
  ASSERT_OK(Create(kHr, CampaignWish()));
  EXPECT_THAT(Create(kOutsider, CampaignWish("autumn")), Refuses(Reason::kNotFound));
  const auto unseen = Get(kOutsider);
  EXPECT_THAT(unseen, Refuses(Reason::kNotFound));
  EXPECT_EQ(unseen.status(), Get(kOutsider, "campaigns/nowhere").status());
  const std::string hash(64, '0');
  EXPECT_EQ(unseen.status(), Preview(kOutsider).status());
  EXPECT_EQ(unseen.status(), Watch(kOutsider).status());
  EXPECT_EQ(unseen.status(), Submit(kOutsider, HashWish<v1::SubmitCampaignRequest>(hash)).status());
  EXPECT_EQ(unseen.status(), Approve(kOutsideApprover, ApprovalWish(hash)).status());
  EXPECT_EQ(unseen.status(), Issue(kOutsider, IssueWish()).status());
  v1::ListRowsRequest rows;
  rows.set_name("campaigns/spring");
  EXPECT_EQ(unseen.status(), ListRows(kOutsider, rows).status());
  EXPECT_EQ(unseen.status(), Send(kOutsider, {Start(NextRequestId(), 1)}).status());
}

TEST_F(CampaignServiceTest, ExactlyTheSubmittedPlanIsApprovedByAnotherPerson) {
  ASSERT_OK(Create(kHr, CampaignWish()));
  const std::vector<std::string> names = Enrol(1, 2);
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse plan,
                       Upload({ByMember(names[0]), ByMember(names[1], 700)}));
  const std::string& hash = plan.plan().hash();
  EXPECT_THAT(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(std::string(64, '0'))),
              Refuses(Reason::kPlanChanged));
  const auto submit = HashWish<v1::SubmitCampaignRequest>(hash);
  ASSERT_OK_AND_ASSIGN(const v1::SubmitCampaignResponse submitted, Submit(kHr, submit));
  EXPECT_EQ(submitted.campaign().state(), v1::CAMPAIGN_STATE_SUBMITTED);
  EXPECT_EQ(submitted.campaign().plan().hash(), hash);

  const auto approve = ApprovalWish(hash);
  EXPECT_THAT(Approve("/approver/unions/fh-1/people/hr-1", ApprovalWish(hash)),
              Refuses(Reason::kSamePerson));
  // Without money it is refused, and the same id may be tried again once there is some.
  EXPECT_THAT(Approve(kApprover, approve), Refuses(Reason::kBudgetTooSmall));
  Fund(1'200);
  ASSERT_OK_AND_ASSIGN(const v1::ApproveCampaignResponse approved, Approve(kApprover, approve));
  EXPECT_EQ(approved.campaign().state(), v1::CAMPAIGN_STATE_APPROVED);
  EXPECT_EQ(approved.campaign().plan().hash(), hash);
  EXPECT_EQ(approved.campaign().plan().points(), 1'200);

  // What came later does not show in the answers of before.
  ASSERT_OK(Upload({ByMember(names[1])}));
  ASSERT_OK_AND_ASSIGN(const v1::SubmitCampaignResponse submitted_again, Submit(kHr, submit));
  ASSERT_OK_AND_ASSIGN(const v1::ApproveCampaignResponse approved_again,
                       Approve(kApprover, approve));
  EXPECT_EQ(submitted.SerializeAsString(), submitted_again.SerializeAsString());
  EXPECT_EQ(approved.SerializeAsString(), approved_again.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::Campaign now, Get(kHr));
  EXPECT_EQ(now.state(), v1::CAMPAIGN_STATE_DRAFT);
  EXPECT_EQ(now.plan().points(), 500);
}

TEST_F(CampaignServiceTest, APreviewSaysRowByRowWhatTheRunWouldDo) {
  ASSERT_OK(Create(kHr, CampaignWish()));
  std::vector<v1::PlanRow> rows;
  for (const std::string& name : Enrol(1, 999)) rows.push_back(ByMember(name));
  for (const std::string& name : Enrol(1'000, 1'000)) rows.push_back(ByMember(name, 1'500));
  for (int n = 1'001; n <= 1'002; ++n) Enrol(n, n);
  rows.push_back(ByNumber("E1001"));
  rows.push_back(ByNumber("E1002"));
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse plan, Upload(rows));
  Fund(400'000);
  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const auto messages, Preview(kApprover));
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[0].verdicts_size(), 1'000);
  EXPECT_EQ(messages[1].verdicts_size(), 2);
  EXPECT_EQ(messages[1].verdicts(0).row(), 1'000U);
  EXPECT_EQ(messages[0].verdicts(999).points(), 1'500);
  EXPECT_EQ(messages[0].verdicts(0).outcome(), v1::RowVerdict::OUTCOME_GRANTED);
  const v1::PreviewCampaignResponse::Summary& summary = messages[2].summary();
  EXPECT_EQ(summary.rows_granted(), 1'002U);
  EXPECT_EQ(summary.rows_refused(), 0U);
  EXPECT_EQ(summary.points_granted(), 1'001 * 500 + 1'500);
  EXPECT_EQ(summary.budget_points(), 400'000);
  EXPECT_FALSE(summary.budget_covers_plan());
  EXPECT_EQ(summary.plan().SerializeAsString(), plan.plan().SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
  Fund(200'000);
  ASSERT_OK_AND_ASSIGN(const auto funded, Preview(kApprover));
  EXPECT_TRUE(funded.back().summary().budget_covers_plan());

  clock_.Advance(absl::Hours(24 * 91));
  ASSERT_OK_AND_ASSIGN(const auto late, Preview(kAuditor));
  EXPECT_EQ(late[0].verdicts(0).outcome(), v1::RowVerdict::OUTCOME_REFUSED);
  EXPECT_EQ(late[0].verdicts(0).reason(), "CAMPAIGN_EXPIRED");
  EXPECT_EQ(late.back().summary().rows_refused(), 1'002U);
  EXPECT_EQ(late.back().summary().points_granted(), 0);
}

}  // namespace
}  // namespace puhui::services
