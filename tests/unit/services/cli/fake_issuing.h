// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_ISSUING_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_ISSUING_H_

#include "puhui/v1/campaign_service.grpc.pb.h"
#include "tests/unit/services/cli/script.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include <cstddef>
#include <string>

namespace puhui::services {

// Does what its script says. Threads: as Script. Borrows: the script.
class FakeCampaigns final : public v1::CampaignService::Service {
 public:
  explicit FakeCampaigns(Script& script) : script_(script) {}
  grpc::Status CreateCampaign(grpc::ServerContext*, const v1::CreateCampaignRequest* request,
                              v1::CreateCampaignResponse*) override {
    script_.campaign = *request;
    return script_.Next();
  }
  grpc::Status UpdateCampaign(grpc::ServerContext*, const v1::UpdateCampaignRequest* request,
                              v1::UpdateCampaignResponse*) override {
    script_.changed_campaign = *request;
    return script_.Next();
  }
  grpc::Status UploadPlan(grpc::ServerContext*, grpc::ServerReader<v1::UploadPlanRequest>* reader,
                          v1::UploadPlanResponse* response) override {
    script_.plan.clear();
    for (v1::UploadPlanRequest part; reader->Read(&part);) {
      if (part.has_start()) script_.upload = part.start();
      script_.plan.insert(script_.plan.end(), part.rows().rows().begin(), part.rows().rows().end());
    }
    response->mutable_plan()->set_rows(script_.plan.size());
    return script_.Next();
  }
  // As the service answers a change: nothing of what may have moved on since.
  grpc::Status SubmitCampaign(grpc::ServerContext*, const v1::SubmitCampaignRequest* request,
                              v1::SubmitCampaignResponse* response) override {
    v1::Campaign& campaign = *response->mutable_campaign();
    campaign.set_name(request->name());
    campaign.set_state(v1::CAMPAIGN_STATE_SUBMITTED);
    campaign.mutable_plan()->set_hash(request->plan_hash());
    return script_.Next();
  }
  grpc::Status GetCampaign(grpc::ServerContext*, const v1::GetCampaignRequest* request,
                           v1::GetCampaignResponse* response) override {
    v1::Campaign& campaign = *response->mutable_campaign();
    campaign.set_name(request->name());
    campaign.mutable_terms()->mutable_expire_time()->set_seconds(1'803'916'800);
    campaign.mutable_terms()->set_expiry_policy(v1::EXPIRY_POLICY_EXPIRE);
    campaign.mutable_plan()->set_hash("00ff");
    campaign.mutable_plan()->set_rows(2);
    campaign.mutable_plan()->set_points(60'000);
    return script_.Next();
  }
  // Two messages of verdicts; a scripted failure comes between them.
  grpc::Status PreviewCampaign(grpc::ServerContext*, const v1::PreviewCampaignRequest*,
                               grpc::ServerWriter<v1::PreviewCampaignResponse>* writer) override {
    v1::PreviewCampaignResponse message;
    message.add_verdicts()->set_member("members/A");
    writer->Write(message);
    if (const grpc::Status status = script_.Next(); !status.ok()) return status;
    message.mutable_verdicts(0)->set_member("members/B");
    message.mutable_summary()->set_rows_granted(2);
    writer->Write(message);
    return grpc::Status::OK;
  }
  grpc::Status IssueCampaign(grpc::ServerContext*, const v1::IssueCampaignRequest* request,
                             v1::IssueCampaignResponse* response) override {
    script_.issue = *request;
    response->mutable_campaign()->set_name(request->name());
    return script_.Next();
  }
  // As of a run that stops again at once.
  grpc::Status ResumeIssueRun(grpc::ServerContext*, const v1::ResumeIssueRunRequest* request,
                              v1::ResumeIssueRunResponse* response) override {
    script_.resumption = *request;
    v1::IssueProgress& progress = *response->mutable_campaign()->mutable_progress();
    progress.mutable_start_time()->set_seconds(1'803'916'800);
    progress.set_all_or_nothing(!request->without_all_or_nothing());
    if (!progress.all_or_nothing()) return script_.Next();
    progress.set_paused(true);
    progress.mutable_stopped_by()->set_row(41'000);
    progress.mutable_stopped_by()->set_reason("MEMBER_NOT_ACTIVE");
    progress.mutable_stopped_by()->set_rows(2);
    return script_.Next();
  }
  // A scripted failure comes after the first message.
  grpc::Status WatchIssueRun(grpc::ServerContext*, const v1::WatchIssueRunRequest*,
                             grpc::ServerWriter<v1::WatchIssueRunResponse>* writer) override {
    v1::WatchIssueRunResponse message;
    message.mutable_progress()->set_rows(10);
    message.mutable_progress()->set_rows_done(5);
    message.mutable_progress()->set_state(v1::CAMPAIGN_STATE_ISSUING);
    writer->Write(message);
    if (const grpc::Status status = script_.Next(); !status.ok()) return status;
    message.mutable_progress()->set_rows_done(10);
    message.mutable_progress()->set_state(v1::CAMPAIGN_STATE_ISSUED);
    writer->Write(message);
    return grpc::Status::OK;
  }
  // Three rows, one a page.
  grpc::Status ListRows(grpc::ServerContext*, const v1::ListRowsRequest* request,
                        v1::ListRowsResponse* response) override {
    const std::size_t page = request->page_token().size();
    response->add_rows()->set_member("members/" + std::to_string(page));
    if (page < 2) response->set_next_page_token(request->page_token() + "+");
    return script_.Next();
  }
  grpc::Status GetCampaignReport(grpc::ServerContext*, const v1::GetCampaignReportRequest* request,
                                 v1::GetCampaignReportResponse* response) override {
    script_.campaign_report = *request;
    v1::CampaignReport& report = *response->mutable_report();
    report.set_campaign(request->name());
    report.set_as_of_sequence(12'345);
    report.mutable_figures()->set_granted_points(90'000);
    report.mutable_figures()->set_available_points(60'000);
    report.mutable_figures()->set_spent_points(30'000);
    report.mutable_figures()->set_grants(3);
    report.mutable_figures()->set_grants_spent(2);
    report.mutable_figures()->set_members_received(3);
    report.mutable_figures()->set_members_spent(2);
    return script_.Next();
  }
  // Two pages, the first of which is empty.
  grpc::Status ListExpiring(grpc::ServerContext*, const v1::ListExpiringRequest* request,
                            v1::ListExpiringResponse* response) override {
    script_.expiring = *request;
    if (request->page_token().empty()) {
      response->set_next_page_token("next");
    } else {
      v1::ExpiringPoints& row = *response->add_rows();
      row.set_row(7);
      row.set_member("members/A");
      row.set_points(500);
    }
    return script_.Next();
  }
  grpc::Status ClawBack(grpc::ServerContext*, const v1::ClawBackRequest* request,
                        v1::ClawBackResponse* response) override {
    script_.claw_back = *request;
    v1::ClawBack& claw_back = *response->mutable_claw_back();
    if (!request->validate_only()) claw_back.set_name(request->campaign() + "/clawBacks/7");
    claw_back.set_state(v1::CLAW_BACK_STATE_RUNNING);
    claw_back.set_points_max(60'000);
    return script_.Next();
  }
  grpc::Status ConfirmClawBack(grpc::ServerContext*, const v1::ConfirmClawBackRequest* request,
                               v1::ConfirmClawBackResponse* response) override {
    script_.confirmed_claw_back = *request;
    response->mutable_claw_back()->set_state(v1::CLAW_BACK_STATE_RUNNING);
    return script_.Next();
  }
  grpc::Status RejectClawBack(grpc::ServerContext*, const v1::RejectClawBackRequest* request,
                              v1::RejectClawBackResponse* response) override {
    script_.rejected_claw_back = *request;
    response->mutable_claw_back()->set_state(v1::CLAW_BACK_STATE_REJECTED);
    response->mutable_claw_back()->set_decision_reason(request->reason());
    return script_.Next();
  }
  // Is done at the third look.
  grpc::Status GetClawBack(grpc::ServerContext*, const v1::GetClawBackRequest* request,
                           v1::GetClawBackResponse* response) override {
    script_.shown_claw_back = *request;
    v1::ClawBack& claw_back = *response->mutable_claw_back();
    claw_back.set_name(request->name());
    claw_back.set_rows(4);
    const bool done = ++script_.looks >= 3;
    claw_back.set_state(done ? v1::CLAW_BACK_STATE_DONE : v1::CLAW_BACK_STATE_RUNNING);
    claw_back.mutable_progress()->set_rows_done(done ? 4 : 2);
    claw_back.mutable_progress()->set_rows_taken(2);
    claw_back.mutable_progress()->set_rows_held(done ? 2 : 0);
    claw_back.mutable_progress()->set_points_taken(30'000);
    return script_.Next();
  }
  grpc::Status ListClawBackRows(grpc::ServerContext*, const v1::ListClawBackRowsRequest*,
                                v1::ListClawBackRowsResponse* response) override {
    v1::ClawBackRowVerdict& row = *response->add_rows();
    row.set_row(3);
    row.set_member("members/A");
    row.set_points(500);
    row.set_outcome(v1::CLAW_BACK_OUTCOME_TAKEN);
    return script_.Next();
  }

 private:
  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_ISSUING_H_
