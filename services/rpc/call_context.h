// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_CALL_CONTEXT_H_
#define PUHUI_SERVICES_RPC_CALL_CONTEXT_H_

#include "services/auth/identity.h"
#include "services/auth/policy.h"

#include "absl/time/time.h"
#include <grpcpp/server_context.h>

#include <string>
#include <utility>

namespace puhui::services {

// What a handler knows about its call besides the request: who asks, and until when the answer is
// of use. Valid until the call is answered.
class CallContext {
 public:
  CallContext(Rpc rpc, const grpc::ServerContextBase* wire) : rpc_(rpc), wire_(wire) {}

  Rpc rpc() const { return rpc_; }
  const Principal& principal() const { return principal_; }
  // The caller's deadline, or the server's where the caller set none and the call moves points;
  // else the infinite future.
  absl::Time deadline() const { return deadline_; }
  // Why the caller asks, in its own words; empty when it did not say.
  const std::string& purpose() const { return purpose_; }
  // True when nobody waits for the answer any more. Look before long work; what is decided is
  // decided all the same.
  bool Cancelled() const { return wire_ != nullptr && wire_->IsCancelled(); }

 private:
  friend class Pipeline;
  friend CallContext MakeCallContext(Rpc rpc, Principal principal, absl::Time deadline);

  Rpc rpc_;
  const grpc::ServerContextBase* wire_;
  Principal principal_;
  std::string purpose_;
  absl::Time deadline_ = absl::InfiniteFuture();
};

// For handlers that are called without a server, as their tests do.
inline CallContext MakeCallContext(Rpc rpc, Principal principal,
                                   absl::Time deadline = absl::InfiniteFuture()) {
  CallContext context(rpc, nullptr);
  context.principal_ = std::move(principal);
  context.deadline_ = deadline;
  return context;
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_CALL_CONTEXT_H_
