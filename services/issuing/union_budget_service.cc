// SPDX-License-Identifier: Apache-2.0
// The other half of the service: the money of unions.
#include "issuing/app/budget_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/engine/account_queries.h"
#include "services/issuing/union_budget_convert.h"
#include "services/issuing/union_service.h"
#include "services/issuing/union_wire.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

void UnionService::ServeBudgets(Calls& calls) {
  ServeChange(calls, Rpc::kFundBudget, &Wire::RequestFundBudget, &UnionService::ReadFund,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::FundBudgetResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out->mutable_funding(), ProposedFunding(store, record));
                return absl::OkStatus();
              });
  ServeChange(calls, Rpc::kConfirmFunding, &Wire::RequestConfirmFunding, &UnionService::ReadConfirm,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::ConfirmFundingResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out->mutable_funding(), ConfirmedFunding(store, record));
                return absl::OkStatus();
              });
  ServeChange(calls, Rpc::kRejectFunding, &Wire::RequestRejectFunding, &UnionService::ReadReject,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::RejectFundingResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out->mutable_funding(), RejectedFunding(store, record));
                return absl::OkStatus();
              });
  ServeChange(calls, Rpc::kAllocateBudget, &Wire::RequestAllocateBudget,
              &UnionService::ReadAllocate,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::AllocateBudgetResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out->mutable_transfer(), TransferOf(store, record));
                return absl::OkStatus();
              });
  ServeChange(calls, Rpc::kReturnBudget, &Wire::RequestReturnBudget, &UnionService::ReadReturn,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::ReturnBudgetResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out->mutable_transfer(), TransferOf(store, record));
                return absl::OkStatus();
              });
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
  PUHUI_ASSIGN_OR_RETURN(FundingName funding, ParseFundingName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), funding.union_id, *parts_.tree));
  return std::make_unique<issuing::ConfirmFundingCommand>(
      parts_.tables, parts_.views,
      issuing::ConfirmFundingCommand::Wish{.union_id = std::move(funding.union_id),
                                           .proposal = funding.funding,
                                           .person = call.principal().person});
}

UnionService::MaybeCommand UnionService::ReadReject(const CallContext& call,
                                                    const v1::RejectFundingRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(FundingName funding, ParseFundingName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReason(request.reason(), "reason"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), funding.union_id, *parts_.tree));
  return std::make_unique<issuing::RejectFundingCommand>(
      parts_.tables, issuing::RejectFundingCommand::Wish{.union_id = std::move(funding.union_id),
                                                         .proposal = funding.funding,
                                                         .reason = request.reason(),
                                                         .person = call.principal().person});
}

UnionService::MaybeCommand UnionService::ReadAllocate(
    const CallContext& call, const v1::AllocateBudgetRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(UnionId child, ParseUnionName(request.child(), "child"));
  PUHUI_ASSIGN_OR_RETURN(issuing::BudgetTransferWish wish, ReadTransfer(request));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.union_id, *parts_.tree));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), child, *parts_.tree));
  return std::make_unique<issuing::AllocateBudgetCommand>(parts_.tables, std::move(wish),
                                                          std::move(child));
}

UnionService::MaybeCommand UnionService::ReadReturn(const CallContext& call,
                                                    const v1::ReturnBudgetRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(issuing::BudgetTransferWish wish, ReadTransfer(request));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.union_id, *parts_.tree));
  return std::make_unique<issuing::ReturnBudgetCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<v1::GetFundingResponse> UnionService::DoGetFunding(
    const CallContext& call, const v1::GetFundingRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const FundingName name, ParseFundingName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), name.union_id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, issuing::FindUnion(*store, name.union_id.text()));
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindFunding(*store, name.funding));
  if (!of.has_value() || !row.has_value() || row->union_number != of->number) {
    return NotFound("funding");
  }
  v1::GetFundingResponse response;
  *response.mutable_funding() = FundingOf(name, *row);
  return response;
}

absl::StatusOr<v1::ListFundingsResponse> UnionService::DoListFundings(
    const CallContext& call, const v1::ListFundingsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  if (!v1::FundingState_IsValid(request.state())) return InvalidField("state", "want a state");
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const auto after, NumberIn<Sequence>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, issuing::FindUnion(*store, id.text()));
  if (!of.has_value()) return NotFound("union");
  const bool all = request.state() == v1::FUNDING_STATE_UNSPECIFIED;
  const std::size_t looked_at_max = all ? page_size : kRowsPerPageMax;
  PUHUI_ASSIGN_OR_RETURN(const std::vector<Sequence> found,
                         issuing::ListFundings(*store, of->number, after, looked_at_max));
  v1::ListFundingsResponse response;
  std::size_t looked_at = 0;
  for (; looked_at < found.size(); ++looked_at) {
    if (static_cast<std::size_t>(response.fundings_size()) == page_size) break;
    PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindFunding(*store, found[looked_at]));
    if (!row.has_value()) return absl::DataLossError("a funding of a union is missing");
    if (!all && static_cast<v1::FundingState>(row->state()) != request.state()) continue;
    *response.add_fundings() = FundingOf({id, found[looked_at]}, *row);
  }
  if (looked_at < found.size() || looked_at == looked_at_max) {
    response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(found[looked_at - 1])));
  }
  return response;
}

absl::StatusOr<v1::GetBudgetResponse> UnionService::DoGetBudget(
    const CallContext& call, const v1::GetBudgetRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(auto last_shown, NumberIn<std::uint32_t>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, id.text()));
  if (!found.has_value()) return NotFound("union");
  const issuing::BudgetSum sum =
      request.subtree() ? issuing::BudgetSum::kSubtree : issuing::BudgetSum::kOwn;
  PUHUI_ASSIGN_OR_RETURN(const auto lines,
                         issuing::ListBudgetLines(
                             *store, {found->number, sum, UnionNumber{last_shown}}, page_size + 1));
  v1::GetBudgetResponse response;
  PUHUI_ASSIGN_OR_RETURN(const std::int64_t total,
                         issuing::BudgetTotal(*store, found->number, sum));
  response.set_points(total);
  PUHUI_ASSIGN_OR_RETURN(const Sequence as_of, ledger::AppliedSequence(*store));
  response.set_as_of_sequence(as_of);
  Names names(store.get());
  for (const auto& [origin, points] : lines) {
    if (static_cast<std::size_t>(response.lines_size()) == page_size) {
      response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(last_shown)));
      break;
    }
    v1::Budget& line = *response.add_lines();
    PUHUI_ASSIGN_OR_RETURN(*line.mutable_origin(), names.OfUnion(origin));
    line.set_points(points);
    last_shown = static_cast<std::uint32_t>(origin);
  }
  return response;
}

}  // namespace puhui::services
