// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/pipeline.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "services/auth/mandate_policy.h"
#include "services/rpc/access_text.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <string>

namespace puhui::services {
namespace {

// "PurchaseRequest" belongs to Purchase.
bool BelongsTo(absl::string_view request_type, absl::string_view method) {
  constexpr absl::string_view kSuffix = "Request";
  return request_type.size() == method.size() + kSuffix.size() &&
         absl::StartsWith(request_type, method) && absl::EndsWith(request_type, kSuffix);
}

// gRPC has one limit for a whole server; this is the method's own. The message is in memory by now,
// but nothing copies, hashes or keeps it any more.
absl::Status Weigh(const google::protobuf::Message& request, Rpc rpc) {
  const std::size_t bytes_max = RequestBytesMax(rpc);
  if (bytes_max >= kMessageBytesMax) return absl::OkStatus();  // gRPC saw to that.
  const std::size_t bytes = request.ByteSizeLong();
  if (bytes <= bytes_max) return absl::OkStatus();
  return ledger::ToStatus(
      {.reason = ledger::Reason::kMessageTooLarge,
       .message = absl::StrCat("want a request of at most ", bytes_max, " bytes, got ", bytes),
       .metadata = {{"bytes_max", absl::StrCat(bytes_max)}}});
}

// Who has to be on record and cannot be is not answered.
absl::Status Unrecorded(const absl::Status& why) {
  return absl::IsResourceExhausted(why) ? Overloaded() : absl::UnavailableError(why.message());
}

}  // namespace

absl::Status Pipeline::SetDeadline(const grpc::ServerContextBase& wire,
                                   CallContext* context) const {
  using SystemTime = std::chrono::system_clock::time_point;
  const SystemTime deadline = wire.deadline();
  if (deadline == SystemTime::max()) {
    if (RuleOf(context->rpc_).effect == Effect::kMoney) {
      context->deadline_ = parts_.clock->Now() + kMoneyDeadline;
    }
    return absl::OkStatus();
  }
  const auto left = deadline - std::chrono::system_clock::now();
  if (left <= std::chrono::system_clock::duration::zero()) {
    return ledger::ToStatus({.reason = ledger::Reason::kDeadlineExceeded});
  }
  context->deadline_ = parts_.clock->Now() + absl::FromChrono(left);
  return absl::OkStatus();
}

absl::Status Pipeline::SetPurpose(const grpc::ServerContextBase& wire, CallContext* context) const {
  PUHUI_ASSIGN_OR_RETURN(context->purpose_, ReadPurpose(wire));
  const bool required = parts_.purpose_required && context->principal_.role == Role::kAuditor;
  if (!required || !context->purpose_.empty()) return absl::OkStatus();
  return InvalidField(kPurposeHeader, "want why you ask, as metadata of the call");
}

absl::StatusOr<absl::optional<Mandate>> Pipeline::MandateOf(const Principal& principal) const {
  if (parts_.mandates == nullptr || principal.role != Role::kAuditor) return absl::nullopt;
  return parts_.mandates->Of(principal.person, parts_.clock->Now());
}

absl::Status Pipeline::MayGoOn(const Passage& passage) const {
  const CallContext& context = passage.context;
  PUHUI_ASSIGN_OR_RETURN(absl::optional<Mandate> mandate, MandateOf(context.principal_));
  if (mandate == context.principal_.mandate) return absl::OkStatus();
  Principal now = context.principal_;
  now.mandate = std::move(mandate);
  PUHUI_RETURN_IF_ERROR(AllowByMandate(now, context.rpc_, context.purpose_));
  return ledger::ToStatus({.reason = ledger::Reason::kPermissionDenied,
                           .message = "there is another mandate by now; ask again"});
}

absl::Status Pipeline::Begin(const google::protobuf::Message& request,
                             const grpc::ServerContextBase& wire, Passage* passage) const {
  CallContext& context = passage->context;
  PUHUI_CHECK(BelongsTo(request.GetDescriptor()->name(), RuleOf(context.rpc_).name));
  parts_.metrics->Begin();
  // Whoever has to be on record is, also with what is too heavy.
  const absl::Status weight = Weigh(request, context.rpc_);
  absl::StatusOr<Principal> principal = parts_.authenticator->Authenticate(wire);
  if (principal.ok()) {
    context.principal_ = *std::move(principal);
    passage->on_record = parts_.accesses != nullptr && IsOnRecord(context.principal_, context.rpc_);
  }
  const absl::Status purpose = passage->on_record ? SetPurpose(wire, &context) : absl::OkStatus();
  PUHUI_RETURN_IF_ERROR(weight);
  PUHUI_RETURN_IF_ERROR(principal.status());
  PUHUI_RETURN_IF_ERROR(Allow(context.principal_, context.rpc_));
  PUHUI_RETURN_IF_ERROR(purpose);
  PUHUI_ASSIGN_OR_RETURN(context.principal_.mandate, MandateOf(context.principal_));
  PUHUI_RETURN_IF_ERROR(AllowByMandate(context.principal_, context.rpc_, context.purpose_));
  PUHUI_RETURN_IF_ERROR(SetDeadline(wire, &context));
  if (parts_.metrics->in_flight() > parts_.in_flight_max) return Overloaded();
  return absl::OkStatus();
}

absl::Status Pipeline::BeginMessage(const Streamed& message, const grpc::ServerContextBase& wire,
                                    Passage* passage) const {
  CallContext& context = passage->context;
  PUHUI_CHECK(BelongsTo(message.request.GetDescriptor()->name(), RuleOf(context.rpc_).name));
  parts_.metrics->Begin();
  PUHUI_RETURN_IF_ERROR(Weigh(message.request, context.rpc_));
  context.principal_ = message.stream.principal_;
  PUHUI_RETURN_IF_ERROR(Allow(context.principal_, context.rpc_));
  const bool is_endless = wire.deadline() == std::chrono::system_clock::time_point::max();
  if (!is_endless) PUHUI_RETURN_IF_ERROR(SetDeadline(wire, &context));
  context.deadline_ = std::min(context.deadline_, parts_.clock->Now() + message.timeout);
  if (parts_.metrics->in_flight() > parts_.in_flight_max) return Overloaded();
  return absl::OkStatus();
}

void Pipeline::Settle(const Passage& passage, const Looked& looked, absl::Status status,
                      Settled answer) const {
  if (!passage.on_record) return answer(status);
  const CallContext& context = passage.context;
  const AccessNote note{.rpc = context.rpc_,
                        .principal = context.principal_,
                        .filter = FilterText(looked.request),
                        .purpose = context.purpose_,
                        .rows = looked.rows,
                        .outcome = status,
                        .begun = looked.begun};
  parts_.accesses->Record(note, [status = std::move(status), answer = std::move(answer)](
                                    absl::StatusOr<std::uint64_t> place) mutable {
    answer(place.ok() ? status : Unrecorded(place.status()));
  });
}

void Pipeline::NoteRows(const Passage& passage, const Looked& looked, Noted go_on) const {
  const CallContext& context = passage.context;
  const AccessNote note{.rpc = context.rpc_,
                        .principal = context.principal_,
                        .filter = FilterText(looked.request),
                        .purpose = context.purpose_,
                        .rows = looked.rows,
                        .unended = true,
                        .begun = looked.begun};
  parts_.accesses->Record(note,
                          [go_on = std::move(go_on)](absl::StatusOr<std::uint64_t> place) mutable {
                            if (!place.ok()) place = Unrecorded(place.status());
                            go_on(std::move(place));
                          });
}

grpc::Status Pipeline::End(const Passage& passage, const absl::Status& status) const {
  const absl::optional<ledger::Refusal> answer = AnswerFor(status);
  grpc::Status wire = ToGrpcStatus(status, answer);

  const CallContext& context = passage.context;
  const RpcRule& rule = RuleOf(context.rpc_);
  CallLine line;
  line.time = parts_.clock->Now();
  line.service = rule.service;
  line.method = rule.name;
  line.caller = context.principal_.caller;
  line.code = static_cast<absl::StatusCode>(wire.error_code());
  line.micros = std::chrono::duration_cast<std::chrono::microseconds>(
                    std::chrono::steady_clock::now() - passage.begun)
                    .count();
  if (answer.has_value()) line.reason = ledger::ReasonName(answer->reason);
  // The caller does not see what a machine broke over, so an operator has to.
  if (answer.has_value() && answer->message != status.message()) line.detail = status.message();
  parts_.log->Append(line);
  parts_.metrics->End(context.rpc_, line.code, line.micros);
  return wire;
}

}  // namespace puhui::services
