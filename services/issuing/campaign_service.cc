// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/campaign_service.h"

#include "issuing/app/plan_queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/campaign_convert.h"
#include "services/issuing/campaign_scope.h"
#include "services/issuing/campaign_wire.h"
#include "services/issuing/issue_watch.h"
#include "services/issuing/plan_builder.h"
#include "services/issuing/plan_preview.h"
#include "services/issuing/plan_upload.h"
#include "services/issuing/union_convert.h"
#include "services/ledger/occasion.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

CampaignService::CampaignService(const IssuingParts& parts)
    : parts_(parts),
      look_(std::make_unique<IssueLook>(parts.ledger.engine)),
      wire_(std::make_unique<Wire>()) {}

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

void CampaignService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeChanges(calls);
  ServeGetCampaign(calls);
  ServeUploadPlan(calls);
  ServeBuildPlan(calls);
  ServePreviewCampaign(calls);
  ServeWatchIssueRun(calls);
  ServeListRows(calls);
  ServeListCampaigns(calls);
  ServeReports(calls);
  ServeClawBacks(calls);
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

void CampaignService::ServeBuildPlan(Calls& calls) {
  calls.ServerStream(Rpc::kBuildPlan, wire_.get(), &Wire::RequestBuildPlan,
                     [this](const CallContext& call, const v1::BuildPlanRequest& asked) {
                       return OpenBuild(call, asked);
                     });
}

void CampaignService::ServePreviewCampaign(Calls& calls) {
  calls.ServerStream(Rpc::kPreviewCampaign, wire_.get(), &Wire::RequestPreviewCampaign,
                     [this](const CallContext& call, const v1::PreviewCampaignRequest& asked) {
                       return OpenPreview(call, asked);
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

absl::StatusOr<v1::GetCampaignResponse> CampaignService::DoGetCampaign(
    const CallContext& call, const v1::GetCampaignRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), id, *store, *parts_.tree));
  v1::GetCampaignResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_campaign(),
                         CampaignOf(*store, found, parts_.ledger.engine->Now()));
  HideOccasion(call.principal(), found.row, response.mutable_campaign());
  return response;
}

absl::StatusOr<absl::TimeZone> CampaignService::ZoneOf(
    const ledger::Readable& store, const issuing::FoundCampaign& campaign) const {
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(store, campaign.row.union_number));
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings settings,
                         issuing::SettingsReader(&store).Of(campaign.row.union_number, of));
  return ParseTimeZone(settings.time_zone, "name");
}

absl::StatusOr<MessageSource<v1::BuildPlanResponse>> CampaignService::OpenBuild(
    const CallContext& call, const v1::BuildPlanRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(ledger::RequestIdentity identity,
                         IdentityOf(parts_.ledger, call, request));
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  const auto found = FindCampaignFor(call.principal(), id, *store, *parts_.tree);
  // What is wrong with the rule comes before what the caller may not see, whose zone is not asked.
  PUHUI_RETURN_IF_ERROR(PlanRule::Read(request.rule(), absl::UTCTimeZone()).status());
  PUHUI_RETURN_IF_ERROR(found.status());
  PUHUI_ASSIGN_OR_RETURN(const absl::TimeZone zone, ZoneOf(*store, *found));
  PUHUI_ASSIGN_OR_RETURN(PlanRule rule, PlanRule::Read(request.rule(), zone));
  auto builder = std::make_shared<PlanBuilder>(parts_, std::move(store),
                                               PlanBuilder::Wish{.campaign = *found,
                                                                 .rule = std::move(rule),
                                                                 .person = call.principal().person,
                                                                 .identity = std::move(identity)});
  return MessageSource<v1::BuildPlanResponse>(
      [builder](v1::BuildPlanResponse* message) { return builder->Next(message); });
}

absl::StatusOr<MessageSource<v1::PreviewCampaignResponse>> CampaignService::OpenPreview(
    const CallContext& call, const v1::PreviewCampaignRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), id, *store, *parts_.tree));
  const bool hidden = HidesOccasion(call.principal(), found.row);
  auto preview = std::make_unique<PlanPreview>(std::move(store), std::move(found),
                                               parts_.ledger.engine->Now(), hidden);
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
      [engine = parts_.ledger.engine, id = id.text(),
       watch = IssueWatch()](v1::WatchIssueRunResponse* message) mutable -> absl::StatusOr<Pull> {
        if (watch.ended()) return Pull::kEnd;
        PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindCampaign(engine->Latest(), id));
        if (!found.has_value()) return absl::DataLossError("a watched campaign is missing");
        return watch.Look(found->row, engine->Now(), message->mutable_progress()) ? Pull::kMessage
                                                                                  : Pull::kIdle;
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
  const bool hidden = HidesOccasion(call.principal(), found.row);
  for (const issuing::RowVerdict& row : rows) *response.add_rows() = VerdictOf(row, hidden);
  return response;
}

}  // namespace puhui::services
