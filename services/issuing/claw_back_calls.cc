// SPDX-License-Identifier: Apache-2.0
// CampaignService: points that are taken back.
#include "issuing/app/claw_back_commands.h"
#include "issuing/app/claw_back_queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/campaign_scope.h"
#include "services/issuing/campaign_wire.h"
#include "services/issuing/claw_back_convert.h"
#include "services/issuing/member_privacy.h"
#include "services/ledger/occasion.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;

// A wish, and the moment and the campaign that it was read in.
struct ReadWish {
  std::unique_ptr<ledger::Readable> store;
  issuing::FoundCampaign campaign;
  issuing::ClawBackWish wish;
};

absl::StatusOr<ReadWish> Read(const IssuingParts& parts, const CallContext& call,
                              const v1::ClawBackRequest& request) {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  ReadWish read;
  PUHUI_ASSIGN_OR_RETURN(read.wish.campaign, ParseCampaignName(request.campaign(), "campaign"));
  PUHUI_ASSIGN_OR_RETURN(const ClawBackSelection selection, ClawBackSelection::Parse(request));
  if (request.points_per_row_max() != 0) {
    PUHUI_RETURN_IF_ERROR(
        Points::FromRequest(request.points_per_row_max(), "points_per_row_max").status());
  }
  PUHUI_RETURN_IF_ERROR(CheckReason(request.reason(), "reason"));
  read.store = parts.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(read.campaign, FindCampaignFor(call.principal(), read.wish.campaign,
                                                        *read.store, *parts.tree));
  // A plan that can still be replaced has no rows that are meant. Whether the state allows it is
  // for the command to say: it may be a repetition.
  read.wish.rows_known = issuing::HasEndedWithGrants(read.campaign.row);
  if (read.wish.rows_known) {
    PUHUI_ASSIGN_OR_RETURN(read.wish.rows,
                           selection.Resolve(*read.store, *parts.vault, read.campaign));
  }
  read.wish.points_per_row_max = request.points_per_row_max();
  read.wish.reason = request.reason();
  read.wish.person = call.principal().person;
  return read;
}

// What the proposal would come to.
absl::Status Foresee(const IssuingParts& parts, const CallContext& call,
                     const v1::ClawBackRequest& request, v1::ClawBack* message) {
  PUHUI_ASSIGN_OR_RETURN(const ReadWish read, Read(parts, call, request));
  const issuing::CampaignRow& campaign = read.campaign.row;
  if (const auto refusal = issuing::CheckClawBack(campaign)) return ledger::ToStatus(*refusal);
  PUHUI_ASSIGN_OR_RETURN(const ledger::CampaignFigures figures,
                         ledger::FiguresOf(*read.store, read.campaign.number));
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(*read.store, campaign.union_number));
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings settings,
                         issuing::SettingsReader(read.store.get()).Of(campaign.union_number, of));
  message->set_reason(read.wish.reason);
  message->set_points_per_row_max(read.wish.points_per_row_max);
  message->set_rows(read.wish.rows.empty() ? campaign.plan.rows : read.wish.rows.size());
  message->set_points_max(issuing::ClawBackBound(read.wish, campaign, figures));
  message->set_needs_confirmation(
      issuing::NeedsConfirmation(settings, figures, message->points_max()));
  message->set_state(message->needs_confirmation() ? v1::CLAW_BACK_STATE_PROPOSED
                                                   : v1::CLAW_BACK_STATE_RUNNING);
  return absl::OkStatus();
}

// Answers with the claw-back as the first record left it.
template <class Response>
auto AnswerWithClawBack(ledger::Engine* engine) {
  return [engine](const ledger::Outcome& outcome, Response* response) -> absl::Status {
    engine->WakeTimers();  // One that runs has a timer, which need not be waited for.
    PUHUI_ASSIGN_OR_RETURN(*response->mutable_claw_back(),
                           ClawBackAfter(engine->Latest(), outcome.first()));
    return absl::OkStatus();
  };
}

absl::StatusOr<v1::ClawBackResponse> Propose(const IssuingParts& parts, const CallContext& call,
                                             const v1::ClawBackRequest& request) {
  v1::ClawBackResponse response;
  if (request.validate_only()) {
    PUHUI_RETURN_IF_ERROR(Foresee(parts, call, request, response.mutable_claw_back()));
    return response;
  }
  PUHUI_ASSIGN_OR_RETURN(ReadWish read, Read(parts, call, request));
  auto command = std::make_unique<issuing::ProposeClawBackCommand>(parts.tables, parts.views,
                                                                   std::move(read.wish));
  PUHUI_RETURN_IF_ERROR(Identify(parts.ledger, call, request, *command));
  ledger::Engine& engine = *parts.ledger.engine;
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kInteractive));
  PUHUI_RETURN_IF_ERROR(AnswerWithClawBack<v1::ClawBackResponse>(&engine)(outcome, &response));
  return response;
}

// A claw-back that the caller may see: one of a campaign that the caller may see.
struct SeenClawBack {
  issuing::FoundCampaign campaign;
  Sequence claw_back = 0;
  issuing::ClawBackRow row;
};
absl::StatusOr<SeenClawBack> See(const IssuingParts& parts, const CallContext& call,
                                 const ClawBackName& name, const ledger::Readable& store) {
  SeenClawBack seen;
  seen.claw_back = name.claw_back;
  absl::StatusOr<issuing::FoundCampaign> campaign =
      FindCampaignFor(call.principal(), name.campaign_id, store, *parts.tree);
  if (!campaign.ok()) {
    return absl::IsNotFound(campaign.status()) ? NotFound("claw-back") : campaign.status();
  }
  PUHUI_ASSIGN_OR_RETURN(auto row, issuing::FindClawBack(store, name.claw_back));
  if (!row.has_value() || row->campaign != campaign->number) return NotFound("claw-back");
  seen.campaign = *std::move(campaign);
  seen.row = *std::move(row);
  return seen;
}

template <class Request>
MaybeCommand ReadDecide(const IssuingParts& parts, const CallContext& call, const Request& request,
                        bool confirm, const std::string& reason) {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const ClawBackName name, ParseClawBackName(request.name(), "name"));
  if (!confirm) PUHUI_RETURN_IF_ERROR(CheckReason(reason, "reason"));
  PUHUI_RETURN_IF_ERROR(See(parts, call, name, parts.ledger.engine->Latest()).status());
  return std::make_unique<issuing::DecideClawBackCommand>(
      parts.tables, issuing::DecideClawBackCommand::Wish{.campaign = name.campaign_id,
                                                         .claw_back = name.claw_back,
                                                         .confirm = confirm,
                                                         .reason = reason,
                                                         .person = call.principal().person});
}

absl::StatusOr<v1::GetClawBackResponse> Get(const IssuingParts& parts, const CallContext& call,
                                            const v1::GetClawBackRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const ClawBackName name, ParseClawBackName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenClawBack seen, See(parts, call, name, *store));
  v1::GetClawBackResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_claw_back(),
                         ClawBackOf(*store, seen.claw_back, seen.row));
  if (HidesOccasion(call.principal(), seen.campaign.row)) {
    HideText(response.mutable_claw_back()->mutable_reason());
    HideText(response.mutable_claw_back()->mutable_decision_reason());
  }
  return response;
}

absl::StatusOr<v1::ListClawBackRowsResponse> ListRows(const IssuingParts& parts,
                                                      const CallContext& call,
                                                      const v1::ListClawBackRowsRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const ClawBackName name, ParseClawBackName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts.tokens->Open(filter, request.page_token()));
  issuing::ClawedRowKey first{.claw_back = name.claw_back};
  PUHUI_ASSIGN_OR_RETURN(first.row, NumberIn<decltype(first.row)>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenClawBack seen, See(parts, call, name, *store));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<issuing::ClawBackVerdict> verdicts,
                         issuing::ListClawBackRows(*store, seen.campaign, first, page_size + 1));
  v1::ListClawBackRowsResponse response;
  for (const issuing::ClawBackVerdict& verdict : verdicts) {
    if (static_cast<std::size_t>(response.rows_size()) == page_size) {
      response.set_next_page_token(parts.tokens->Seal(filter, absl::StrCat(verdict.row)));
      break;
    }
    v1::ClawBackRowVerdict& row = *response.add_rows();
    row.set_row(verdict.row);
    row.set_member(FormatMemberName(verdict.member));
    row.set_points(verdict.points);
    row.set_outcome(static_cast<v1::ClawBackOutcome>(verdict.outcome));
  }
  return response;
}

}  // namespace

void CampaignService::ServeClawBacks(Calls& calls) {
  // On a worker: the rows that are named may stand in as many chunks of the plan.
  calls.UnaryOnWorker(Rpc::kClawBack, wire_.get(), &Wire::RequestClawBack,
                      [this](const CallContext& call, const v1::ClawBackRequest& asked) {
                        return Propose(parts_, call, asked);
                      });
  calls.UnaryLater(Rpc::kConfirmClawBack, wire_.get(), &Wire::RequestConfirmClawBack,
                   [this](const CallContext& call, const v1::ConfirmClawBackRequest& asked,
                          v1::ConfirmClawBackResponse* answer, Completion done) {
                     RunForCall(
                         parts_.ledger, call, asked, ReadDecide(parts_, call, asked, true, ""),
                         answer, std::move(done),
                         AnswerWithClawBack<v1::ConfirmClawBackResponse>(parts_.ledger.engine));
                   });
  calls.UnaryLater(
      Rpc::kRejectClawBack, wire_.get(), &Wire::RequestRejectClawBack,
      [this](const CallContext& call, const v1::RejectClawBackRequest& asked,
             v1::RejectClawBackResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked,
                   ReadDecide(parts_, call, asked, false, asked.reason()), answer, std::move(done),
                   AnswerWithClawBack<v1::RejectClawBackResponse>(parts_.ledger.engine));
      });
  calls.UnaryOnWorker(Rpc::kGetClawBack, wire_.get(), &Wire::RequestGetClawBack,
                      [this](const CallContext& call, const v1::GetClawBackRequest& asked) {
                        return Get(parts_, call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListClawBackRows, wire_.get(), &Wire::RequestListClawBackRows,
                      [this](const CallContext& call, const v1::ListClawBackRowsRequest& asked) {
                        return ListRows(parts_, call, asked);
                      });
}

}  // namespace puhui::services
