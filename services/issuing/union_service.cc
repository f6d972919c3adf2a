// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/union_service.h"

#include "issuing/app/queries.h"
#include "issuing/app/union_commands.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/union_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <utility>

namespace puhui::services {

void UnionService::Serve(Calls& calls) {
  calls.Add(&wire_);
  ServeCreateUnion(calls);
  ServeGetUnion(calls);
  ServeFundBudget(calls);
  ServeConfirmFunding(calls);
}

void UnionService::ServeCreateUnion(Calls& calls) {
  calls.UnaryLater(
      Rpc::kCreateUnion, &wire_, &Wire::RequestCreateUnion,
      [this](const CallContext& call, const v1::CreateUnionRequest& asked,
             v1::CreateUnionResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadCreate(call, asked), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::CreateUnionResponse* out) {
                     PUHUI_ASSIGN_OR_RETURN(
                         *out->mutable_union_(),
                         UnionOf(parts_.ledger.engine->Latest(), outcome.first()));
                     return absl::OkStatus();
                   });
      });
}

void UnionService::ServeGetUnion(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetUnion, &wire_, &Wire::RequestGetUnion,
                      [this](const CallContext& call, const v1::GetUnionRequest& asked) {
                        return DoGetUnion(call, asked);
                      });
}

void UnionService::ServeFundBudget(Calls& calls) {
  calls.UnaryLater(Rpc::kFundBudget, &wire_, &Wire::RequestFundBudget,
                   [this](const CallContext& call, const v1::FundBudgetRequest& asked,
                          v1::FundBudgetResponse* answer, Completion done) {
                     RunForCall(
                         parts_.ledger, call, asked, ReadFund(call, asked), answer, std::move(done),
                         [this](const ledger::Outcome& outcome, v1::FundBudgetResponse* out) {
                           PUHUI_ASSIGN_OR_RETURN(
                               *out->mutable_funding(),
                               ProposedFunding(parts_.ledger.engine->Latest(), outcome.first()));
                           return absl::OkStatus();
                         });
                   });
}

void UnionService::ServeConfirmFunding(Calls& calls) {
  calls.UnaryLater(
      Rpc::kConfirmFunding, &wire_, &Wire::RequestConfirmFunding,
      [this](const CallContext& call, const v1::ConfirmFundingRequest& asked,
             v1::ConfirmFundingResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadConfirm(call, asked), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::ConfirmFundingResponse* out) {
                     PUHUI_ASSIGN_OR_RETURN(
                         *out->mutable_funding(),
                         ConfirmedFunding(parts_.ledger.engine->Latest(), outcome.first()));
                     return absl::OkStatus();
                   });
      });
}

UnionService::MaybeCommand UnionService::ReadCreate(const CallContext& call,
                                                    const v1::CreateUnionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(issuing::CreateUnionCommand::Wish wish, ReadCreateUnion(request));
  // A root hangs below no union, so nobody's scope takes it in but an operator's.
  PUHUI_RETURN_IF_ERROR(
      AllowUnion(call.principal(), wish.parent.value_or(UnionId()), *parts_.tree));
  return std::make_unique<issuing::CreateUnionCommand>(parts_.tables, std::move(wish));
}

UnionService::MaybeCommand UnionService::ReadFund(const CallContext& call,
                                                  const v1::FundBudgetRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  issuing::ProposeFundingCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.union_id, ParseUnionName(request.union_(), "union"));
  PUHUI_ASSIGN_OR_RETURN(wish.points, Points::FromRequest(request.points(), "points"));
  PUHUI_RETURN_IF_ERROR(CheckBankReference(request.bank_reference(), "bank_reference"));
  wish.bank_reference = request.bank_reference();
  wish.person = call.principal().person;
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.union_id, *parts_.tree));
  return std::make_unique<issuing::ProposeFundingCommand>(parts_.tables, std::move(wish));
}

UnionService::MaybeCommand UnionService::ReadConfirm(
    const CallContext& call, const v1::ConfirmFundingRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(FundingRef funding, ParseFunding(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), funding.union_id, *parts_.tree));
  return std::make_unique<issuing::ConfirmFundingCommand>(
      parts_.tables, parts_.views,
      issuing::ConfirmFundingCommand::Wish{.union_id = std::move(funding.union_id),
                                           .proposal = funding.proposal,
                                           .person = call.principal().person});
}

absl::StatusOr<v1::GetUnionResponse> UnionService::DoGetUnion(
    const CallContext& call, const v1::GetUnionRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, id.text()));
  if (!found.has_value()) return NotFound("union");
  v1::GetUnionResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_union_(), UnionOf(*store, found->number, found->row));
  return response;
}

}  // namespace puhui::services
