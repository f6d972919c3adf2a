// SPDX-License-Identifier: Apache-2.0
// The one way a call goes through: weigh, authenticate, look up the policy, admit, run the handler,
// map the status, log a line, count. Handlers see a CallContext and plain messages, and return
// plain statuses.
#ifndef PUHUI_SERVICES_RPC_PIPELINE_H_
#define PUHUI_SERVICES_RPC_PIPELINE_H_

#include "ledger/base/clock.h"
#include "services/auth/authenticator.h"
#include "services/auth/policy.h"
#include "services/rpc/call_context.h"
#include "services/rpc/call_log.h"
#include "services/rpc/call_metrics.h"
#include "services/rpc/error.h"
#include "services/rpc/worker_pool.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace puhui::services {

class Pipeline;

// The duty to answer one unary call. Call it exactly once, from any thread, when the response is
// complete; the context, the request and the response are gone afterwards. Dropped without a call
// it answers INTERNAL, so that nobody hangs. Threads: none; hand it over by moving.
class Completion {
 public:
  Completion(Completion&&) = default;
  Completion& operator=(Completion&&) = delete;
  ~Completion() {
    if (call_ != nullptr) (*this)(absl::InternalError("the handler dropped its call"));
  }

  void operator()(const absl::Status& status);

 private:
  friend class Pipeline;
  struct Call;
  explicit Completion(std::unique_ptr<Call> call);

  std::unique_ptr<Call> call_;
};

// Threads: safe. Borrows: its parts, which outlive it; it outlives the servers.
class Pipeline {
 public:
  struct Parts {
    const Authenticator* authenticator;
    const Clock* clock;
    WorkerPool* workers;
    CallLog* log;
    CallMetrics* metrics;
    std::int64_t in_flight_max =
        16'384;  // Beyond it calls are refused at the door with OVERLOADED.
  };
  static constexpr absl::Duration kMoneyDeadline = absl::Seconds(5);

  explicit Pipeline(const Parts& parts) : parts_(parts) {}
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // For answers that are at hand: `handler` is StatusOr<Response>(const CallContext&, const
  // Request&) and runs on gRPC's thread, so it must not block.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Unary(Rpc rpc, grpc::CallbackServerContext* wire,
                                  const Request* request, Response* response, Handler handler);

  // The same for work that is too long for gRPC's thread: `handler` runs on a worker. Refuses with
  // OVERLOADED when the workers' queue is full.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* UnaryOnWorker(Rpc rpc, grpc::CallbackServerContext* wire,
                                          const Request* request, Response* response,
                                          Handler handler);

  // For answers that come later: `handler` is void(const CallContext&, const Request&, Response*,
  // Completion) and passes the completion on to whoever answers.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* UnaryAsync(Rpc rpc, grpc::CallbackServerContext* wire,
                                       const Request* request, Response* response, Handler handler);

 private:
  friend class Completion;
  template <class Response>
  friend class ServerStreamCall;
  template <class Request, class Response>
  friend class ClientStreamCall;

  // One call's passage. On the stack when the answer is at hand.
  struct Passage {
    Passage(Rpc rpc, const grpc::ServerContextBase* wire)
        : context(rpc, wire), begun(std::chrono::steady_clock::now()) {}
    CallContext context;
    std::chrono::steady_clock::time_point begun;
  };

  // Everything before the handler. The type of `request` is checked against the row: a method
  // guarded by another's row would be a hole in the policy. A stream of requests begins with an
  // empty one. Whatever it says, End follows exactly once.
  absl::Status Begin(const google::protobuf::Message& request,
                     const grpc::CallbackServerContext& wire, Passage* passage) const;
  // Everything after it.
  grpc::Status End(const Passage& passage, const absl::Status& status) const;

  absl::Status SetDeadline(const grpc::CallbackServerContext& wire, CallContext* context) const;

  const Parts parts_;
};

struct Completion::Call {
  Call(const Pipeline* pipeline_in, Rpc rpc, grpc::CallbackServerContext* wire)
      : pipeline(pipeline_in), passage(rpc, wire), reactor(wire->DefaultReactor()) {}
  const Pipeline* pipeline;
  Pipeline::Passage passage;
  grpc::ServerUnaryReactor* reactor;
};

inline Completion::Completion(std::unique_ptr<Call> call) : call_(std::move(call)) {}

template <class Request, class Response, class Handler>
grpc::ServerUnaryReactor* Pipeline::Unary(Rpc rpc, grpc::CallbackServerContext* wire,
                                          const Request* request, Response* response,
                                          Handler handler) {
  grpc::ServerUnaryReactor* const reactor = wire->DefaultReactor();
  Passage passage(rpc, wire);
  absl::Status status = Begin(*request, *wire, &passage);
  if (status.ok()) {
    absl::StatusOr<Response> result = handler(std::as_const(passage.context), *request);
    if (result.ok()) *response = *std::move(result);
    status = std::move(result).status();
  }
  reactor->Finish(End(passage, status));
  return reactor;
}

template <class Request, class Response, class Handler>
grpc::ServerUnaryReactor* Pipeline::UnaryAsync(Rpc rpc, grpc::CallbackServerContext* wire,
                                               const Request* request, Response* response,
                                               Handler handler) {
  auto call = std::make_unique<Completion::Call>(this, rpc, wire);
  grpc::ServerUnaryReactor* const reactor = call->reactor;
  const CallContext& context = call->passage.context;
  const absl::Status status = Begin(*request, *wire, &call->passage);
  Completion done(std::move(call));
  if (status.ok()) {
    handler(context, *request, response, std::move(done));
  } else {
    done(status);
  }
  return reactor;
}

template <class Request, class Response, class Handler>
grpc::ServerUnaryReactor* Pipeline::UnaryOnWorker(Rpc rpc, grpc::CallbackServerContext* wire,
                                                  const Request* request, Response* response,
                                                  Handler handler) {
  return UnaryAsync(
      rpc, wire, request, response,
      [this, handler = std::move(handler)](const CallContext& context, const Request& asked,
                                           Response* answer, Completion done) mutable {
        // Shared, because a refused job is destroyed and the call still has to be answered as
        // overloaded.
        auto duty = std::make_shared<Completion>(std::move(done));
        const bool queued = parts_.workers->TrySubmit(
            [handler = std::move(handler), &context, &asked, answer, duty]() mutable {
              if (context.Cancelled()) return (*duty)(absl::CancelledError());
              absl::StatusOr<Response> result = handler(context, asked);
              if (result.ok()) *answer = *std::move(result);
              (*duty)(std::move(result).status());
            });
        if (!queued) (*duty)(Overloaded());
      });
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_PIPELINE_H_
