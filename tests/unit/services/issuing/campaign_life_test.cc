// SPDX-License-Identifier: Apache-2.0
// What changes where a campaign stands, as callers see it.
#include "issuing/app/rule_commands.h"
#include "issuing/app/union_commands.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

namespace puhui::services {
namespace {

using ledger::Reason;

class CampaignLifeTest : public CampaignTest {
 protected:
  // Of `people` members, submitted; the plan's hash.
  std::string MakeSubmitted(int people) {
    EXPECT_OK(Create(kHr, CampaignWish()));
    std::vector<v1::PlanRow> rows;
    for (const std::string& name : Enrol(1, people)) rows.push_back(ByMember(name));
    const auto plan = Upload(rows);
    EXPECT_OK(plan);
    Fund(1'000'000);
    const std::string hash = plan.ok() ? plan->plan().hash() : "";
    EXPECT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
    return hash;
  }
  v1::UpdateCampaignRequest UpdateWish(const std::string& path) {
    v1::UpdateCampaignRequest request;
    request.set_request_id(NextRequestId());
    v1::Campaign& campaign = *request.mutable_campaign();
    campaign.set_name("campaigns/spring");
    campaign.set_display_name("端午慰问");
    campaign.set_occasion("dragon-boat");
    campaign.mutable_terms()->mutable_expire_time()->set_seconds(
        absl::ToUnixSeconds(clock_.Now() + absl::Hours(24 * 30)));
    request.mutable_update_mask()->add_paths(path);
    return request;
  }
  absl::StatusOr<v1::UpdateCampaignResponse> Update(const v1::UpdateCampaignRequest& request,
                                                    const std::string& path = kHr) {
    return Ask(*campaigns_, &Stub::UpdateCampaign, path, request);
  }
};

TEST_F(CampaignLifeTest, ChangesWhatTheMaskNames) {
  MakeSubmitted(1);
  const v1::UpdateCampaignRequest occasion = UpdateWish("occasion");
  ASSERT_OK_AND_ASSIGN(const v1::UpdateCampaignResponse changed, Update(occasion));
  EXPECT_EQ(changed.campaign().state(), v1::CAMPAIGN_STATE_DRAFT);
  EXPECT_EQ(changed.campaign().occasion(), "dragon-boat");
  EXPECT_EQ(changed.campaign().display_name(), "春节慰问");
  ASSERT_OK_AND_ASSIGN(const v1::Campaign now, Get(kAuditor));
  EXPECT_EQ(now.void_reason(), v1::VOID_REASON_DETAILS_CHANGED);
  EXPECT_EQ(now.etag(), changed.campaign().etag());
  ASSERT_OK_AND_ASSIGN(const auto terms, Update(UpdateWish("terms")));
  EXPECT_LT(terms.campaign().terms().expire_time().seconds(), now.terms().expire_time().seconds());
  // What came later does not show in the answer of before.
  ASSERT_OK_AND_ASSIGN(const v1::UpdateCampaignResponse again, Update(occasion));
  EXPECT_EQ(changed.SerializeAsString(), again.SerializeAsString());
}

TEST_F(CampaignLifeTest, EachMalformedFieldOfAChangeIsNamed) {
  MakeSubmitted(1);
  v1::UpdateCampaignRequest wish = UpdateWish("state");
  EXPECT_THAT(Update(wish, kOutsider), Refuses(Reason::kInvalidField, "update_mask"));
  wish.clear_update_mask();
  EXPECT_THAT(Update(wish), Refuses(Reason::kInvalidField, "update_mask"));
  wish = UpdateWish("occasion");
  wish.mutable_campaign()->set_occasion("端午");
  EXPECT_THAT(Update(wish), Refuses(Reason::kInvalidField, "campaign.occasion"));
  wish = UpdateWish("display_name");
  wish.mutable_campaign()->clear_display_name();
  EXPECT_THAT(Update(wish), Refuses(Reason::kInvalidField, "campaign.display_name"));
  wish.mutable_campaign()->set_name("spring");
  EXPECT_THAT(Update(wish), Refuses(Reason::kInvalidField, "campaign.name"));
  wish = UpdateWish("occasion");
  wish.mutable_campaign()->set_etag("stale");
  EXPECT_THAT(Update(wish), Refuses(Reason::kEtagMismatch, "campaign.etag"));
  EXPECT_THAT(Update(UpdateWish("occasion"), kOutsider), Refuses(Reason::kNotFound));
}

// The submitter takes a second certificate, of an approver; the person is the same.
TEST_F(CampaignLifeTest, NobodyApprovesWhatTheySubmittedWhateverTheCertificate) {
  const std::string hash = MakeSubmitted(1);
  EXPECT_THAT(Approve("/approver/unions/fh-1/people/hr-1", ApprovalWish(hash)),
              Refuses(Reason::kSamePerson));
}

TEST_F(CampaignLifeTest, ARejectionSaysWhy) {
  MakeSubmitted(1);
  v1::RejectCampaignRequest wish;
  wish.set_request_id(NextRequestId());
  EXPECT_THAT(Change(&Stub::RejectCampaign, kApprover, wish),
              Refuses(Reason::kInvalidField, "reason"));
  wish.set_reason("身份证 350102199001011234 重复");
  EXPECT_THAT(Change(&Stub::RejectCampaign, kApprover, wish),
              Refuses(Reason::kInvalidField, "reason"));
  wish.set_reason("金额有误");
  EXPECT_THAT(Change(&Stub::RejectCampaign, kOutsideApprover, wish), Refuses(Reason::kNotFound));
  EXPECT_THAT(Change(&Stub::RejectCampaign, kHr, wish), Refuses(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const auto rejected, Change(&Stub::RejectCampaign, kApprover, wish));
  EXPECT_EQ(rejected.campaign().state(), v1::CAMPAIGN_STATE_REJECTED);
  EXPECT_EQ(rejected.campaign().end_reason(), "金额有误");
  ASSERT_OK(Update(UpdateWish("occasion")));
  ASSERT_OK_AND_ASSIGN(const auto again, Change(&Stub::RejectCampaign, kApprover, wish));
  EXPECT_EQ(rejected.SerializeAsString(), again.SerializeAsString());
}

TEST_F(CampaignLifeTest, ARunIsScheduledPausedResumedAndWatched) {
  MakeApproved(3);
  v1::IssueCampaignRequest issue = IssueWish();
  issue.mutable_start_time()->set_seconds(-62'135'596'801);
  EXPECT_THAT(Issue(kHr, issue), Refuses(Reason::kInvalidField, "start_time"));
  const absl::Time start = clock_.Now() + absl::Hours(2);
  issue.mutable_start_time()->set_seconds(absl::ToUnixSeconds(start));
  ASSERT_OK_AND_ASSIGN(const auto scheduled, Issue(kHr, issue));
  EXPECT_EQ(scheduled.campaign().progress().start_time().seconds(), absl::ToUnixSeconds(start));
  ASSERT_OK_AND_ASSIGN(const auto paused,
                       Change<v1::PauseIssueRunRequest>(&Stub::PauseIssueRun, kHr));
  EXPECT_TRUE(paused.campaign().progress().paused());
  EXPECT_THAT(Change<v1::PauseIssueRunRequest>(&Stub::PauseIssueRun, kHr),
              Refuses(Reason::kCampaignState));
  clock_.Advance(absl::Hours(3));
  ledger_.engine->WakeTimers();
  ASSERT_OK_AND_ASSIGN(const v1::Campaign waiting, Get(kHr));
  EXPECT_TRUE(waiting.progress().paused());
  EXPECT_EQ(waiting.progress().rows_done(), 0U);
  ASSERT_OK(Change<v1::ResumeIssueRunRequest>(&Stub::ResumeIssueRun, kHr));
  clock_.Advance(absl::Seconds(1));
  ledger_.engine->WakeTimers();
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kAuditor));
  EXPECT_EQ(progress.back().progress().state(), v1::CAMPAIGN_STATE_ISSUED);
  EXPECT_EQ(progress.back().progress().rows_granted(), 3U);
}

TEST_F(CampaignLifeTest, AnotherRulePackIsSaidToVoidWhatWasApproved) {
  const std::string hash = MakeApproved(2);
  issuing::Tables* const tables = &ledger_.books.issuing;
  const auto run = [this](auto command) {
    return ledger_.engine->Run(std::move(command), ledger::Priority::kInteractive).status();
  };
  issuing::RulePack pack{.id = "p",
                         .version = 1,
                         .display_name = "A pack",
                         .basis = "A text",
                         .effective_from = absl::CivilDay(2020, 1, 1),
                         .occasions = {{.name = "spring-festival"}}};
  ASSERT_OK(run(std::make_unique<issuing::LoadRulePackCommand>(
      tables, issuing::RulePackWish{.pack = pack, .message = "p", .person = "oda"})));
  issuing::UpdateUnionCommand::Wish bind{.id = *UnionId::Parse("fh-1", "union")};
  bind.rule_pack = "p";
  ASSERT_OK(run(std::make_unique<issuing::UpdateUnionCommand>(tables, std::move(bind))));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign stale, Get(kHr));
  EXPECT_EQ(stale.state(), v1::CAMPAIGN_STATE_APPROVED);
  EXPECT_EQ(stale.void_reason(), v1::VOID_REASON_RULE_PACK_CHANGED);
  EXPECT_THAT(Issue(kHr, IssueWish()), Refuses(Reason::kRulePackChanged));
  ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign again, Get(kHr));
  EXPECT_EQ(again.void_reason(), v1::VOID_REASON_UNSPECIFIED);
}

TEST_F(CampaignLifeTest, ACancelledCampaignGivesBackAndEndsItsWatches) {
  MakeApproved(2);
  v1::CancelCampaignRequest wish;
  EXPECT_THAT(Change(&Stub::CancelCampaign, kHr, wish), Refuses(Reason::kInvalidField, "reason"));
  wish.set_reason("放假取消");
  ASSERT_OK_AND_ASSIGN(const auto cancelled, Change(&Stub::CancelCampaign, kHr, wish));
  EXPECT_EQ(cancelled.campaign().state(), v1::CAMPAIGN_STATE_CANCELLED);
  ASSERT_OK_AND_ASSIGN(const v1::Union of, GetUnion(kAdminPath, "unions/fh-1"));
  EXPECT_EQ(of.budgets(0).points(), 1'000'000);
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  EXPECT_EQ(progress.back().progress().state(), v1::CAMPAIGN_STATE_CANCELLED);
  v1::ListRowsRequest rows;
  rows.set_name("campaigns/spring");
  ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse listed, ListRows(kHr, rows));
  for (const v1::RowVerdict& row : listed.rows()) {
    EXPECT_EQ(row.outcome(), v1::RowVerdict::OUTCOME_CANCELLED);
  }
}

TEST_F(CampaignLifeTest, CampaignsOfASubtreeAreListedInPages) {
  ASSERT_OK(CreateUnion(kAdminPath, UnionWish("group", "unions/fh-1")));
  ASSERT_OK(Create(kHr, CampaignWish("first")));
  v1::CreateCampaignRequest below = CampaignWish("below");
  below.set_union_("unions/group");
  ASSERT_OK(Create(kHr, below));
  ASSERT_OK(Create(kHr, CampaignWish("last")));
  const auto names = [this](const std::string& path, v1::ListCampaignsRequest request) {
    std::vector<std::string> listed;
    do {
      const auto page = Ask(*campaigns_, &Stub::ListCampaigns, path, request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::Campaign& campaign : page->campaigns()) listed.push_back(campaign.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return listed;
  };
  using ::testing::ElementsAre;
  v1::ListCampaignsRequest all;
  all.set_page_size(1);
  EXPECT_THAT(names(kHr, all), ElementsAre("campaigns/last", "campaigns/below", "campaigns/first"));
  EXPECT_THAT(names(kOutsider, all), ElementsAre());
  v1::ListCampaignsRequest group;
  group.set_parent("unions/group");
  EXPECT_THAT(names(kApprover, group), ElementsAre("campaigns/below"));
  v1::CancelCampaignRequest cancel;
  cancel.set_name("campaigns/first");
  cancel.set_reason("no holiday");
  ASSERT_OK(Change(&Stub::CancelCampaign, kHr, cancel));
  all.set_state(v1::CAMPAIGN_STATE_CANCELLED);
  EXPECT_THAT(names(kAuditor, all), ElementsAre("campaigns/first"));
  all.set_state(static_cast<v1::CampaignState>(99));
  EXPECT_THAT(Ask(*campaigns_, &Stub::ListCampaigns, kHr, all),
              Refuses(Reason::kInvalidField, "state"));
  group.set_parent("unions/gz-2");
  EXPECT_THAT(Ask(*campaigns_, &Stub::ListCampaigns, kHr, group), Refuses(Reason::kNotFound));
}

TEST_F(CampaignLifeTest, RowsNameMembersByAnyIdentifierAndSayWhy) {
  ASSERT_OK(Create(kHr, CampaignWish()));
  const std::vector<std::string> names = Enrol(1, 3);
  v1::PlanRow by_id;
  by_id.set_id_number(Person(2).id_number());
  by_id.set_points(200);
  by_id.set_reason("困难职工");
  ASSERT_OK_AND_ASSIGN(const auto uploaded, Upload({ByMember(names[0], 100), by_id}));
  v1::ListRowsRequest wish;
  wish.set_name("campaigns/spring");
  ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse listed, ListRows(kHr, wish));
  ASSERT_EQ(listed.rows_size(), 2);
  EXPECT_EQ(listed.rows(0).plan_reason(), "");
  EXPECT_EQ(listed.rows(1).member(), names[1]);
  EXPECT_EQ(listed.rows(1).plan_reason(), "困难职工");
  // The reason is part of what is approved.
  by_id.set_reason("先进个人");
  ASSERT_OK_AND_ASSIGN(const auto other, Upload({ByMember(names[0], 100), by_id}));
  EXPECT_NE(other.plan().hash(), uploaded.plan().hash());
  by_id.clear_reason();
  ASSERT_OK_AND_ASSIGN(const auto plain, Upload({ByMember(names[0], 100), by_id}));
  EXPECT_NE(plain.plan().hash(), uploaded.plan().hash());

  by_id.set_id_number("110101199003070000");
  EXPECT_THAT(Upload({ByMember(names[0]), by_id}),
              Refuses(Reason::kMemberOfOtherUnion, "rows[1].member"));
  by_id.set_id_number("12");
  EXPECT_THAT(Upload({by_id}), Refuses(Reason::kInvalidField, "rows[0].id_number"));
  v1::PlanRow by_card;
  by_card.set_points(1);
  by_card.set_card_number("6200000000000000");
  EXPECT_THAT(Upload({by_card}), Refuses(Reason::kMemberOfOtherUnion, "rows[0].member"));
  by_card.set_card_number("");
  EXPECT_THAT(Upload({by_card}), Refuses(Reason::kInvalidField, "rows[0].card_number"));
  v1::PlanRow spoilt = ByMember(names[0]);
  spoilt.set_reason(std::string(201, 'x'));
  EXPECT_THAT(Upload({spoilt}), Refuses(Reason::kInvalidField, "rows[0].reason"));
}

}  // namespace
}  // namespace puhui::services
