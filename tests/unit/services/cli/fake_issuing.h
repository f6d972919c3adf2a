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

 private:
  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_ISSUING_H_
