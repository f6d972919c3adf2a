// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/union_service.h"

#include "issuing/app/union_commands.h"
#include "issuing/app/union_queries.h"
#include "issuing/app/union_walk.h"
#include "services/issuing/union_convert.h"
#include "services/issuing/union_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <string>
#include <vector>

namespace puhui::services {

UnionService::UnionService(const IssuingParts& parts)
    : parts_(parts), wire_(std::make_unique<Wire>()) {}

UnionService::~UnionService() = default;

void UnionService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeTree(calls);
  ServeReads(calls);
  ServeBudgets(calls);
  ServeReports(calls);
}

void UnionService::ServeTree(Calls& calls) {
  ServeChange(calls, Rpc::kCreateUnion, &Wire::RequestCreateUnion, &UnionService::ReadCreate,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::CreateUnionResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out->mutable_union_(), CreatedUnion(store, record));
                return absl::OkStatus();
              });
  ServeChange(calls, Rpc::kUpdateUnion, &Wire::RequestUpdateUnion, &UnionService::ReadUpdate,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::UpdateUnionResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out->mutable_union_(), UpdatedUnion(store, record));
                return absl::OkStatus();
              });
  ServeChange(calls, Rpc::kMoveUnion, &Wire::RequestMoveUnion, &UnionService::ReadMove,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::MoveUnionResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out, MovedUnion(store, record));
                return absl::OkStatus();
              });
  ServeChange(calls, Rpc::kCloseUnion, &Wire::RequestCloseUnion, &UnionService::ReadClose,
              [](const ledger::Readable& store, const journal::v1::Record& record,
                 v1::CloseUnionResponse* out) {
                PUHUI_ASSIGN_OR_RETURN(*out, ClosedUnion(store, record));
                return absl::OkStatus();
              });
}

void UnionService::ServeReads(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetUnion, wire_.get(), &Wire::RequestGetUnion,
                      [this](const CallContext& call, const v1::GetUnionRequest& asked) {
                        return DoGetUnion(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListUnions, wire_.get(), &Wire::RequestListUnions,
                      [this](const CallContext& call, const v1::ListUnionsRequest& asked) {
                        return DoListUnions(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kGetFunding, wire_.get(), &Wire::RequestGetFunding,
                      [this](const CallContext& call, const v1::GetFundingRequest& asked) {
                        return DoGetFunding(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListFundings, wire_.get(), &Wire::RequestListFundings,
                      [this](const CallContext& call, const v1::ListFundingsRequest& asked) {
                        return DoListFundings(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kGetBudget, wire_.get(), &Wire::RequestGetBudget,
                      [this](const CallContext& call, const v1::GetBudgetRequest& asked) {
                        return DoGetBudget(call, asked);
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

namespace {

// Whoever is bound by rules does not choose them.
absl::Status AllowSettings(const Principal& principal,
                           const issuing::UpdateUnionCommand::Wish& wish) {
  if (principal.role == Role::kOperator) return absl::OkStatus();
  if (!wish.rule_pack.has_value() && !wish.issuer_kind.has_value()) return absl::OkStatus();
  return ledger::ToStatus({.reason = ledger::Reason::kPermissionDenied,
                           .field = wish.rule_pack.has_value() ? "union.settings.rule_pack"
                                                               : "union.settings.issuer_kind",
                           .message = "only an operator sets what limits a union"});
}

}  // namespace

UnionService::MaybeCommand UnionService::ReadUpdate(const CallContext& call,
                                                    const v1::UpdateUnionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(issuing::UpdateUnionCommand::Wish wish, ReadUpdateUnion(request));
  PUHUI_RETURN_IF_ERROR(AllowSettings(call.principal(), wish));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.id, *parts_.tree));
  return std::make_unique<issuing::UpdateUnionCommand>(parts_.tables, std::move(wish));
}

// Whoever moves a union must be trusted with both of its places. Where it hung before is in the
// caller's scope too, or the new parent would be below the union.
UnionService::MaybeCommand UnionService::ReadMove(const CallContext& call,
                                                  const v1::MoveUnionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(issuing::MoveUnionCommand::Wish wish, ReadMoveUnion(request));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.id, *parts_.tree));
  PUHUI_RETURN_IF_ERROR(
      AllowUnion(call.principal(), wish.parent.value_or(UnionId()), *parts_.tree));
  return std::make_unique<issuing::MoveUnionCommand>(parts_.tables, std::move(wish));
}

UnionService::MaybeCommand UnionService::ReadClose(const CallContext& call,
                                                   const v1::CloseUnionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  issuing::CloseUnionCommand::Wish wish{.etag = request.etag()};
  PUHUI_ASSIGN_OR_RETURN(wish.id, ParseUnionName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.id, *parts_.tree));
  return std::make_unique<issuing::CloseUnionCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<v1::GetUnionResponse> UnionService::DoGetUnion(
    const CallContext& call, const v1::GetUnionRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, id.text()));
  if (!found.has_value()) return NotFound("union");
  v1::GetUnionResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_union_(),
                         UnionView(store.get()).WithBudgets(found->number, found->row));
  return response;
}

absl::StatusOr<v1::ListUnionsResponse> UnionService::DoListUnions(
    const CallContext& call, const v1::ListUnionsRequest& request) const {
  // Without a name it is the caller's own union, and for who sees everything every tree.
  UnionId top_id = call.principal().union_id;
  if (!request.parent().empty()) {
    PUHUI_ASSIGN_OR_RETURN(top_id, ParseUnionName(request.parent(), "parent"));
  }
  if (request.levels() < 0) return InvalidField("levels", "want 0 or more");
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), top_id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  UnionNumber top{};
  if (top_id != UnionId()) {
    PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, top_id.text()));
    if (!found.has_value()) return NotFound("union");
    top = found->number;
  }
  issuing::UnionWalk walk(store.get(), top, static_cast<std::size_t>(request.levels()));
  if (!cursor.empty()) {
    PUHUI_ASSIGN_OR_RETURN(const bool resumed, walk.Resume(ReadWalkPath(cursor)));
    if (!resumed) return InvalidField("page_token", "want a token of this list");
  }
  v1::ListUnionsResponse response;
  UnionView view(store.get());
  while (true) {
    const std::vector<UnionNumber> shown = walk.path();
    PUHUI_ASSIGN_OR_RETURN(const auto step, walk.Next());
    if (!step.has_value()) return response;
    if (static_cast<std::size_t>(response.nodes_size()) == page_size) {
      response.set_next_page_token(parts_.tokens->Seal(filter, WriteWalkPath(shown)));
      return response;
    }
    v1::UnionNode& node = *response.add_nodes();
    PUHUI_ASSIGN_OR_RETURN(*node.mutable_union_(), view.Of(step->number, step->row));
    node.set_level(static_cast<std::int32_t>(step->level));
  }
}

}  // namespace puhui::services
