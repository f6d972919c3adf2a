// SPDX-License-Identifier: Apache-2.0
// What accounts hold and held.
#include "audit/index/past_balances.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/journal/journal_reader.h"
#include "services/audit/account_owner.h"
#include "services/audit/account_walk.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/audit/index_question.h"
#include "services/audit/known_records.h"
#include "services/audit/subtrees.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

absl::Status NotYet(const char* field, Sequence last) {
  return InvalidField(field, absl::StrCat("the last record is ", last));
}

// After a record of those, or after the last before them.
absl::StatusOr<Sequence> AmongKnown(Sequence as_of, const KnownRecords& known, const char* field) {
  if (as_of + 1 >= known.first && as_of <= known.last) return as_of;
  return InvalidField(field, "want a moment of the mandate's time");
}

// The record that a request asks for the state after; 0: before the first.
template <class Request>
absl::StatusOr<Sequence> AsOf(const audit::IndexMoment& moment, const Request& request,
                              const KnownRecords& known, absl::Time now) {
  if (!request.has_as_of_time()) {
    if (request.as_of_sequence() == 0) return known.last;
    // To whoever may know of no more, what came later is not there yet.
    if (request.as_of_sequence() > known.last) return NotYet("as_of_sequence", known.last);
    return AmongKnown(request.as_of_sequence(), known, "as_of_sequence");
  }
  if (request.as_of_sequence() != 0) {
    return InvalidField("as_of_time", "want a record or a moment, not both");
  }
  PUHUI_ASSIGN_OR_RETURN(const absl::Time time, ParseMoment(request.as_of_time(), "as_of_time"));
  if (time > now) return InvalidField("as_of_time", "want a moment that has come");
  PUHUI_ASSIGN_OR_RETURN(const Sequence after,
                         audit::FirstSince(moment, time + absl::Microseconds(1)));
  return AmongKnown(after - 1, known, "as_of_time");
}

audit::AccountName AccountOf(const AccountOwner& owner) {
  return {.kind = owner.kind, .owner = owner.number, .member = owner.member};
}

absl::StatusOr<v1::GetAccountResponse> AccountAnswer(const ledger::BalanceByOrigin& balances,
                                                     Sequence as_of, ToldOrigins* told,
                                                     Names* names) {
  v1::GetAccountResponse response;
  response.set_as_of_sequence(as_of);
  std::int64_t sum = 0;
  for (const auto& [of, points] : balances) {
    PUHUI_ASSIGN_OR_RETURN(const bool is_told, told->Has(of));
    if (!is_told) continue;
    v1::AccountLine& line = *response.add_lines();
    PUHUI_ASSIGN_OR_RETURN(*line.mutable_origin(), names->OfUnion(of));
    line.set_points(points);
    sum += points;
  }
  response.set_points(sum);
  return response;
}

// Of whose money a trial balance is, ascending; absent: of everybody's.
using Origins = absl::optional<std::vector<UnionNumber>>;

absl::StatusOr<v1::GetTrialBalanceResponse> TrialBalanceAnswer(
    const std::vector<audit::KindTotal>& totals, const Origins& origins, Sequence as_of,
    const ledger::Readable& store) {
  v1::GetTrialBalanceResponse response;
  response.set_as_of_sequence(as_of);
  Names names(&store);
  std::map<UnionNumber, std::int64_t> by_origin;
  std::int64_t sum = 0;
  for (const audit::KindTotal& total : totals) {
    if (origins.has_value() &&
        !std::binary_search(origins->begin(), origins->end(), total.origin)) {
      continue;
    }
    v1::TrialBalanceLine& line = *response.add_lines();
    line.set_kind(static_cast<v1::AccountKind>(total.kind));
    PUHUI_ASSIGN_OR_RETURN(*line.mutable_origin(), names.OfUnion(total.origin));
    line.set_points(total.points);
    by_origin[total.origin] += total.points;
    sum += total.points;
  }
  response.set_sum(sum);
  response.set_balanced(std::all_of(by_origin.begin(), by_origin.end(),
                                    [](const auto& origin) { return origin.second == 0; }));
  return response;
}

// The records of a statement, and where its next page begins.
struct StatementPlace {
  Sequence first = 1;
  Sequence last = 0;
  Sequence next = 0;
};

absl::StatusOr<StatementPlace> PlaceOf(const audit::IndexMoment& moment,
                                       const v1::GetAccountStatementRequest& request,
                                       const KnownRecords& known, const std::string& cursor) {
  StatementPlace place{.last = known.last};
  if (!cursor.empty()) {
    PUHUI_ASSIGN_OR_RETURN(const auto numbers, NumbersIn<3>(cursor));
    // The mandate may be another than that of the page before.
    place.first = std::min(std::max<Sequence>(numbers[0], known.first), known.last + 1);
    place.last = std::max(std::min<Sequence>(numbers[1], known.last), place.first - 1);
    place.next = std::max<Sequence>(numbers[2], place.first);
    return place;
  }
  if (request.first_sequence() > known.last) return NotYet("first_sequence", known.last);
  if (request.last_sequence() > known.last) return NotYet("last_sequence", known.last);
  place.first = std::max(request.first_sequence(), known.first);
  if (request.last_sequence() != 0) place.last = request.last_sequence();
  if (request.has_start_time()) {
    PUHUI_ASSIGN_OR_RETURN(const absl::Time start, ParseMoment(request.start_time(), "start_time"));
    PUHUI_ASSIGN_OR_RETURN(const Sequence since, audit::FirstSince(moment, start));
    place.first = std::max(place.first, since);
  }
  if (request.has_end_time()) {
    PUHUI_ASSIGN_OR_RETURN(const absl::Time end, ParseMoment(request.end_time(), "end_time"));
    PUHUI_ASSIGN_OR_RETURN(const Sequence since, audit::FirstSince(moment, end));
    place.last = std::min(place.last, since - 1);
  }
  // How many records there are by then is not of the caller's time.
  place.first = std::min(place.first, known.last + 1);
  // Of a time without records the account stays as it is.
  place.last = std::max(place.last, place.first - 1);
  place.next = place.first;
  return place;
}

// Whether somebody waits for the answer.
absl::Status StillAwaited(const CallContext& call, absl::Time now) {
  if (call.Cancelled()) return absl::CancelledError("nobody waits for it any more");
  return now < call.deadline() ? absl::OkStatus()
                               : absl::DeadlineExceededError("the statement takes longer");
}

}  // namespace

void AuditService::ServeAccountCalls(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetAccount, wire_.get(), &Wire::RequestGetAccount,
                      [this](const CallContext& call, const v1::GetAccountRequest& asked) {
                        return AskIndex(*parts_.index, [&] { return DoGetAccount(call, asked); });
                      });
  calls.UnaryOnWorker(Rpc::kGetTrialBalance, wire_.get(), &Wire::RequestGetTrialBalance,
                      [this](const CallContext& call, const v1::GetTrialBalanceRequest& asked) {
                        return AskIndex(*parts_.index,
                                        [&] { return DoGetTrialBalance(call, asked); });
                      });
  calls.UnaryOnWorker(Rpc::kGetAccountStatement, wire_.get(), &Wire::RequestGetAccountStatement,
                      [this](const CallContext& call, const v1::GetAccountStatementRequest& asked) {
                        return AskIndex(*parts_.index,
                                        [&] { return DoGetAccountStatement(call, asked); });
                      });
}

absl::StatusOr<v1::GetAccountResponse> AuditService::DoGetAccount(
    const CallContext& call, const v1::GetAccountRequest& request) const {
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner,
                         FindAccountOwner(call.principal(), request, *store, *parts_.tree));
  const ToldOrigins::Question question{.principal = &call.principal(),
                                       .tree = parts_.tree,
                                       .kind = owner.kind,
                                       .origin = request.origin()};
  // Of other accounts than a member's the ledger itself keeps the past, but not by time.
  if (!call.principal().mandate.has_value() && !request.has_as_of_time() &&
      (owner.member.none() || request.as_of_sequence() == 0)) {
    Names names(store.get());
    ToldOrigins told(question, &names);
    PUHUI_RETURN_IF_ERROR(CheckIsTold(owner, UINT64_MAX, *store, &told));
    PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(*store));
    if (request.as_of_sequence() > last) return NotYet("as_of_sequence", last);
    const Sequence as_of = request.as_of_sequence() == 0 ? last : request.as_of_sequence();
    PUHUI_ASSIGN_OR_RETURN(const ledger::BalanceByOrigin balances,
                           owner.member.none()
                               ? ledger::AccountAsOf(*store, owner.kind, owner.number, as_of)
                               : ledger::MemberAccount(*store, owner.kind, owner.member));
    return AccountAnswer(balances, as_of, &told, &names);
  }
  PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, ReadIndex(parts_, call));
  PUHUI_ASSIGN_OR_RETURN(const KnownRecords known, KnownTo(call.principal(), moment));
  Names names(moment.journal.get());
  ToldOrigins told(question, &names);
  PUHUI_RETURN_IF_ERROR(CheckIsTold(owner, known.last, *moment.journal, &told));
  PUHUI_ASSIGN_OR_RETURN(const Sequence as_of, AsOf(moment, request, known, parts_.engine->Now()));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<audit::OriginBalance> held,
                         audit::HeldAsOf(moment, AccountOf(owner), as_of));
  ledger::BalanceByOrigin balances;
  for (const audit::OriginBalance& one : held) balances[one.origin] = one.points;
  return AccountAnswer(balances, as_of, &told, &names);
}

absl::StatusOr<v1::GetTrialBalanceResponse> AuditService::DoGetTrialBalance(
    const CallContext& call, const v1::GetTrialBalanceRequest& request) const {
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  Origins origins;
  if (request.in_union().empty()) {
    PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  } else {
    PUHUI_ASSIGN_OR_RETURN(
        origins, parts_.subtrees->Of(call.principal(), request.in_union(), "in_union", *store));
  }
  std::vector<audit::KindTotal> totals;
  if (!call.principal().mandate.has_value() && !request.has_as_of_time() &&
      request.as_of_sequence() == 0) {
    PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(*store));
    PUHUI_ASSIGN_OR_RETURN(const auto now, ledger::Totals(*store));
    for (const auto& [key, points] : now) {
      totals.push_back({.kind = key.kind, .origin = key.origin, .points = points});
    }
    return TrialBalanceAnswer(totals, origins, last, *store);
  }
  PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, ReadIndex(parts_, call));
  PUHUI_ASSIGN_OR_RETURN(const KnownRecords known, KnownTo(call.principal(), moment));
  PUHUI_ASSIGN_OR_RETURN(const Sequence as_of, AsOf(moment, request, known, parts_.engine->Now()));
  PUHUI_ASSIGN_OR_RETURN(totals, audit::TotalsAsOf(moment, as_of));
  return TrialBalanceAnswer(totals, origins, as_of, *moment.journal);
}

absl::StatusOr<v1::GetAccountStatementResponse> AuditService::DoGetAccountStatement(
    const CallContext& call, const v1::GetAccountStatementRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  v1::GetAccountRequest account;
  account.set_kind(request.kind());
  account.set_owner(request.owner());
  account.set_origin(request.origin());
  PUHUI_ASSIGN_OR_RETURN(
      const AccountOwner owner,
      FindAccountOwner(call.principal(), account, *parts_.engine->Read(), *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, ReadIndex(parts_, call));
  PUHUI_ASSIGN_OR_RETURN(const KnownRecords known, KnownTo(call.principal(), moment));
  Names names(moment.journal.get());
  ToldOrigins told({.principal = &call.principal(),
                    .tree = parts_.tree,
                    .kind = owner.kind,
                    .origin = request.origin()},
                   &names);
  PUHUI_RETURN_IF_ERROR(CheckIsTold(owner, known.last, *moment.journal, &told));
  PUHUI_ASSIGN_OR_RETURN(const StatementPlace place, PlaceOf(moment, request, known, cursor));
  const auto held_after = [&](Sequence as_of) -> absl::StatusOr<std::int64_t> {
    PUHUI_ASSIGN_OR_RETURN(const std::vector<audit::OriginBalance> held,
                           audit::HeldAsOf(moment, AccountOf(owner), as_of));
    return told.SumOf(held);
  };
  v1::GetAccountStatementResponse response;
  response.set_last_sequence(place.last);
  PUHUI_ASSIGN_OR_RETURN(const std::int64_t opening, held_after(place.first - 1));
  response.set_opening_points(opening);
  PUHUI_ASSIGN_OR_RETURN(const std::int64_t closing, held_after(place.last));
  response.set_closing_points(closing);
  AccountWalk walk{
      .account = AccountOf(owner), .first = place.next, .last = place.last, .lines_max = page_size};
  PUHUI_ASSIGN_OR_RETURN(walk.held, held_after(place.next - 1));
  const auto go_on = [&] { return StillAwaited(call, parts_.engine->Now()); };
  PUHUI_ASSIGN_OR_RETURN(const Sequence next, AddMovements(moment, walk, &told, go_on, &response));
  if (next != 0) {
    response.set_next_page_token(
        parts_.tokens->Seal(bound, absl::StrCat(place.first, ":", place.last, ":", next)));
  }
  PUHUI_RETURN_IF_ERROR(TellRecords(moment, &told, &response));
  return response;
}

}  // namespace puhui::services
