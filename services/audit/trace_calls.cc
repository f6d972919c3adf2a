// SPDX-License-Identifier: Apache-2.0
// The way of points, from record to record.
#include "audit/index/facts_of.h"
#include "audit/index/find_records.h"
#include "audit/index/trace_points.h"
#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/audit/account_owner.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/audit/index_question.h"
#include "services/audit/subtrees.h"
#include "services/audit/walked_page.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

absl::StatusOr<audit::Direction> WayOf(v1::TraceDirection direction) {
  if (direction == v1::TRACE_DIRECTION_FORWARD) return audit::Direction::kForward;
  if (v1::TraceDirection_IsValid(direction)) return audit::Direction::kBackward;
  return InvalidField("direction", "want backward or forward");
}

absl::StatusOr<audit::TraceWish> ReadTraceWish(const Principal& principal,
                                               const v1::TracePointsRequest& request,
                                               const ledger::Readable& store, Subtrees* subtrees) {
  if (request.sequence() == 0) return InvalidField("sequence", "want a number from 1, got 0");
  audit::TraceWish wish{.start = request.sequence()};
  PUHUI_ASSIGN_OR_RETURN(wish.direction, WayOf(request.direction()));
  if (!request.origin().empty()) {
    PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.origin(), "origin"));
    PUHUI_ASSIGN_OR_RETURN(const auto number,
                           ledger::Find(store, issuing::kUnionIdTable, id.text()));
    wish.origin = number.value_or(UnionNumber{});  // That of nobody's money.
  }
  if (request.in_union().empty()) {
    PUHUI_RETURN_IF_ERROR(AllowWholeLedger(principal));
  } else {
    PUHUI_ASSIGN_OR_RETURN(wish.scope,
                           subtrees->Of(principal, request.in_union(), "in_union", store));
  }
  return wish;
}

// The start, if it is the caller's to see.
absl::Status CheckStart(const audit::IndexMoment& moment, const audit::TraceWish& wish) {
  audit::RecordWish start{.records_max = 1};
  start.filter.first = start.filter.last = wish.start;
  start.filter.scope = wish.scope;
  PUHUI_ASSIGN_OR_RETURN(const audit::FoundRecords found, audit::FindRecords(moment, start));
  if (found.records.empty()) return NotFound("record");
  if (found.records.front().facts.postings.empty()) {
    return InvalidField("sequence", "want a record that moves points");
  }
  return absl::OkStatus();
}

absl::Status AddTraceStep(const audit::TraceStep& step, Names& names, v1::TraceStep* message) {
  message->set_sequence(step.link.sequence);
  *message->mutable_time() = ToTimestamp(step.time);
  message->set_kind(audit::KindText(step.kind));
  message->set_of_sequence(step.of);
  message->set_distance(step.distance);
  PUHUI_ASSIGN_OR_RETURN(*message->mutable_origin(), names.OfUnion(step.link.origin));
  message->set_points(step.link.points);
  message->mutable_account()->set_kind(static_cast<v1::AccountKind>(step.link.through.kind));
  PUHUI_ASSIGN_OR_RETURN(*message->mutable_account()->mutable_owner(),
                         OwnerNameOf(step.link.through, names));
  message->set_lot(step.link.lot);
  return absl::OkStatus();
}

}  // namespace

void AuditService::ServeTracePoints(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kTracePoints, wire_.get(), &Wire::RequestTracePoints,
                      [this](const CallContext& call, const v1::TracePointsRequest& asked) {
                        return AskIndex(*parts_.index, [&] { return DoTracePoints(call, asked); });
                      });
}

absl::StatusOr<v1::TracePointsResponse> AuditService::DoTracePoints(
    const CallContext& call, const v1::TracePointsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(
      audit::TraceWish wish,
      ReadTraceWish(call.principal(), request, *parts_.engine->Read(), parts_.subtrees));
  PUHUI_ASSIGN_OR_RETURN(audit::IndexMoment moment, ReadIndex(parts_, call));
  PUHUI_ASSIGN_OR_RETURN(const WalkedPage page, ReadWalkedPage(cursor, moment.last));
  moment.last = page.last;
  PUHUI_RETURN_IF_ERROR(CheckStart(moment, wish));
  wish.cancelled = [&call] { return call.Cancelled(); };
  // From the start each time: it is bounded, and always the same.
  PUHUI_ASSIGN_OR_RETURN(const audit::PointTrace trace, audit::TracePoints(moment, wish));
  v1::TracePointsResponse response;
  response.set_as_of_sequence(page.last);
  response.set_incomplete(!trace.complete);
  Names names(moment.journal.get());
  const std::size_t end = std::min(page.first + page_size, trace.steps.size());
  for (std::size_t i = page.first; i < end; ++i) {
    PUHUI_RETURN_IF_ERROR(AddTraceStep(trace.steps[i], names, response.add_steps()));
  }
  if (end < trace.steps.size()) {
    response.set_next_page_token(parts_.tokens->Seal(bound, WalkedCursor({end, page.last})));
  }
  return response;
}

}  // namespace puhui::services
