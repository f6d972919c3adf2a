// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/error.h"

#include "puhui/v1/errors.pb.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/any.pb.h>
#include <grpcpp/support/error_details.h>

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::Reason;
using ledger::Refusal;

constexpr char kDomain[] = "puhui";
constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";

bool FieldCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '[' ||
         c == ']';
}

// "points: want 1 to 10" as a broken field; a text without a field in front stays whole.
Refusal BrokenField(absl::string_view message) {
  Refusal refusal{.reason = Reason::kInvalidField, .message = std::string(message)};
  const std::size_t colon = message.find(": ");
  if (colon == absl::string_view::npos || colon == 0) return refusal;
  const absl::string_view field = message.substr(0, colon);
  if (!std::all_of(field.begin(), field.end(), FieldCharacter)) return refusal;
  refusal.field = std::string(field);
  refusal.message = std::string(message.substr(colon + 2));
  return refusal;
}

Refusal Plain(Reason reason, absl::string_view message) {
  return {.reason = reason, .message = std::string(message)};
}

// What a reason of failure says to callers, whatever the status said.
Refusal Failure(Reason reason) {
  if (reason == Reason::kOverloaded) {
    return Plain(reason, "too much is queued; nothing was done, try again later");
  }
  if (reason == Reason::kUnavailable) {
    return Plain(reason, "the outcome is unknown; repeat with the same request_id");
  }
  if (reason == Reason::kSearchRebuilding) {
    return Plain(reason, "the search index is being built; try again later");
  }
  if (reason == Reason::kAuditIndexBehind) {
    return Plain(reason,
                 "the index of auditors does not know the last records yet; try again later");
  }
  if (reason == Reason::kDeadlineExceeded) return Plain(reason, "the deadline passed");
  return Plain(Reason::kInternal, "internal error");
}

bool IsFailure(Reason reason) { return reason >= Reason::kOverloaded; }

Refusal ByCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return BrokenField(status.message());
    case absl::StatusCode::kUnauthenticated:
      return Plain(Reason::kUnauthenticated, status.message());
    case absl::StatusCode::kPermissionDenied:
      return Plain(Reason::kPermissionDenied, status.message());
    case absl::StatusCode::kNotFound:
      return Plain(Reason::kNotFound, status.message());
    case absl::StatusCode::kAlreadyExists:
      return Plain(Reason::kAlreadyExists, status.message());
    case absl::StatusCode::kResourceExhausted:
      return Failure(Reason::kOverloaded);
    case absl::StatusCode::kUnavailable:
      return Failure(Reason::kUnavailable);
    case absl::StatusCode::kDeadlineExceeded:
      return Failure(Reason::kDeadlineExceeded);
    case absl::StatusCode::kOk:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kDoNotUseReservedForFutureExpansionUseDefaultInSwitchInstead_:
      break;
  }
  return Failure(Reason::kInternal);
}

template <class Detail>
void AddDetail(const char* url, const Detail& detail, v1::RpcStatus* status) {
  google::protobuf::Any* any = status->add_details();
  any->set_type_url(url);
  detail.SerializeToString(any->mutable_value());
}

}  // namespace

absl::Status InvalidField(absl::string_view field, absl::string_view description) {
  return ledger::ToStatus({.reason = Reason::kInvalidField,
                           .field = std::string(field),
                           .message = std::string(description)});
}

absl::Status NotFound(absl::string_view what) {
  return ledger::ToStatus(Plain(Reason::kNotFound, absl::StrCat("no such ", what)));
}

absl::Status Overloaded() { return ledger::ToStatus(Failure(Reason::kOverloaded)); }

absl::optional<Refusal> AnswerFor(const absl::Status& status) {
  if (status.ok() || absl::IsCancelled(status)) return absl::nullopt;
  absl::optional<Refusal> refusal = ledger::RefusalOf(status);
  if (!refusal.has_value()) return ByCode(status);
  if (IsFailure(refusal->reason)) return Failure(refusal->reason);
  return refusal;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  return ToGrpcStatus(status, AnswerFor(status));
}

grpc::Status ToGrpcStatus(const absl::Status& status, const absl::optional<Refusal>& answer) {
  if (status.ok()) return grpc::Status::OK;
  if (!answer.has_value()) return {grpc::StatusCode::CANCELLED, "cancelled"};

  v1::RpcStatus wire;
  wire.set_code(static_cast<int>(ledger::CodeFor(answer->reason)));
  wire.set_message(answer->field.empty() ? answer->message
                                         : absl::StrCat(answer->field, ": ", answer->message));
  v1::ErrorInfo info;
  const absl::string_view reason = ledger::ReasonName(answer->reason);
  info.set_reason(reason.data(), reason.size());
  info.set_domain(kDomain);
  for (const auto& [key, value] : answer->metadata) (*info.mutable_metadata())[key] = value;
  AddDetail(kErrorInfoUrl, info, &wire);
  if (!answer->field.empty()) {
    v1::BadRequest bad;
    v1::BadRequest::FieldViolation* violation = bad.add_field_violations();
    violation->set_field(answer->field);
    violation->set_description(answer->message);
    AddDetail(kBadRequestUrl, bad, &wire);
  }
  grpc::Status result;
  const grpc::Status set = grpc::SetErrorDetails(wire, &result);
  return set.ok() ? result : set;
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::Status bare(static_cast<absl::StatusCode>(status.error_code()),
                          status.error_message());
  v1::RpcStatus wire;
  if (status.error_details().empty() || !wire.ParseFromString(status.error_details())) return bare;
  absl::optional<Refusal> refusal;
  v1::BadRequest bad;
  for (const google::protobuf::Any& detail : wire.details()) {
    v1::ErrorInfo info;
    if (detail.type_url() == kErrorInfoUrl && info.ParseFromString(detail.value())) {
      for (const Reason reason : ledger::AllReasons()) {
        if (ledger::ReasonName(reason) != info.reason()) continue;
        refusal = Plain(reason, wire.message());
        refusal->metadata.assign(info.metadata().begin(), info.metadata().end());
        std::sort(refusal->metadata.begin(), refusal->metadata.end());
      }
    } else if (detail.type_url() == kBadRequestUrl) {
      bad.ParseFromString(detail.value());
    }
  }
  if (!refusal.has_value()) return bare;
  if (bad.field_violations_size() > 0) {
    refusal->field = bad.field_violations(0).field();
    refusal->message = bad.field_violations(0).description();
  }
  return ledger::ToStatus(*refusal);
}

}  // namespace puhui::services
