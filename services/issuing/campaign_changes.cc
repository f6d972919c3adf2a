// SPDX-License-Identifier: Apache-2.0
// The campaign service's changes: each call is read into a command, and answered with the campaign
// as the command's first record made it.
#include "issuing/app/approval_commands.h"
#include "issuing/app/campaign_commands.h"
#include "issuing/app/run_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/campaign_convert.h"
#include "services/issuing/campaign_scope.h"
#include "services/issuing/campaign_wire.h"
#include "services/issuing/member_privacy.h"
#include "services/ledger/answered.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include <utility>

namespace puhui::services {
namespace {

// The campaign as the command's first record made it.
absl::Status SetCampaign(ledger::Engine& engine, const ledger::Outcome& outcome,
                         v1::Campaign* campaign) {
  // A run that has begun has a timer, which need not be waited for.
  if (outcome.first().has_issue_started() || outcome.first().has_issue_resumed()) {
    engine.WakeTimers();
  }
  PUHUI_ASSIGN_OR_RETURN(*campaign, CampaignAsOf(engine.Latest(), outcome.first()));
  return absl::OkStatus();
}

}  // namespace

template <class Request, class Response>
void CampaignService::RunForCampaign(const CallContext& call, const Request& request,
                                     MaybeCommand command, Response* response,
                                     Completion done) const {
  RunForCall(parts_.ledger, call, request, std::move(command), response, std::move(done),
             [engine = parts_.ledger.engine](const ledger::Outcome& outcome, Response* out) {
               return SetCampaign(*engine, outcome, out->mutable_campaign());
             });
}

template <class Base, class Request, class Response>
void CampaignService::ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                                  Read<Request> read) {
  calls.UnaryLater(rpc, wire_.get(), ask,
                   [this, read](const CallContext& call, const Request& asked, Response* answer,
                                Completion done) {
                     RunForCampaign(call, asked, (this->*read)(call, asked), answer,
                                    std::move(done));
                   });
}

void CampaignService::ServeChanges(Calls& calls) {
  using Self = CampaignService;
  ServeChange(calls, Rpc::kCreateCampaign, &Wire::RequestCreateCampaign, &Self::ReadCreate);
  ServeChange(calls, Rpc::kUpdateCampaign, &Wire::RequestUpdateCampaign, &Self::ReadUpdate);
  ServeChange(calls, Rpc::kSubmitCampaign, &Wire::RequestSubmitCampaign, &Self::ReadSubmit);
  ServeChange(calls, Rpc::kApproveCampaign, &Wire::RequestApproveCampaign, &Self::ReadApprove);
  ServeChange(calls, Rpc::kRejectCampaign, &Wire::RequestRejectCampaign, &Self::ReadReject);
  calls.UnaryOnWorker(Rpc::kIssueCampaign, wire_.get(), &Wire::RequestIssueCampaign,
                      [this](const CallContext& call, const v1::IssueCampaignRequest& asked) {
                        return DoIssue(call, asked);
                      });
  ServeChange(calls, Rpc::kPauseIssueRun, &Wire::RequestPauseIssueRun, &Self::ReadPause);
  ServeChange(calls, Rpc::kResumeIssueRun, &Wire::RequestResumeIssueRun, &Self::ReadResume);
  ServeChange(calls, Rpc::kCancelCampaign, &Wire::RequestCancelCampaign, &Self::ReadCancel);
  ServeChange(calls, Rpc::kCloseCampaign, &Wire::RequestCloseCampaign, &Self::ReadClose);
}

absl::Status CampaignService::AllowCampaign(const CallContext& call, const CampaignId& id) const {
  return FindCampaignFor(call.principal(), id, parts_.ledger.engine->Latest(), *parts_.tree)
      .status();
}

CampaignService::MaybeCommand CampaignService::ReadCreate(
    const CallContext& call, const v1::CreateCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(CampaignDraft draft, ReadCreateCampaign(request));
  issuing::CreateCampaignCommand::Wish& wish = draft.wish;
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.union_id, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(wish.terms,
                         ResolveTerms(draft.terms, wish.union_id, parts_.ledger.engine->Latest()));
  wish.person = call.principal().person;
  return std::make_unique<issuing::CreateCampaignCommand>(parts_.tables, std::move(wish));
}

CampaignService::MaybeCommand CampaignService::ReadSubmit(
    const CallContext& call, const v1::SubmitCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  issuing::SubmitCampaignCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(wish.plan_hash, ParsePlanHash(request.plan_hash(), "plan_hash"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, wish.campaign));
  wish.person = call.principal().person;
  return std::make_unique<issuing::SubmitCampaignCommand>(parts_.tables, parts_.views,
                                                          std::move(wish));
}

CampaignService::MaybeCommand CampaignService::ReadApprove(
    const CallContext& call, const v1::ApproveCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  issuing::ApproveCampaignCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(wish.plan_hash, ParsePlanHash(request.plan_hash(), "plan_hash"));
  if (request.etag().empty()) {
    return InvalidField("etag", "want the campaign's etag as it was looked at");
  }
  wish.etag = request.etag();
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, wish.campaign));
  wish.person = call.principal().person;
  return std::make_unique<issuing::ApproveCampaignCommand>(parts_.tables, parts_.views,
                                                           std::move(wish));
}

CampaignService::MaybeCommand CampaignService::ReadUpdate(
    const CallContext& call, const v1::UpdateCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(CampaignChange change, ReadUpdateCampaign(request));
  issuing::UpdateCampaignCommand::Wish& wish = change.wish;
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), wish.campaign, store, *parts_.tree));
  if (change.terms.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                           issuing::UnionByNumber(store, found.row.union_number));
    PUHUI_ASSIGN_OR_RETURN(wish.terms,
                           ResolveTerms(*change.terms, *UnionId::Parse(of.id, "union"), store));
  }
  wish.person = call.principal().person;
  return std::make_unique<issuing::UpdateCampaignCommand>(parts_.tables, parts_.views,
                                                          std::move(wish));
}

CampaignService::MaybeCommand CampaignService::ReadReject(
    const CallContext& call, const v1::RejectCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  issuing::RejectCampaignCommand::Wish wish{.etag = request.etag(), .reason = request.reason()};
  PUHUI_ASSIGN_OR_RETURN(wish.campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReason(request.reason(), "reason"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, wish.campaign));
  wish.person = call.principal().person;
  return std::make_unique<issuing::RejectCampaignCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<v1::IssueCampaignResponse> CampaignService::DoIssue(
    const CallContext& call, const v1::IssueCampaignRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<issuing::StartIssueCommand> command,
                         ReadIssue(call, request));
  PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
  ledger::Engine& engine = *parts_.ledger.engine;
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kInteractive));
  v1::IssueCampaignResponse response;
  PUHUI_RETURN_IF_ERROR(SetCampaign(engine, outcome, response.mutable_campaign()));
  return response;
}

// A call that was answered before is not looked at for again: the engine has the answer. Whatever
// else is wrong, and what the look has found, the command says in the order of the reasons.
absl::StatusOr<std::unique_ptr<issuing::StartIssueCommand>> CampaignService::ReadIssue(
    const CallContext& call, const v1::IssueCampaignRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const ledger::RequestIdentity identity,
                         IdentityOf(parts_.ledger, call, request));
  issuing::StartIssueCommand::Wish wish{.all_or_nothing = request.all_or_nothing()};
  PUHUI_ASSIGN_OR_RETURN(wish.campaign, ParseCampaignName(request.name(), "name"));
  if (request.has_start_time()) {
    PUHUI_ASSIGN_OR_RETURN(wish.start, ParseMoment(request.start_time(), "start_time"));
  }
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), wish.campaign, *store, *parts_.tree));
  wish.person = call.principal().person;
  const bool at_once = !wish.start.has_value() || *wish.start <= parts_.ledger.engine->Now();
  if (wish.all_or_nothing && at_once) {
    PUHUI_ASSIGN_OR_RETURN(const bool answered, IsAnswered(*store, identity));
    if (!answered) {
      PUHUI_ASSIGN_OR_RETURN(wish.looked, look_->Run(call, *store, std::move(found)));
    }
  }
  return std::make_unique<issuing::StartIssueCommand>(parts_.tables, parts_.views, std::move(wish));
}

CampaignService::MaybeCommand CampaignService::ReadPause(
    const CallContext& call, const v1::PauseIssueRunRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(CampaignId campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, campaign));
  return std::make_unique<issuing::PauseIssueCommand>(
      parts_.tables, issuing::PauseIssueCommand::Wish{.campaign = std::move(campaign),
                                                      .person = call.principal().person});
}

CampaignService::MaybeCommand CampaignService::ReadResume(
    const CallContext& call, const v1::ResumeIssueRunRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(CampaignId campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, campaign));
  return std::make_unique<issuing::ResumeIssueCommand>(
      parts_.tables, issuing::ResumeIssueCommand::Wish{
                         .campaign = std::move(campaign),
                         .person = call.principal().person,
                         .without_all_or_nothing = request.without_all_or_nothing()});
}

CampaignService::MaybeCommand CampaignService::ReadCancel(
    const CallContext& call, const v1::CancelCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  issuing::CancelCampaignCommand::Wish wish{.reason = request.reason()};
  PUHUI_ASSIGN_OR_RETURN(wish.campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReason(request.reason(), "reason"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, wish.campaign));
  wish.person = call.principal().person;
  return std::make_unique<issuing::CancelCampaignCommand>(parts_.tables, std::move(wish));
}

CampaignService::MaybeCommand CampaignService::ReadClose(
    const CallContext& call, const v1::CloseCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(CampaignId campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, campaign));
  return std::make_unique<issuing::CloseCampaignCommand>(
      parts_.tables, parts_.views,
      issuing::CloseCampaignCommand::Wish{.campaign = std::move(campaign),
                                          .person = call.principal().person});
}

}  // namespace puhui::services
