// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_CAMPAIGN_SERVICE_H_
#define PUHUI_SERVICES_ISSUING_CAMPAIGN_SERVICE_H_

#include "issuing/app/queries.h"
#include "issuing/app/run_commands.h"
#include "puhui/v1/campaign_service.pb.h"
#include "services/issuing/issue_look.h"
#include "services/issuing/issuing_parts.h"
#include "services/rpc/calls.h"
#include "services/rpc/server_stream.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Campaigns: preparing a holiday, having exactly that approved, and issuing it. Threads: safe.
// Borrows: its parts.
class CampaignService final {
 public:
  explicit CampaignService(const IssuingParts& parts);
  ~CampaignService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeGetCampaign(Calls& calls);
  void ServeUploadPlan(Calls& calls);
  void ServeBuildPlan(Calls& calls);
  void ServePreviewCampaign(Calls& calls);
  void ServeChanges(Calls& calls);
  void ServeWatchIssueRun(Calls& calls);
  void ServeListRows(Calls& calls);
  void ServeListCampaigns(Calls& calls);
  void ServeReports(Calls& calls);
  void ServeClawBacks(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadCreate(const CallContext& call, const v1::CreateCampaignRequest& request) const;
  MaybeCommand ReadSubmit(const CallContext& call, const v1::SubmitCampaignRequest& request) const;
  MaybeCommand ReadApprove(const CallContext& call,
                           const v1::ApproveCampaignRequest& request) const;
  MaybeCommand ReadUpdate(const CallContext& call, const v1::UpdateCampaignRequest& request) const;
  MaybeCommand ReadReject(const CallContext& call, const v1::RejectCampaignRequest& request) const;
  // A campaign that is issued all or nothing and at once is looked at first, which takes seconds.
  absl::StatusOr<std::unique_ptr<issuing::StartIssueCommand>> ReadIssue(
      const CallContext& call, const v1::IssueCampaignRequest& request) const;
  absl::StatusOr<v1::IssueCampaignResponse> DoIssue(const CallContext& call,
                                                    const v1::IssueCampaignRequest& request) const;
  MaybeCommand ReadPause(const CallContext& call, const v1::PauseIssueRunRequest& request) const;
  MaybeCommand ReadResume(const CallContext& call, const v1::ResumeIssueRunRequest& request) const;
  MaybeCommand ReadCancel(const CallContext& call, const v1::CancelCampaignRequest& request) const;
  MaybeCommand ReadClose(const CallContext& call, const v1::CloseCampaignRequest& request) const;
  absl::StatusOr<v1::GetCampaignResponse> DoGetCampaign(
      const CallContext& call, const v1::GetCampaignRequest& request) const;
  absl::StatusOr<MessageSource<v1::BuildPlanResponse>> OpenBuild(
      const CallContext& call, const v1::BuildPlanRequest& request) const;
  // The zone of the campaign's union now.
  absl::StatusOr<absl::TimeZone> ZoneOf(const ledger::Readable& store,
                                        const issuing::FoundCampaign& campaign) const;
  absl::StatusOr<MessageSource<v1::PreviewCampaignResponse>> OpenPreview(
      const CallContext& call, const v1::PreviewCampaignRequest& request) const;
  absl::StatusOr<MessageSource<v1::WatchIssueRunResponse>> OpenWatch(
      const CallContext& call, const v1::WatchIssueRunRequest& request) const;
  absl::StatusOr<v1::ListCampaignsResponse> DoListCampaigns(
      const CallContext& call, const v1::ListCampaignsRequest& request) const;
  absl::StatusOr<v1::ListRowsResponse> DoListRows(const CallContext& call,
                                                  const v1::ListRowsRequest& request) const;
  absl::Status AllowCampaign(const CallContext& call, const CampaignId& id) const;

  template <class Request>
  using Read = MaybeCommand (CampaignService::*)(const CallContext&, const Request&) const;
  template <class Base, class Request, class Response>
  void ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                   Read<Request> read);
  // Runs `command` and answers with the campaign as its first record made it.
  template <class Request, class Response>
  void RunForCampaign(const CallContext& call, const Request& request, MaybeCommand command,
                      Response* response, Completion done) const;

  const IssuingParts parts_;
  const std::unique_ptr<IssueLook> look_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_CAMPAIGN_SERVICE_H_
