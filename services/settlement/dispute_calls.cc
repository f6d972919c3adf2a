// SPDX-License-Identifier: Apache-2.0
// SettlementService: disputed lines.
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/dispute_commands.h"
#include "merchant/app/statement_queries.h"
#include "services/ledger/seen_money.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"
#include "services/settlement/settlement_scope.h"
#include "services/settlement/settlement_wire.h"
#include "services/settlement/statement_convert.h"
#include "services/settlement/statement_name.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// The shape of what is disputed.
absl::StatusOr<std::vector<merchant::DisputeLinesCommand::Line>> ReadLines(
    const v1::DisputeStatementRequest& request) {
  const auto count = static_cast<std::size_t>(request.lines_size());
  if (count == 0 || count > kDisputedLinesPerCallMax) {
    return InvalidField("lines", absl::StrCat("want 1 to ", kDisputedLinesPerCallMax, " lines"));
  }
  std::vector<merchant::DisputeLinesCommand::Line> lines;
  absl::flat_hash_set<Sequence> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& line = request.lines(static_cast<int>(i));
    const std::string field = absl::StrCat("lines[", i, "]");
    if (line.sequence() == 0 || !seen.insert(line.sequence()).second) {
      return InvalidField(field + ".sequence", "want the sequence of a line, each once");
    }
    PUHUI_RETURN_IF_ERROR(CheckReasonText(line.reason(), field + ".reason"));
    lines.push_back({.sequence = line.sequence(), .reason = line.reason()});
  }
  return lines;
}

// STATEMENT_STATE while nobody can say what its lines will be: were the command to ask, the day
// might be cut by then, and nobody had looked. NOT_FOUND for the first that is no line of it.
absl::Status CheckLines(const std::vector<merchant::DisputeLinesCommand::Line>& lines,
                        const SeenStatement& seen, const ledger::Readable& store) {
  if (seen.row.state == merchant::StatementState::kOpen) {
    return ledger::ToStatus(
        {.reason = ledger::Reason::kStatementState, .message = "the business day is not cut yet"});
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(const bool found, merchant::HasLine(store, seen.seller.number,
                                                               seen.row.lines, lines[i].sequence));
    if (found) continue;
    return ledger::ToStatus({.reason = ledger::Reason::kNotFound,
                             .field = absl::StrCat("lines[", i, "].sequence"),
                             .message = "no such line in the statement"});
  }
  return absl::OkStatus();
}

// The statement of a dispute, if the caller may decide about it.
absl::StatusOr<SeenStatement> SeeDisputed(const Principal& principal, const DisputeName& name,
                                          const ledger::Readable& store, const UnionTree& tree) {
  absl::StatusOr<SeenStatement> seen = SeeStatement(principal, name.statement, store);
  if (seen.ok()) {
    const absl::Status allowed = AllowDeciding(principal, *seen, store, tree);
    if (!allowed.ok()) seen = allowed;
  }
  return absl::IsNotFound(seen.status()) ? NotFound("dispute") : seen;
}

merchant::DisputeKey KeyOf(const SeenStatement& seen, Sequence line) {
  return {seen.key.merchant, seen.key.day, line};
}

// The shape: points of a union's money, or none.
absl::Status CheckAdjustment(std::int64_t points, absl::string_view of) {
  if (points < -Points::kMax || points > Points::kMax) {
    return InvalidField("adjustment_points", "want at most 10^15 points either way");
  }
  if (points != 0) return ParseUnionName(of, "union").status();
  return of.empty() ? absl::OkStatus()
                    : InvalidField("union", "want none when nothing is adjusted");
}

absl::StatusOr<merchant::StatementLine> ReadLine(const SeenStatement& seen, Sequence line,
                                                 const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(
      auto lines, merchant::ListLines(store, seen.seller.number, seen.row.lines, line - 1, 1));
  if (lines.empty() || lines.front().sequence != line) return NotFound("dispute");
  return std::move(lines.front());
}

// Whether a narrowed auditor is told that the line is disputed: money of a union that it sees is in
// it.
absl::StatusOr<bool> IsToldOfLine(const SeenStatement& seen, Sequence line,
                                  const ledger::Readable& store, SeenMoney* money) {
  PUHUI_ASSIGN_OR_RETURN(merchant::StatementLine of, ReadLine(seen, line, store));
  return KeepTold(&of, money);
}

// What is proposed about money that is not told.
void HideProposal(v1::Dispute* dispute) {
  dispute->clear_adjustment_points();
  dispute->clear_union_();
  dispute->clear_resolution_reason();
}

// The union whose money is adjusted, one of those in the line, and what the line came to of it.
absl::Status ReadOrigin(absl::string_view name, const SeenStatement& seen,
                        const ledger::Readable& store,
                        merchant::ProposeResolutionCommand::Wish* wish) {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, "union"));
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, id.text()));
  PUHUI_ASSIGN_OR_RETURN(const merchant::StatementLine line,
                         ReadLine(seen, wish->dispute.line, store));
  if (found.has_value()) wish->line = line.FiguresOf(found->number);
  if (wish->line == merchant::DayFigures()) {
    return ledger::ToStatus({.reason = ledger::Reason::kNotFound,
                             .field = "union",
                             .message = "no money of that union is in the line"});
  }
  wish->origin = found->number;
  wish->purchase = line.purchase;
  return absl::OkStatus();
}

}  // namespace

void SettlementService::ServeDisputes(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kDisputeStatement, wire_.get(), &Wire::RequestDisputeStatement,
                      [this](const CallContext& call, const v1::DisputeStatementRequest& asked) {
                        return DoDispute(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListDisputes, wire_.get(), &Wire::RequestListDisputes,
                      [this](const CallContext& call, const v1::ListDisputesRequest& asked) {
                        return DoListDisputes(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kResolveDispute, wire_.get(), &Wire::RequestResolveDispute,
                      [this](const CallContext& call, const v1::ResolveDisputeRequest& asked) {
                        return DoResolve(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kConfirmResolution, wire_.get(), &Wire::RequestConfirmResolution,
                      [this](const CallContext& call, const v1::ConfirmResolutionRequest& asked) {
                        return DoConfirm(call, asked);
                      });
}

absl::StatusOr<v1::DisputeStatementResponse> SettlementService::DoDispute(
    const CallContext& call, const v1::DisputeStatementRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const StatementName name, ParseStatementName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(auto lines, ReadLines(request));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenStatement seen, SeeStatement(call.principal(), name, *store));
  PUHUI_RETURN_IF_ERROR(AllowDeciding(call.principal(), seen, *store, *parts_.tree));
  PUHUI_RETURN_IF_ERROR(CheckLines(lines, seen, *store));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         Run(call, request,
                             std::make_unique<merchant::DisputeLinesCommand>(
                                 parts_.state.tables, merchant::DisputeLinesCommand::Wish{
                                                          .statement = seen.key,
                                                          .lines = std::move(lines),
                                                          .person = call.principal().person})));
  v1::DisputeStatementResponse response;
  for (const auto& line : outcome.first().lines_disputed().lines()) {
    response.add_disputes(FormatDisputeName(request.name(), line.line()));
  }
  return response;
}

absl::StatusOr<v1::ListDisputesResponse> SettlementService::DoListDisputes(
    const CallContext& call, const v1::ListDisputesRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const StatementName name, ParseStatementName(request.parent(), "parent"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenStatement seen, SeeStatement(call.principal(), name, *store));
  Names names(store.get());
  SeenMoney money(&call.principal(), parts_.tree, &names);
  PUHUI_RETURN_IF_ERROR(CheckIsTold(seen, *store, &money));
  PUHUI_ASSIGN_OR_RETURN(const auto disputes, merchant::ListDisputes(*store, seen.key));
  v1::ListDisputesResponse response;
  for (const auto& [line, row] : disputes) {
    if (money.narrowed()) {
      PUHUI_ASSIGN_OR_RETURN(const bool told, IsToldOfLine(seen, line, *store, &money));
      if (!told) continue;
    }
    v1::Dispute& dispute = *response.add_disputes();
    PUHUI_ASSIGN_OR_RETURN(dispute, DisputeOf(request.parent(), line, row, names));
    if (!money.narrowed() || row.points == 0) continue;
    PUHUI_ASSIGN_OR_RETURN(const bool told, money.Has(row.origin));
    if (!told) HideProposal(&dispute);
  }
  return response;
}

absl::StatusOr<v1::ResolveDisputeResponse> SettlementService::DoResolve(
    const CallContext& call, const v1::ResolveDisputeRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const DisputeName name, ParseDisputeName(request.name(), "name"));
  const std::int64_t points = request.adjustment_points();
  PUHUI_RETURN_IF_ERROR(CheckAdjustment(points, request.union_()));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenStatement seen,
                         SeeDisputed(call.principal(), name, *store, *parts_.tree));
  merchant::ProposeResolutionCommand::Wish wish{.dispute = KeyOf(seen, name.line),
                                                .points = points,
                                                .reason = request.reason(),
                                                .person = call.principal().person};
  if (points != 0) PUHUI_RETURN_IF_ERROR(ReadOrigin(request.union_(), seen, *store, &wish));
  PUHUI_RETURN_IF_ERROR(Run(call, request,
                            std::make_unique<merchant::ProposeResolutionCommand>(
                                parts_.state.tables, std::move(wish)))
                            .status());
  v1::ResolveDisputeResponse response;
  v1::Dispute& dispute = *response.mutable_dispute();
  dispute.set_name(request.name());
  dispute.set_state(v1::DISPUTE_STATE_PROPOSED);
  dispute.set_adjustment_points(points);
  dispute.set_union_(request.union_());
  dispute.set_resolution_reason(request.reason());
  return response;
}

absl::StatusOr<v1::ConfirmResolutionResponse> SettlementService::DoConfirm(
    const CallContext& call, const v1::ConfirmResolutionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const DisputeName name, ParseDisputeName(request.name(), "name"));
  if (!request.has_adjustment_points()) {
    return InvalidField("adjustment_points", "want what was proposed, also when it is 0");
  }
  PUHUI_RETURN_IF_ERROR(CheckAdjustment(request.adjustment_points(), request.union_()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenStatement seen,
                         SeeDisputed(call.principal(), name, *store, *parts_.tree));
  merchant::ConfirmResolutionCommand::Wish wish{.dispute = KeyOf(seen, name.line),
                                                .points = request.adjustment_points(),
                                                .person = call.principal().person};
  if (wish.points != 0) {
    PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
    PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, id.text()));
    if (found.has_value()) wish.origin = found->number;  // Else it is not what was proposed.
    PUHUI_ASSIGN_OR_RETURN(const merchant::StatementLine line, ReadLine(seen, name.line, *store));
    wish.purchase = line.purchase;
  }
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::ConfirmResolutionCommand>(parts_.state, std::move(wish))));
  v1::ConfirmResolutionResponse response;
  response.set_name(request.name());
  if (outcome.first().has_entry()) response.set_adjustment_sequence(outcome.first().sequence());
  return response;
}

}  // namespace puhui::services
