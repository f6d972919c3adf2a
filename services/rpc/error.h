// SPDX-License-Identifier: Apache-2.0
// The one mapping between our statuses and what travels: a gRPC status with google.rpc.Status in
// its trailers.
#ifndef PUHUI_SERVICES_RPC_ERROR_H_
#define PUHUI_SERVICES_RPC_ERROR_H_

#include "ledger/core/refusal.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include <grpcpp/support/status.h>

namespace puhui::services {

// Refuses the shape of a request: INVALID_ARGUMENT with `field` in BadRequest. `description` says
// what was wanted and what came, never personal data.
absl::Status InvalidField(absl::string_view field, absl::string_view description);
// Refuses: kNotFound, "no such {what}".
absl::Status NotFound(absl::string_view what);
// Too much is queued; nothing was done.
absl::Status Overloaded();

// The refusal or failure that a status amounts to; nothing for an OK status and for a cancelled
// call. A status without a refusal of its own is read by its code: kInvalidArgument is a broken
// field, named by the text before the first ": " as the types of ledger/base write it; what no rule
// of ours says (kInternal, kDataLoss, kUnknown, …) is kInternal. The words of failures are ours:
// what a machine broke over is for the log, not for the caller.
absl::optional<ledger::Refusal> AnswerFor(const absl::Status& status);

// What the caller gets for `status`: code, text, and RpcStatus with ErrorInfo and, for a broken
// field, BadRequest.
grpc::Status ToGrpcStatus(const absl::Status& status);
// The same, when the answer is known already.
grpc::Status ToGrpcStatus(const absl::Status& status,
                          const absl::optional<ledger::Refusal>& answer);

// The other end: the status as ToGrpcStatus was given it, as far as it travelled. For clients and
// tests.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_ERROR_H_
