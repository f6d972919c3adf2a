// SPDX-License-Identifier: Apache-2.0
// Points that are taken back, from the wish to the last verdict.
#include "issuing/app/issue_run.h"
#include "issuing/app/plan_queries.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

namespace puhui::services {
namespace {

using ledger::Reason;

constexpr char kSecondHr[] = "/approver/unions/fh-1/people/hr-1";  // The person behind kHr.

class ClawBackTest : public CampaignTest {
 protected:
  // A campaign of so many people, issued: 500 points each.
  void MakeIssued(int people) { MakeIssued(people, CampaignWish()); }
  void MakeIssued(int people, const v1::CreateCampaignRequest& wish) {
    MakeApproved(people, wish);
    ASSERT_OK(Issue(kHr, IssueWish()));
    GoOn();
    ASSERT_OK(Watch(kHr));
  }
  // The first rows of the run, and no more.
  void GrantFirst(std::size_t rows) {
    const ledger::Readable& store = ledger_.engine->Latest();
    ASSERT_OK_AND_ASSIGN(const auto campaign, issuing::FindCampaign(store, "spring"));
    ASSERT_TRUE(campaign.has_value());
    issuing::PlanPiece piece{.campaign = campaign->number, .version = campaign->row.plan.version};
    ASSERT_OK_AND_ASSIGN(
        piece.rows, issuing::ReadPlanPiece(store, piece.campaign, campaign->row.plan, 0, rows));
    ASSERT_OK(
        ledger_.engine->Run(std::make_unique<issuing::IssueChunkCommand>(
                                &ledger_.books.issuing, &ledger_.books.views, std::move(piece)),
                            ledger::Priority::kInteractive));
  }
  // Timers are due at the time of a record, and the clock stands still.
  void GoOn() {
    clock_.Advance(absl::Seconds(1));
    ledger_.engine->WakeTimers();
  }
  void SetThreshold(std::int64_t points) {
    v1::UpdateUnionRequest request;
    request.set_request_id(NextRequestId());
    request.mutable_union_()->set_name("unions/fh-1");
    auto& policy = *request.mutable_union_()->mutable_settings()->mutable_approval_policy();
    policy.set_approvers(1);
    policy.set_two_above_points(points);
    request.mutable_update_mask()->add_paths("settings.approval_policy");
    ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::UpdateUnion,
                  "/union-admin/unions/fh-1/people/admin-1", request));
  }
  v1::ClawBackRequest Wish() {
    v1::ClawBackRequest request;
    request.set_request_id(NextRequestId());
    request.set_campaign("campaigns/spring");
    request.set_reason("issued twice");
    return request;
  }
  v1::ClawBackRequest AllWish() {
    v1::ClawBackRequest request = Wish();
    request.mutable_all();
    return request;
  }
  absl::StatusOr<v1::ClawBack> Propose(const std::string& path,
                                       const v1::ClawBackRequest& request) {
    auto response = Ask(*campaigns_, &Stub::ClawBack, path, request);
    if (!response.ok()) return response.status();
    return response->claw_back();
  }
  absl::StatusOr<v1::ConfirmClawBackResponse> Confirm(const std::string& path,
                                                      const std::string& name) {
    v1::ConfirmClawBackRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    return Ask(*campaigns_, &Stub::ConfirmClawBack, path, request);
  }
  absl::StatusOr<v1::RejectClawBackResponse> Reject(const std::string& path,
                                                    const std::string& name,
                                                    const std::string& reason = "too many") {
    v1::RejectClawBackRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    request.set_reason(reason);
    return Ask(*campaigns_, &Stub::RejectClawBack, path, request);
  }
  absl::StatusOr<v1::ClawBack> GetClawBack(const std::string& path, const std::string& name) {
    v1::GetClawBackRequest request;
    request.set_name(name);
    auto response = Ask(*campaigns_, &Stub::GetClawBack, path, request);
    if (!response.ok()) return response.status();
    return response->claw_back();
  }
  // The claw-back when it is done.
  v1::ClawBack Finished(const std::string& name) {
    GoOn();
    constexpr int kLooksMax = 100'000;
    for (int i = 0; i < kLooksMax; ++i) {
      const auto claw_back = GetClawBack(kHr, name);
      if (!claw_back.ok() || claw_back->state() != v1::CLAW_BACK_STATE_RUNNING) {
        EXPECT_OK(claw_back);
        return claw_back.value_or(v1::ClawBack());
      }
    }
    ADD_FAILURE() << "it never ends";
    return {};
  }
  absl::StatusOr<v1::ListClawBackRowsResponse> Rows(const std::string& path,
                                                    const std::string& name, int page_size = 0,
                                                    const std::string& token = "") {
    v1::ListClawBackRowsRequest request;
    request.set_name(name);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return Ask(*campaigns_, &Stub::ListClawBackRows, path, request);
  }
};

TEST_F(ClawBackTest, TakesEverythingBackWithAVerdictOnEachRow) {
  MakeIssued(700);
  const v1::ClawBackRequest wish = AllWish();
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack proposed, Propose(kHr, wish));
  EXPECT_EQ(proposed.state(), v1::CLAW_BACK_STATE_RUNNING);
  EXPECT_EQ(proposed.rows(), 700U);
  EXPECT_EQ(proposed.points_max(), 350'000);
  EXPECT_EQ(proposed.reason(), "issued twice");
  const v1::ClawBack done = Finished(proposed.name());
  EXPECT_EQ(done.state(), v1::CLAW_BACK_STATE_DONE);
  EXPECT_EQ(done.progress().rows_done(), 700U);
  EXPECT_EQ(done.progress().rows_taken(), 700U);
  EXPECT_EQ(done.progress().points_taken(), 350'000);
  EXPECT_TRUE(done.has_finish_time());
  // The first answer stands.
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack again, Propose(kHr, wish));
  EXPECT_EQ(again.SerializeAsString(), proposed.SerializeAsString());
  std::uint64_t rows = 0;
  std::string token;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto page, Rows(kAuditor, proposed.name(), 400, token));
    for (const v1::ClawBackRowVerdict& row : page.rows()) {
      EXPECT_EQ(row.row(), rows++);
      EXPECT_EQ(row.points(), 500);
      EXPECT_EQ(row.outcome(), v1::CLAW_BACK_OUTCOME_TAKEN);
    }
    token = page.next_page_token();
    if (token.empty()) break;
  }
  EXPECT_EQ(rows, 700U);
  v1::GetCampaignReportRequest report;
  report.set_name("campaigns/spring");
  ASSERT_OK_AND_ASSIGN(const auto figures, Ask(*campaigns_, &Stub::GetCampaignReport, kHr, report));
  EXPECT_EQ(figures.report().figures().clawed_back_points(), 350'000);
  EXPECT_EQ(figures.report().figures().available_points(), 0);
}

TEST_F(ClawBackTest, TakesOfRowsAndMembersByAnyIdentifier) {
  MakeIssued(4);
  v1::ClawBackRequest rows = Wish();
  rows.mutable_rows()->add_rows(3);
  rows.mutable_rows()->add_rows(1);
  rows.set_points_per_row_max(40);
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack by_rows, Propose(kHr, rows));
  EXPECT_EQ(by_rows.points_max(), 80);
  EXPECT_EQ(Finished(by_rows.name()).progress().points_taken(), 80);
  ASSERT_OK_AND_ASSIGN(const auto verdicts, Rows(kHr, by_rows.name()));
  ASSERT_EQ(verdicts.rows_size(), 2);
  EXPECT_EQ(verdicts.rows(0).row(), 1U);
  v1::ClawBackRequest members = Wish();
  members.mutable_members()->add_members()->set_member(verdicts.rows(1).member());
  members.mutable_members()->add_members()->set_external_id("E1");
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack by_members, Propose(kHr, members));
  EXPECT_EQ(by_members.rows(), 2U);
  EXPECT_EQ(by_members.points_max(), 1'000);
  EXPECT_EQ(Finished(by_members.name()).progress().points_taken(), 500 + 460);
}

TEST_F(ClawBackTest, TakesOfACampaignThatWasCancelledAmidItsRun) {
  MakeApproved(3);
  ASSERT_OK(Issue(kHr, IssueWish()));
  GrantFirst(2);
  v1::CancelCampaignRequest cancel;
  cancel.set_reason("the wrong amount");
  ASSERT_OK(Change(&Stub::CancelCampaign, kHr, cancel));
  v1::ClawBackRequest wish = Wish();
  wish.mutable_rows()->add_rows(0);
  wish.mutable_rows()->add_rows(2);
  wish.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack foreseen, Propose(kHr, wish));
  EXPECT_EQ(foreseen.rows(), 2U);
  EXPECT_EQ(foreseen.points_max(), 1'000);
  wish.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack proposed, Propose(kHr, wish));
  const v1::ClawBack done = Finished(proposed.name());
  EXPECT_EQ(done.progress().points_taken(), 500);
  EXPECT_EQ(done.progress().rows_not_granted(), 1U);
}

TEST_F(ClawBackTest, KnowsTheMembersOfAPlanThatAFailedUploadDidNotReplace) {
  ASSERT_OK(Create(kHr, CampaignWish()));
  std::vector<v1::PlanRow> rows;
  for (const std::string& name : Enrol(1, 1'500)) rows.push_back(ByMember(name));
  for (const std::string& name : Enrol(1'501, 2'100)) rows.push_back(ByMember(name));
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse plan, Upload(rows));
  std::vector<v1::PlanRow> spoilt = rows;
  std::swap(spoilt[0], spoilt[1]);
  spoilt.push_back(spoilt.front());
  EXPECT_THAT(Upload(spoilt), Refuses(Reason::kDuplicateMemberInPlan));
  Fund(2'000'000);
  ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(plan.plan().hash())));
  ASSERT_OK(Approve(kApprover, ApprovalWish(plan.plan().hash())));
  ASSERT_OK(Issue(kHr, IssueWish()));
  GoOn();
  ASSERT_OK(Watch(kHr));
  v1::ClawBackRequest wish = Wish();
  wish.mutable_members()->add_members()->set_member(rows[1].member());
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack proposed, Propose(kHr, wish));
  EXPECT_EQ(Finished(proposed.name()).progress().points_taken(), 500);
  ASSERT_OK_AND_ASSIGN(const auto verdicts, Rows(kHr, proposed.name()));
  EXPECT_EQ(verdicts.rows(0).row(), 1U);
}

TEST_F(ClawBackTest, RefusesAWishByTheEarliestRuleItBreaks) {
  MakeApproved(2);
  const auto refused = [&](const std::function<void(v1::ClawBackRequest&)>& spoil) {
    v1::ClawBackRequest request = AllWish();
    spoil(request);
    return Propose(kHr, request);
  };
  EXPECT_THAT(refused([](auto& q) { q.set_request_id("x"); }),
              Refuses(Reason::kInvalidField, "request_id"));
  EXPECT_THAT(refused([](auto& q) { q.set_campaign("spring"); }),
              Refuses(Reason::kInvalidField, "campaign"));
  EXPECT_THAT(refused([](auto& q) { q.clear_selection(); }),
              Refuses(Reason::kInvalidField, "selection"));
  EXPECT_THAT(refused([](auto& q) { q.mutable_rows(); }),
              Refuses(Reason::kInvalidField, "rows.rows"));
  EXPECT_THAT(refused([](auto& q) {
                for (std::uint64_t i = 0; i <= kClawBackRowsMax; ++i) q.mutable_rows()->add_rows(i);
              }),
              Refuses(Reason::kInvalidField, "rows.rows"));
  EXPECT_THAT(refused([](auto& q) { q.mutable_members(); }),
              Refuses(Reason::kInvalidField, "members.members"));
  EXPECT_THAT(refused([](auto& q) { q.mutable_members()->add_members(); }),
              Refuses(Reason::kInvalidField, "members.members[0]"));
  EXPECT_THAT(refused([](auto& q) { q.mutable_members()->add_members()->set_member("x"); }),
              Refuses(Reason::kInvalidField, "members.members[0].member"));
  EXPECT_THAT(refused([](auto& q) { q.set_points_per_row_max(-1); }),
              Refuses(Reason::kInvalidField, "points_per_row_max"));
  EXPECT_THAT(refused([](auto& q) { q.clear_reason(); }), Refuses(Reason::kInvalidField, "reason"));
  EXPECT_THAT(refused([](auto& q) { q.set_reason(std::string(201, 'x')); }),
              Refuses(Reason::kInvalidField, "reason"));
  EXPECT_THAT(refused([](auto& q) { q.set_campaign("campaigns/none"); }),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Propose(kOutsider, AllWish()), Refuses(Reason::kNotFound));
  EXPECT_THAT(refused([](auto&) {}), Refuses(Reason::kCampaignState));
  EXPECT_THAT(refused([](auto& q) { q.set_validate_only(true); }), Refuses(Reason::kCampaignState));
}

TEST_F(ClawBackTest, RefusesWhoIsNotInThePlanByNumberAndProposesNothing) {
  MakeIssued(2);
  const std::vector<std::string> others = Enrol(3, 3);
  const Sequence before = LastRecord();
  v1::ClawBackRequest request = Wish();
  request.mutable_rows()->add_rows(1);
  request.mutable_rows()->add_rows(2);
  EXPECT_THAT(Propose(kHr, request), Refuses(Reason::kNotFound, "rows.rows[1]"));
  request.mutable_rows()->set_rows(1, 1);
  EXPECT_THAT(Propose(kHr, request), Refuses(Reason::kInvalidField, "rows.rows[1]"));
  request.mutable_members()->add_members()->set_external_id("E1");
  request.mutable_members()->add_members()->set_member(others[0]);
  EXPECT_THAT(Propose(kHr, request), Refuses(Reason::kNotFound, "members.members[1].member"));
  request.mutable_members()->mutable_members(1)->set_external_id("nobody");
  EXPECT_THAT(Propose(kHr, request), Refuses(Reason::kNotFound, "members.members[1].external_id"));
  request.mutable_members()->mutable_members(1)->set_external_id("E1");
  EXPECT_THAT(Propose(kHr, request),
              Refuses(Reason::kInvalidField, "members.members[1].external_id"));
  EXPECT_EQ(LastRecord(), before);
}

TEST_F(ClawBackTest, WaitsForASecondPersonAboveTheThreshold) {
  MakeIssued(2);
  SetThreshold(999);
  v1::ClawBackRequest wish = AllWish();
  wish.set_validate_only(true);
  const Sequence before = LastRecord();
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack foreseen, Propose(kHr, wish));
  EXPECT_EQ(foreseen.name(), "");
  EXPECT_TRUE(foreseen.needs_confirmation());
  EXPECT_EQ(foreseen.points_max(), 1'000);
  EXPECT_EQ(LastRecord(), before);
  wish.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack proposed, Propose(kHr, wish));
  EXPECT_EQ(proposed.state(), v1::CLAW_BACK_STATE_PROPOSED);
  EXPECT_THAT(Confirm(kSecondHr, proposed.name()), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Reject(kSecondHr, proposed.name()), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Reject(kApprover, proposed.name(), ""), Refuses(Reason::kInvalidField, "reason"));
  ASSERT_OK_AND_ASSIGN(const auto confirmed, Confirm(kApprover, proposed.name()));
  EXPECT_EQ(confirmed.claw_back().state(), v1::CLAW_BACK_STATE_RUNNING);
  EXPECT_TRUE(confirmed.claw_back().has_decide_time());
  EXPECT_EQ(Finished(proposed.name()).progress().points_taken(), 1'000);
  EXPECT_THAT(Confirm(kApprover, proposed.name()), Refuses(Reason::kClawBackState));
  EXPECT_THAT(Reject(kApprover, proposed.name()), Refuses(Reason::kClawBackState));
}

TEST_F(ClawBackTest, TakesNothingWhenItIsRejected) {
  MakeIssued(2);
  SetThreshold(1);
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack proposed, Propose(kHr, AllWish()));
  ASSERT_OK_AND_ASSIGN(const auto rejected, Reject(kApprover, proposed.name()));
  EXPECT_EQ(rejected.claw_back().state(), v1::CLAW_BACK_STATE_REJECTED);
  EXPECT_EQ(rejected.claw_back().decision_reason(), "too many");
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack now, GetClawBack(kFinanceMaker, proposed.name()));
  EXPECT_EQ(now.state(), v1::CLAW_BACK_STATE_REJECTED);
  EXPECT_EQ(now.progress().rows_done(), 0U);
}

TEST_F(ClawBackTest, WhyIsToldToThoseWhoMayKnowWhatTheCampaignIsFor) {
  v1::CreateCampaignRequest wish = CampaignWish();
  wish.set_occasion("illness");
  MakeIssued(2, wish);
  SetThreshold(1);
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack proposed, Propose(kHr, AllWish()));
  ASSERT_OK(Reject(kApprover, proposed.name()));
  for (const std::string path : {kHr, kApprover, kAdminPath}) {
    ASSERT_OK_AND_ASSIGN(const v1::ClawBack told, GetClawBack(path, proposed.name()));
    EXPECT_EQ(told.reason(), "issued twice") << path;
    EXPECT_EQ(told.decision_reason(), "too many") << path;
  }
  for (const std::string path : {kFinanceMaker, kAuditor}) {
    ASSERT_OK_AND_ASSIGN(const v1::ClawBack told, GetClawBack(path, proposed.name()));
    EXPECT_EQ(told.reason(), "personal") << path;
    EXPECT_EQ(told.decision_reason(), "personal") << path;
  }
}

TEST_F(ClawBackTest, IsNotThereForOthersOrUnderAnotherName) {
  MakeIssued(1);
  ASSERT_OK(Create(kHr, CampaignWish("autumn")));
  ASSERT_OK_AND_ASSIGN(const v1::ClawBack proposed, Propose(kHr, AllWish()));
  const std::string number = proposed.name().substr(proposed.name().rfind('/') + 1);
  for (const std::string& name :
       {std::string("campaigns/spring/clawBacks/1"), std::string("campaigns/none/clawBacks/1"),
        "campaigns/autumn/clawBacks/" + number}) {
    EXPECT_THAT(GetClawBack(kHr, name), Refuses(Reason::kNotFound)) << name;
    EXPECT_THAT(Rows(kHr, name), Refuses(Reason::kNotFound)) << name;
    EXPECT_THAT(Confirm(kApprover, name), Refuses(Reason::kNotFound)) << name;
  }
  EXPECT_THAT(GetClawBack(kOutsider, proposed.name()), Refuses(Reason::kNotFound));
  EXPECT_THAT(GetClawBack(kHr, "campaigns/spring/clawBacks/0" + number),
              Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Rows(kHr, proposed.name(), -1), Refuses(Reason::kInvalidField, "page_size"));
}

}  // namespace
}  // namespace puhui::services
