// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/campaign_service.h"

#include "issuing/app/campaign_commands.h"
#include "issuing/app/plan_queries.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/issuing/campaign_convert.h"
#include "services/issuing/campaign_scope.h"
#include "services/issuing/plan_preview.h"
#include "services/issuing/plan_upload.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/message_differencer.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

struct CampaignService::Wire final : v1::CampaignService::AsyncService {};

CampaignService::CampaignService(const IssuingParts& parts)
    : parts_(parts), wire_(std::make_unique<Wire>()) {}

CampaignService::~CampaignService() = default;

namespace {

// Where the next page of rows begins, and in which plan: rows of two plans do not make one list.
std::string RowsCursor(const issuing::Plan& plan, std::uint64_t next_row) {
  return absl::StrCat(plan.version, "/", next_row);
}

absl::StatusOr<std::uint64_t> ParseRowsCursor(absl::string_view cursor, const issuing::Plan& plan) {
  if (cursor.empty()) return 0;
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(cursor, '/');
  std::uint64_t next_row = 0;
  if (parts.first != absl::StrCat(plan.version) || !absl::SimpleAtoi(parts.second, &next_row)) {
    return InvalidField("page_token", "want a token of this plan; it was replaced meanwhile");
  }
  return next_row;
}

}  // namespace

template <class Request, class Response>
void CampaignService::RunForCampaign(const CallContext& call, const Request& request,
                                     MaybeCommand command, Response* response,
                                     Completion done) const {
  RunForCall(parts_.ledger, call, request, std::move(command), response, std::move(done),
             [engine = parts_.ledger.engine](const ledger::Outcome& outcome, Response* out) {
               // A run that has begun has a timer, which need not be waited for.
               if (outcome.first().has_issue_started()) engine->WakeTimers();
               PUHUI_ASSIGN_OR_RETURN(*out->mutable_campaign(),
                                      CampaignAsOf(engine->Latest(), outcome.first()));
               return absl::OkStatus();
             });
}

void CampaignService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeCreateCampaign(calls);
  ServeGetCampaign(calls);
  ServeUploadPlan(calls);
  ServePreviewCampaign(calls);
  ServeSubmitCampaign(calls);
  ServeApproveCampaign(calls);
  ServeIssueCampaign(calls);
  ServeWatchIssueRun(calls);
  ServeListRows(calls);
}

void CampaignService::ServeCreateCampaign(Calls& calls) {
  calls.UnaryLater(Rpc::kCreateCampaign, wire_.get(), &Wire::RequestCreateCampaign,
                   [this](const CallContext& call, const v1::CreateCampaignRequest& asked,
                          v1::CreateCampaignResponse* answer, Completion done) {
                     RunForCampaign(call, asked, ReadCreate(call, asked), answer, std::move(done));
                   });
}

void CampaignService::ServeGetCampaign(Calls& calls) {
  calls.Unary(Rpc::kGetCampaign, wire_.get(), &Wire::RequestGetCampaign,
              [this](const CallContext& call, const v1::GetCampaignRequest& asked) {
                return DoGetCampaign(call, asked);
              });
}

void CampaignService::ServeUploadPlan(Calls& calls) {
  using Receiver = StreamReceiver<v1::UploadPlanRequest, v1::UploadPlanResponse>;
  calls.ClientStream(Rpc::kUploadPlan, wire_.get(), &Wire::RequestUploadPlan,
                     PlanUpload::kStreamBytesMax,
                     [this](const CallContext& call) -> absl::StatusOr<std::unique_ptr<Receiver>> {
                       return std::make_unique<PlanUpload>(parts_, &call);
                     });
}

void CampaignService::ServePreviewCampaign(Calls& calls) {
  calls.ServerStream(Rpc::kPreviewCampaign, wire_.get(), &Wire::RequestPreviewCampaign,
                     [this](const CallContext& call, const v1::PreviewCampaignRequest& asked) {
                       return OpenPreview(call, asked);
                     });
}

void CampaignService::ServeSubmitCampaign(Calls& calls) {
  calls.UnaryLater(Rpc::kSubmitCampaign, wire_.get(), &Wire::RequestSubmitCampaign,
                   [this](const CallContext& call, const v1::SubmitCampaignRequest& asked,
                          v1::SubmitCampaignResponse* answer, Completion done) {
                     RunForCampaign(call, asked, ReadSubmit(call, asked), answer, std::move(done));
                   });
}

void CampaignService::ServeApproveCampaign(Calls& calls) {
  calls.UnaryLater(Rpc::kApproveCampaign, wire_.get(), &Wire::RequestApproveCampaign,
                   [this](const CallContext& call, const v1::ApproveCampaignRequest& asked,
                          v1::ApproveCampaignResponse* answer, Completion done) {
                     RunForCampaign(call, asked, ReadApprove(call, asked), answer, std::move(done));
                   });
}

void CampaignService::ServeIssueCampaign(Calls& calls) {
  calls.UnaryLater(Rpc::kIssueCampaign, wire_.get(), &Wire::RequestIssueCampaign,
                   [this](const CallContext& call, const v1::IssueCampaignRequest& asked,
                          v1::IssueCampaignResponse* answer, Completion done) {
                     RunForCampaign(call, asked, ReadIssue(call, asked), answer, std::move(done));
                   });
}

void CampaignService::ServeWatchIssueRun(Calls& calls) {
  calls.ServerStream(Rpc::kWatchIssueRun, wire_.get(), &Wire::RequestWatchIssueRun,
                     [this](const CallContext& call, const v1::WatchIssueRunRequest& asked) {
                       return OpenWatch(call, asked);
                     });
}

void CampaignService::ServeListRows(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListRows, wire_.get(), &Wire::RequestListRows,
                      [this](const CallContext& call, const v1::ListRowsRequest& asked) {
                        return DoListRows(call, asked);
                      });
}

absl::Status CampaignService::AllowCampaign(const CallContext& call, const CampaignId& id) const {
  return FindCampaignFor(call.principal(), id, parts_.ledger.engine->Latest(), *parts_.tree)
      .status();
}

CampaignService::MaybeCommand CampaignService::ReadCreate(
    const CallContext& call, const v1::CreateCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(issuing::CreateCampaignCommand::Wish wish, ReadCreateCampaign(request));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.union_id, *parts_.tree));
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
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, wish.campaign));
  wish.person = call.principal().person;
  return std::make_unique<issuing::ApproveCampaignCommand>(parts_.tables, parts_.views,
                                                           std::move(wish));
}

CampaignService::MaybeCommand CampaignService::ReadIssue(
    const CallContext& call, const v1::IssueCampaignRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(CampaignId campaign, ParseCampaignName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, campaign));
  return std::make_unique<issuing::StartIssueCommand>(parts_.tables, parts_.views,
                                                      std::move(campaign));
}

absl::StatusOr<v1::GetCampaignResponse> CampaignService::DoGetCampaign(
    const CallContext& call, const v1::GetCampaignRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), id, *store, *parts_.tree));
  v1::GetCampaignResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_campaign(), CampaignOf(*store, found));
  return response;
}

absl::StatusOr<MessageSource<v1::PreviewCampaignResponse>> CampaignService::OpenPreview(
    const CallContext& call, const v1::PreviewCampaignRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), id, *store, *parts_.tree));
  auto preview = std::make_unique<PlanPreview>(std::move(store), std::move(found),
                                               parts_.ledger.engine->Now());
  return MessageSource<v1::PreviewCampaignResponse>(
      [preview = std::move(preview)](v1::PreviewCampaignResponse* message) {
        return preview->Next(message);
      });
}

absl::StatusOr<MessageSource<v1::WatchIssueRunResponse>> CampaignService::OpenWatch(
    const CallContext& call, const v1::WatchIssueRunRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(call, id));
  return MessageSource<v1::WatchIssueRunResponse>(
      [engine = parts_.ledger.engine, id = id.text(), last = v1::IssueProgress()](
          v1::WatchIssueRunResponse* message) mutable -> absl::StatusOr<Pull> {
        // The last message has said so.
        if (last.state() == v1::CAMPAIGN_STATE_ISSUED) return Pull::kEnd;
        PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindCampaign(engine->Latest(), id));
        if (!found.has_value()) return absl::DataLossError("a watched campaign is missing");
        v1::IssueProgress progress = ProgressOf(found->row);
        if (google::protobuf::util::MessageDifferencer::Equals(progress, last)) return Pull::kIdle;
        last = std::move(progress);
        *message->mutable_progress() = last;
        return Pull::kMessage;
      });
}

absl::StatusOr<v1::ListRowsResponse> CampaignService::DoListRows(
    const CallContext& call, const v1::ListRowsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), id, *store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const std::uint64_t first_row, ParseRowsCursor(cursor, found.row.plan));
  PUHUI_ASSIGN_OR_RETURN(std::vector<issuing::RowVerdict> rows,
                         issuing::ListRows(*store, found,
                                           {.first_row = first_row,
                                            .limit = page_size + 1,
                                            .refused_only = request.refused_only()}));
  v1::ListRowsResponse response;
  if (rows.size() > page_size) {
    response.set_next_page_token(
        parts_.tokens->Seal(filter, RowsCursor(found.row.plan, rows.back().row)));
    rows.pop_back();
  }
  for (const issuing::RowVerdict& row : rows) *response.add_rows() = VerdictOf(row);
  return response;
}

}  // namespace puhui::services
