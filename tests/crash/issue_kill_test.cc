// SPDX-License-Identifier: Apache-2.0
// A real puhuid, killed with SIGKILL at every stage of a campaign: while a stage is asked for, and
// between the pieces of its run. Whoever asks again with the same request id gets there, once; and
// in the end every row of every plan is granted once, or was never granted at all.
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "tests/crash/told.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::testing {
namespace {

constexpr std::uint64_t kSeed = 20'261'126;
constexpr std::size_t kMembers = 3'000;  // Two dozen pieces of an issue run, two of a plan.
constexpr std::int64_t kPoints = 70;
constexpr std::int64_t kFunded = 2'000'000;
constexpr int kRounds = 3;

using Campaigns = v1::CampaignService::Stub;

class IssueKillTest : public ::testing::Test {
 protected:
  using Call = std::function<Told()>;

  void SetUp() override {
    std::cout << "seed " << kSeed << "\n";
    ASSERT_OK(deployment_.Start());
    Stage stage(&deployment_, "fh-1", &random_);
    ASSERT_OK(stage.FoundUnion());
    ASSERT_OK(stage.Fund(kFunded));
    ASSERT_OK_AND_ASSIGN(members_, stage.EnrolMembers(1, kMembers));
  }

  // Connections are those of the server that runs now.
  std::unique_ptr<Campaigns> As(absl::string_view role) {
    return v1::CampaignService::NewStub(
        deployment_.Connect(absl::StrCat("/", role, "/unions/fh-1/people/", role, "-1")));
  }
  template <class Request, class Response>
  Call Asking(absl::string_view role,
              grpc::Status (Campaigns::*method)(grpc::ClientContext*, const Request&, Response*),
              Request request) {
    request.set_request_id(NewRequestId(random_));
    return [this, role = std::string(role), method, request] {
      return Tell(*As(role), method, request);
    };
  }

  // Kills the server a moment after `call` was made, before it is answered or after; asks again
  // until it is, and once more after another kill: the answer stays, byte for byte.
  Told PlayStage(absl::string_view what, const Call& call) {
    SCOPED_TRACE(what);
    {
      std::jthread caller([&call] { call(); });
      std::this_thread::sleep_for(std::chrono::microseconds(random_.Below(12'000)));
      deployment_.Kill();
    }
    ++kills_;
    EXPECT_OK(deployment_.Start());
    const Told told = call();
    EXPECT_EQ(told.code, grpc::StatusCode::OK) << told.message;
    deployment_.Kill();
    ++kills_;
    EXPECT_OK(deployment_.Start());
    EXPECT_EQ(call(), told);
    return told;
  }

  template <class Response>
  static v1::Campaign CampaignOf(const Told& told) {
    Response response;
    EXPECT_TRUE(response.ParseFromString(told.body));
    return response.campaign();
  }
  v1::Campaign Get(const std::string& name) {
    v1::GetCampaignRequest request;
    request.set_name(name);
    const auto response = Ask(*As("hr"), &Campaigns::GetCampaign, request);
    EXPECT_OK(response);
    return response.ok() ? response->campaign() : v1::Campaign();
  }

  Call Upload(const std::string& name);
  // Up to its approval; its last etag.
  void Prepare(const std::string& id);
  // Kills it piece by piece, with a pause in between, and lets it end.
  void RunAmidKills(const std::string& name);
  // Cancels a run that has begun and not ended; how many rows it had granted. Nothing when it was
  // quicker than the pause, and is issued.
  absl::optional<std::uint64_t> CancelAmidRun(const std::string& id);
  // The first `granted` rows are granted, the others have `rest`.
  void ExpectRows(const std::string& name, std::uint64_t granted, v1::RowVerdict::Outcome rest);
  void ExpectBalances(std::int64_t granted);

  Deployment deployment_;
  SeededRandom random_{kSeed};
  std::vector<std::string> members_;
  int kills_ = 0;
  int kills_amid_run_ = 0;
};

IssueKillTest::Call IssueKillTest::Upload(const std::string& name) {
  return [this, name, request_id = NewRequestId(random_)] {
    grpc::ClientContext context;
    SetPatience(&context);
    v1::UploadPlanResponse response;
    const auto stub = As("hr");
    const auto writer = stub->UploadPlan(&context, &response);
    v1::UploadPlanRequest message;
    message.mutable_start()->set_request_id(request_id);
    message.mutable_start()->set_campaign(name);
    message.mutable_start()->set_rows(members_.size());
    bool heard = writer->Write(message);
    message.mutable_rows();
    for (const std::string& member : members_) {
      v1::PlanRow& row = *message.mutable_rows()->add_rows();
      row.set_member(member);
      row.set_points(kPoints);
    }
    heard = heard && writer->Write(message);
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    return Told{.code = status.error_code(),
                .message = status.error_message(),
                .details = status.error_details(),
                .body = status.ok() ? response.SerializeAsString() : ""};
  };
}

void IssueKillTest::Prepare(const std::string& id) {
  v1::CreateCampaignRequest create;
  create.set_campaign_id(id);
  create.set_union_("unions/fh-1");
  create.set_display_name("春节慰问");
  create.set_occasion("spring-festival");
  create.mutable_terms()->mutable_expire_time()->set_seconds(
      absl::ToUnixSeconds(absl::Now() + absl::Hours(24 * 60)));
  PlayStage("create", Asking("hr", &Campaigns::CreateCampaign, create));
  const std::string name = absl::StrCat("campaigns/", id);
  const Told uploaded = PlayStage("upload", Upload(name));
  v1::UploadPlanResponse plan;
  ASSERT_TRUE(plan.ParseFromString(uploaded.body));
  ASSERT_EQ(plan.plan().rows(), kMembers);

  v1::SubmitCampaignRequest submit;
  submit.set_name(name);
  submit.set_plan_hash(plan.plan().hash());
  PlayStage("submit", Asking("hr", &Campaigns::SubmitCampaign, submit));
  v1::RejectCampaignRequest reject;
  reject.set_name(name);
  reject.set_reason("once more");
  PlayStage("reject", Asking("approver", &Campaigns::RejectCampaign, reject));
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(name);
  update.mutable_campaign()->set_occasion("dragon-boat");
  update.mutable_update_mask()->add_paths("occasion");
  PlayStage("update", Asking("hr", &Campaigns::UpdateCampaign, update));
  const v1::Campaign submitted = CampaignOf<v1::SubmitCampaignResponse>(
      PlayStage("submit again", Asking("hr", &Campaigns::SubmitCampaign, submit)));
  v1::ApproveCampaignRequest approve;
  approve.set_name(name);
  approve.set_plan_hash(plan.plan().hash());
  approve.set_etag(submitted.etag());
  PlayStage("approve", Asking("approver", &Campaigns::ApproveCampaign, approve));
  EXPECT_EQ(Get(name).state(), v1::CAMPAIGN_STATE_APPROVED);
}

void IssueKillTest::RunAmidKills(const std::string& name) {
  v1::IssueCampaignRequest issue;
  issue.set_name(name);
  PlayStage("issue", Asking("hr", &Campaigns::IssueCampaign, issue));
  std::uint64_t before = 0;
  while (Get(name).state() == v1::CAMPAIGN_STATE_ISSUING) {
    const std::uint64_t rows = Get(name).progress().rows_done();
    EXPECT_GE(rows, before);
    if (rows > 0 && rows < kMembers) ++kills_amid_run_;
    before = rows;
    if (random_.Below(2) == 0 && Get(name).state() == v1::CAMPAIGN_STATE_ISSUING) {
      v1::PauseIssueRunRequest pause;
      pause.set_name(name);
      pause.set_request_id(NewRequestId(random_));
      // Refused when the run has ended meanwhile.
      if (Tell(*As("hr"), &Campaigns::PauseIssueRun, pause).code != grpc::StatusCode::OK) continue;
      deployment_.Kill();
      ++kills_;
      ASSERT_OK(deployment_.Start());
      EXPECT_TRUE(Get(name).progress().paused());
      EXPECT_EQ(Get(name).state(), v1::CAMPAIGN_STATE_ISSUING);
      v1::ResumeIssueRunRequest resume;
      resume.set_name(name);
      PlayStage("resume", Asking("hr", &Campaigns::ResumeIssueRun, resume));
      continue;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random_.Below(3'000)));
    deployment_.Kill();
    ++kills_;
    ASSERT_OK(deployment_.Start());
  }
  EXPECT_EQ(Get(name).state(), v1::CAMPAIGN_STATE_ISSUED);
}

absl::optional<std::uint64_t> IssueKillTest::CancelAmidRun(const std::string& id) {
  const std::string name = absl::StrCat("campaigns/", id);
  v1::IssueCampaignRequest issue;
  issue.set_name(name);
  issue.set_request_id(NewRequestId(random_));
  EXPECT_EQ(Tell(*As("hr"), &Campaigns::IssueCampaign, issue).code, grpc::StatusCode::OK);
  const auto hr = As("hr");
  v1::PauseIssueRunRequest pause;
  pause.set_name(name);
  pause.set_request_id(NewRequestId(random_));
  v1::GetCampaignRequest get;
  get.set_name(name);
  while (true) {
    const auto now = Ask(*hr, &Campaigns::GetCampaign, get);
    EXPECT_OK(now);
    if (!now.ok() || now->campaign().progress().rows_done() > 0) break;
  }
  const bool paused = Tell(*hr, &Campaigns::PauseIssueRun, pause).code == grpc::StatusCode::OK;
  if (!paused) return absl::nullopt;
  v1::CancelCampaignRequest cancel;
  cancel.set_name(name);
  cancel.set_reason("the wrong list");
  PlayStage("cancel amid a run", Asking("hr", &Campaigns::CancelCampaign, cancel));
  ++kills_amid_run_;  // Where the others come is as the machine is quick; this one stands still.
  const v1::Campaign cancelled = Get(name);
  EXPECT_EQ(cancelled.state(), v1::CAMPAIGN_STATE_CANCELLED);
  return cancelled.progress().rows_granted();
}

void IssueKillTest::ExpectRows(const std::string& name, std::uint64_t granted,
                               v1::RowVerdict::Outcome rest) {
  v1::ListRowsRequest request;
  request.set_name(name);
  request.set_page_size(1'000);
  std::uint64_t next = 0;
  const auto stub = As("hr");
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Ask(*stub, &Campaigns::ListRows, request));
    for (const v1::RowVerdict& row : page.rows()) {
      EXPECT_EQ(row.row(), next);
      EXPECT_EQ(row.member(), members_[next]);
      EXPECT_EQ(row.outcome(), next < granted ? v1::RowVerdict::OUTCOME_GRANTED : rest);
      ++next;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(next, kMembers);
}

void IssueKillTest::ExpectBalances(std::int64_t granted) {
  const auto auditor = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  ASSERT_OK_AND_ASSIGN(const auto trial, Ask(*auditor, &v1::AuditService::Stub::GetTrialBalance,
                                             v1::GetTrialBalanceRequest()));
  EXPECT_TRUE(trial.balanced());
  for (const v1::TrialBalanceLine& line : trial.lines()) {
    if (line.kind() == v1::ACCOUNT_KIND_WALLET) {
      EXPECT_EQ(line.points(), granted);
    }
    if (line.kind() == v1::ACCOUNT_KIND_BUDGET) {
      EXPECT_EQ(line.points(), kFunded - granted);
    }
    if (line.kind() == v1::ACCOUNT_KIND_CAMPAIGN) {
      EXPECT_EQ(line.points(), 0);
    }
  }
}

TEST_F(IssueKillTest, EveryStageHappensOnceWhateverIsKilled) {
  constexpr std::int64_t kPlan = kPoints * static_cast<std::int64_t>(kMembers);
  for (int round = 1; round <= kRounds; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const std::string name = absl::StrCat("campaigns/c-", round);
    ASSERT_NO_FATAL_FAILURE(Prepare(absl::StrCat("c-", round)));
    ASSERT_NO_FATAL_FAILURE(RunAmidKills(name));
    ExpectRows(name, kMembers, v1::RowVerdict::OUTCOME_GRANTED);
    ExpectBalances(kPlan * round);
    ASSERT_FALSE(HasFailure());
  }
  ASSERT_NO_FATAL_FAILURE(Prepare("given-up"));
  v1::IssueCampaignRequest tomorrow;
  tomorrow.set_name("campaigns/given-up");
  tomorrow.mutable_start_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(24)));
  PlayStage("schedule", Asking("hr", &Campaigns::IssueCampaign, tomorrow));
  EXPECT_EQ(Get("campaigns/given-up").progress().start_time().seconds(),
            tomorrow.start_time().seconds());
  v1::CancelCampaignRequest cancel;
  cancel.set_name("campaigns/given-up");
  cancel.set_reason("no holiday");
  PlayStage("cancel", Asking("hr", &Campaigns::CancelCampaign, cancel));
  ExpectRows("campaigns/given-up", 0, v1::RowVerdict::OUTCOME_CANCELLED);
  ExpectBalances(kPlan * kRounds);

  absl::optional<std::uint64_t> granted;
  int issued = kRounds - 1;
  for (int round = 1; round <= kRounds && !granted.has_value(); ++round, ++issued) {
    const std::string id = absl::StrCat("stopped-", round);
    ASSERT_NO_FATAL_FAILURE(Prepare(id));
    granted = CancelAmidRun(id);
    if (granted.has_value()) {
      ExpectRows(absl::StrCat("campaigns/", id), *granted, v1::RowVerdict::OUTCOME_CANCELLED);
    }
  }
  ASSERT_TRUE(granted.has_value());
  EXPECT_GT(*granted, 0U);
  EXPECT_LT(*granted, kMembers);
  ExpectBalances(kPlan * issued + kPoints * static_cast<std::int64_t>(*granted));
  EXPECT_GT(kills_amid_run_, 0);
  std::cout << kills_ << " kills, " << kills_amid_run_ << " of them amid a run\n";
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const auto report,
                       services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
  EXPECT_TRUE(report.ok()) << report.findings.front();
}

}  // namespace
}  // namespace puhui::testing
