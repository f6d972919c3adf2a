// SPDX-License-Identifier: Apache-2.0
#include "services/audit/access_service.h"

#include "audit/access/access_query.h"
#include "audit/access/access_walk.h"
#include "issuing/app/reveal_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/journal_reader.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

struct AccessService::Wire final : v1::AccessService::AsyncService {};

AccessService::AccessService(const Parts& parts)
    : parts_(parts),
      mandates_({.ledger = parts.ledger, .tables = parts.tables, .tokens = parts.tokens}),
      wire_(std::make_unique<Wire>()) {}

AccessService::~AccessService() = default;

void AccessService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  calls.UnaryOnWorker(Rpc::kListAccesses, wire_.get(), &Wire::RequestListAccesses,
                      [this](const CallContext& call, const v1::ListAccessesRequest& asked) {
                        return DoListAccesses(call, asked);
                      });
  calls.ServerStream(Rpc::kVerifyAccesses, wire_.get(), &Wire::RequestVerifyAccesses,
                     [this](const CallContext& call, const v1::VerifyAccessesRequest& /*asked*/) {
                       return DoVerifyAccesses(call);
                     });
  calls.Unary(Rpc::kGetAccessCheckpoint, wire_.get(), &Wire::RequestGetAccessCheckpoint,
              [this](const CallContext& /*call*/, const v1::GetAccessCheckpointRequest& /*asked*/) {
                return DoGetAccessCheckpoint();
              });
  calls.UnaryOnWorker(Rpc::kListReveals, wire_.get(), &Wire::RequestListReveals,
                      [this](const CallContext& call, const v1::ListRevealsRequest& asked) {
                        return DoListReveals(call, asked);
                      });
  ServeMandateCalls(calls);
}

void AccessService::ServeMandateCalls(Calls& calls) {
  calls.UnaryLater(Rpc::kGrantMandate, wire_.get(), &Wire::RequestGrantMandate,
                   [this](const CallContext& call, const v1::GrantMandateRequest& asked,
                          v1::GrantMandateResponse* answer, Completion done) {
                     mandates_.Grant(call, asked, answer, std::move(done));
                   });
  calls.UnaryLater(Rpc::kRevokeMandate, wire_.get(), &Wire::RequestRevokeMandate,
                   [this](const CallContext& call, const v1::RevokeMandateRequest& asked,
                          v1::RevokeMandateResponse* answer, Completion done) {
                     mandates_.Revoke(call, asked, answer, std::move(done));
                   });
  calls.UnaryOnWorker(Rpc::kListMandates, wire_.get(), &Wire::RequestListMandates,
                      [this](const CallContext& call, const v1::ListMandatesRequest& asked) {
                        return mandates_.List(call, asked);
                      });
}

namespace {

constexpr std::uint64_t kVerifiedAtOnce = 20'000;

// Whose accesses a caller sees. There are few callers, and a question about the tree costs reads.
class Watched {
 public:
  Watched(const Principal& by, const UnionTree& tree) : by_(by), tree_(tree) {}

  bool Sees(const std::string& caller) {
    if (AllowWholeLedger(by_).ok()) return true;
    const auto [at, is_new] = seen_.try_emplace(caller, false);
    if (is_new) at->second = IsWithin(caller);
    return at->second;
  }

 private:
  // Those whose scope is a union of ours.
  bool IsWithin(const std::string& caller) const {
    const absl::StatusOr<Principal> who = ParseSpiffeUri(absl::StrCat("spiffe://-", caller), "-");
    return who.ok() && !who->union_id.text().empty() && AllowUnion(by_, who->union_id, tree_).ok();
  }

  const Principal& by_;
  const UnionTree& tree_;
  std::map<std::string, bool> seen_;
};

v1::Access ToProto(const journal::v1::Access& access) {
  v1::Access message;
  message.set_sequence(access.sequence());
  *message.mutable_time() = ToTimestamp(absl::FromUnixMicros(access.time_micros()));
  message.set_caller(access.caller());
  message.set_person(access.person());
  message.set_rpc(access.rpc());
  message.set_filter(access.filter());
  message.set_purpose(access.purpose());
  message.set_rows(access.rows());
  message.set_begun(access.begun());
  if (access.unended()) return message;
  message.set_outcome(access.code() == 0 ? "OK" : access.reason());
  if (message.outcome().empty()) message.set_outcome("CANCELLED");  // The one without a reason.
  return message;
}

absl::StatusOr<absl::Time> TimeOr(bool given, const google::protobuf::Timestamp& time,
                                  absl::string_view field, absl::Time otherwise) {
  if (!given) return otherwise;
  return ParseMoment(time, field);
}

absl::StatusOr<v1::Reveal> RevealOf(Sequence sequence, absl::string_view bytes) {
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ledger::ParseRecord(sequence, bytes));
  v1::Reveal reveal;
  reveal.set_sequence(sequence);
  *reveal.mutable_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  reveal.set_caller(record.request().caller());
  if (record.has_members_exported()) {
    reveal.set_person(record.members_exported().person());
    reveal.set_reason(record.members_exported().reason());
    return reveal;
  }
  const journal::v1::MemberRevealed& revealed = record.member_revealed();
  reveal.set_person(revealed.person());
  reveal.set_member(FormatMemberName(MemberId::FromBytes(revealed.member())));
  for (const std::string& field : revealed.fields()) reveal.add_fields(field);
  reveal.set_reason(revealed.reason());
  reveal.set_break_glass(revealed.break_glass());
  return reveal;
}

}  // namespace

absl::StatusOr<v1::ListAccessesResponse> AccessService::DoListAccesses(
    const CallContext& call, const v1::ListAccessesRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const Sequence from, NumberIn<Sequence>(cursor));
  PUHUI_ASSIGN_OR_RETURN(
      const absl::Time from_time,
      TimeOr(request.has_from_time(), request.from_time(), "from_time", absl::InfinitePast()));
  PUHUI_ASSIGN_OR_RETURN(
      const absl::Time until_time,
      TimeOr(request.has_until_time(), request.until_time(), "until_time", absl::InfiniteFuture()));
  Watched watched(call.principal(), *parts_.tree);
  const auto wanted = [&](const journal::v1::Access& access) {
    return (request.person().empty() || access.person() == request.person()) &&
           (request.rpc().empty() || access.rpc() == request.rpc()) &&
           (!request.refused() || access.code() != 0) && watched.Sees(access.caller());
  };
  PUHUI_ASSIGN_OR_RETURN(const audit::AccessPage page,
                         audit::FindAccesses(*parts_.accesses->Read(), {.from = from,
                                                                        .from_time = from_time,
                                                                        .until_time = until_time,
                                                                        .count_max = page_size,
                                                                        .wanted = wanted}));
  v1::ListAccessesResponse response;
  for (const journal::v1::Access& access : page.accesses) {
    *response.add_accesses() = ToProto(access);
  }
  if (page.next != 0) {
    response.set_next_page_token(parts_.tokens->Seal(bound, absl::StrCat(page.next)));
  }
  return response;
}

// The signed head is read before the moment is taken, so it never vouches for more than that holds.
// Until something was read since the start, it is the one from before, maybe by an earlier key.
absl::StatusOr<MessageSource<v1::VerifyAccessesResponse>> AccessService::DoVerifyAccesses(
    const CallContext& call) const {
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  audit::AccessPromises promises;
  if (const std::string note = parts_.accesses->checkpoint(); !note.empty()) {
    PUHUI_ASSIGN_OR_RETURN(promises.checkpoint, ledger::ParseCheckpoint(note, *parts_.keys));
  }
  auto walk = std::make_shared<audit::AccessWalk>(promises);
  std::shared_ptr<const ledger::Readable> moment = parts_.accesses->Read();
  const std::uint64_t all = parts_.accesses->size();
  return MessageSource<v1::VerifyAccessesResponse>(
      [walk, moment, all,
       over = false](v1::VerifyAccessesResponse* message) mutable -> absl::StatusOr<Pull> {
        if (over) return Pull::kEnd;
        absl::StatusOr<bool> more = walk->Step(*moment, kVerifiedAtOnce);
        if (more.ok() && !*more) more = walk->Finish().ok() ? more : walk->Finish();
        if (!more.ok() && !absl::IsDataLoss(more.status())) return more.status();
        message->set_records_done(walk->tree().size());
        message->set_records(all);
        over = !more.ok() || !*more;
        if (!over) return Pull::kMessage;
        v1::AccessVerdict& verdict = *message->mutable_verdict();
        verdict.set_ok(more.ok());
        verdict.set_finding(std::string(more.status().message()));
        verdict.set_records(walk->tree().size());
        verdict.set_root(ledger::ToHex(walk->tree().Root()));
        return Pull::kMessage;
      });
}

absl::StatusOr<v1::GetAccessCheckpointResponse> AccessService::DoGetAccessCheckpoint() const {
  v1::GetAccessCheckpointResponse response;
  response.set_note(parts_.accesses->checkpoint());
  if (response.note().empty()) return NotFound("checkpoint yet");
  return response;
}

absl::StatusOr<v1::ListRevealsResponse> AccessService::DoListReveals(
    const CallContext& call, const v1::ListRevealsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const Sequence before, NumberIn<Sequence>(cursor));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto sequences,
                         issuing::RevealsOf(*store, id, before, page_size + 1));
  if (!sequences.has_value()) return NotFound("union");
  v1::ListRevealsResponse response;
  for (const Sequence sequence : *sequences) {
    if (response.reveals_size() == static_cast<int>(page_size)) {
      const Sequence last = response.reveals(response.reveals_size() - 1).sequence();
      response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(last)));
      break;
    }
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(*store, sequence));
    PUHUI_ASSIGN_OR_RETURN(*response.add_reveals(), RevealOf(sequence, bytes));
  }
  return response;
}

}  // namespace puhui::services
