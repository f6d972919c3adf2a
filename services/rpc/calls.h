// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_CALLS_H_
#define PUHUI_SERVICES_RPC_CALLS_H_

#include "services/rpc/asking.h"
#include "services/rpc/call_queue.h"
#include "services/rpc/client_stream.h"
#include "services/rpc/error.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/server_stream.h"
#include "services/rpc/silence_watch.h"
#include "services/rpc/two_way_stream.h"
#include "services/rpc/unary_call.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/server_builder.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::services {

// What a server answers: methods of its services, each with its handler, over queues of its own.
//
// A service makes itself known once, before the server starts:
//   void AdminService::Serve(Calls& calls) {
//     calls.Add(wire_.get());
//     calls.Unary(Rpc::kGetStatus, wire_.get(), &Wire::RequestGetStatus, [this](…) {…});
//   }
// where Wire derives from the AsyncService that gRPC generated, out of sight of the header.
// Handlers of the first two kinds run on a queue's thread and must not wait. Threads: the
// handlers'; its own methods from one. Owns: queues and handlers. Borrows: builder, pipeline.
class Calls {
 public:
  struct Options {
    // Each serves its share of the connections. More of them than half the processors only get in
    // each other's way.
    std::size_t queues = 1;
    // As of CallQueue: what the handlers left for when all calls at hand have come.
    std::function<void()> drained;
    // As long a client's stream may say nothing.
    absl::Duration silence_max = kSilenceMax;
  };
  Calls(const Pipeline* pipeline, grpc::ServerBuilder* builder, const Options& options);
  ~Calls();

  void Add(grpc::Service* service) { builder_->RegisterService(service); }

  // For answers that are at hand: `handler` is StatusOr<Response>(const CallContext&, const
  // Request&).
  template <class Service, class Base, class Request, class Response, class Handler>
  void Unary(Rpc rpc, Service* service, AskUnary<Base, Request, Response> ask, Handler handler);

  // For answers that come later: `handler` is void(const CallContext&, const Request&, Response*,
  // Completion) and passes the completion on to whoever answers.
  template <class Service, class Base, class Request, class Response, class Handler>
  void UnaryLater(Rpc rpc, Service* service, AskUnary<Base, Request, Response> ask,
                  Handler handler);

  // As Unary for work that is too long for a queue's thread: `handler` runs on a worker. Refuses
  // with OVERLOADED when the workers' queue is full.
  template <class Service, class Base, class Request, class Response, class Handler>
  void UnaryOnWorker(Rpc rpc, Service* service, AskUnary<Base, Request, Response> ask,
                     Handler handler);

  // Streams answers: `open` is StatusOr<MessageSource<Response>>(const CallContext&, const
  // Request&).
  template <class Service, class Base, class Request, class Response, class Open>
  void ServerStream(Rpc rpc, Service* service, AskServerStream<Base, Request, Response> ask,
                    Open open);

  // Collects a client's stream, of at most `bytes_max` serialised bytes: `open` is
  // StatusOr<std::unique_ptr<StreamReceiver<Request, Response>>>(const CallContext&).
  template <class Service, class Base, class Request, class Response, class Open>
  void ClientStream(Rpc rpc, Service* service, AskClientStream<Base, Request, Response> ask,
                    std::size_t bytes_max, Open open);

  // Talks with the client, who sends at most `bytes_max` serialised bytes: `open` is
  // StatusOr<std::unique_ptr<Conversation<Request, Response>>>(const CallContext&).
  template <class Service, class Base, class Request, class Response, class Open>
  void TwoWayStream(Rpc rpc, Service* service, AskTwoWay<Base, Request, Response> ask,
                    std::size_t bytes_max, Open open);

  // A call that none of these is: `await` waits for the next one on a queue.
  void Bare(std::function<void(CallQueue*)> await) { awaits_.push_back(std::move(await)); }
  const Pipeline& pipeline() const { return *pipeline_; }
  absl::Duration silence_max() const { return silence_max_; }
  // Requires: the server is running.
  void Start();
  // Returns when every call has ended. Idempotent. Requires: the server was shut down.
  void Stop();

 private:
  template <class Call, class Method>
  void Keep(Method method) {
    auto kept = std::make_shared<const Method>(std::move(method));
    awaits_.push_back([kept](CallQueue* queue) { new Call(kept.get(), queue); });
  }
  template <class Service, class Base, class Request, class Response, class Handler>
  void KeepUnary(Rpc rpc, bool watched, Service* service, AskUnary<Base, Request, Response> ask,
                 Handler handler);

  const Pipeline* const pipeline_;
  const absl::Duration silence_max_;
  grpc::ServerBuilder* const builder_;
  std::vector<std::unique_ptr<CallQueue>> queues_;
  std::vector<std::function<void(CallQueue*)>> awaits_;  // One for each method.
};

// ---- Implementation ----

template <class Service, class Base, class Request, class Response, class Handler>
void Calls::KeepUnary(Rpc rpc, bool watched, Service* service,
                      AskUnary<Base, Request, Response> ask, Handler handler) {
  using Method = UnaryMethod<Request, Response>;
  Keep<UnaryCall<Request, Response>>(Method{.pipeline = pipeline_,
                                            .rpc = rpc,
                                            .watched = watched,
                                            .ask = Asking(service, ask),
                                            .handle = std::move(handler)});
}

template <class Service, class Base, class Request, class Response, class Handler>
void Calls::Unary(Rpc rpc, Service* service, AskUnary<Base, Request, Response> ask,
                  Handler handler) {
  KeepUnary(rpc, /*watched=*/false, service, ask,
            [handler = std::move(handler)](const CallContext& call, const Request& asked,
                                           Response* answer, Completion done) {
              absl::StatusOr<Response> result = handler(call, asked);
              if (result.ok()) *answer = *std::move(result);
              done(result.status());
            });
}

template <class Service, class Base, class Request, class Response, class Handler>
void Calls::UnaryLater(Rpc rpc, Service* service, AskUnary<Base, Request, Response> ask,
                       Handler handler) {
  KeepUnary(rpc, /*watched=*/false, service, ask, std::move(handler));
}

template <class Service, class Base, class Request, class Response, class Handler>
void Calls::UnaryOnWorker(Rpc rpc, Service* service, AskUnary<Base, Request, Response> ask,
                          Handler handler) {
  WorkerPool* const workers = &pipeline_->workers();
  KeepUnary(rpc, /*watched=*/true, service, ask,
            [workers, handler = std::move(handler)](const CallContext& call, const Request& asked,
                                                    Response* answer, Completion done) {
              // Shared, because a refused job is destroyed and the call still has to be answered as
              // overloaded.
              auto duty = std::make_shared<Completion>(std::move(done));
              const bool queued = workers->TrySubmit([&handler, &call, &asked, answer, duty] {
                if (call.Cancelled()) return (*duty)(absl::CancelledError());
                absl::StatusOr<Response> result = handler(call, asked);
                if (result.ok()) *answer = *std::move(result);
                (*duty)(result.status());
              });
              if (!queued) (*duty)(Overloaded());
            });
}

template <class Service, class Base, class Request, class Response, class Open>
void Calls::ServerStream(Rpc rpc, Service* service, AskServerStream<Base, Request, Response> ask,
                         Open open) {
  using Method = ServerStreamMethod<Request, Response>;
  Keep<ServerStreamCall<Request, Response>>(Method{
      .pipeline = pipeline_, .rpc = rpc, .ask = Asking(service, ask), .open = std::move(open)});
}

template <class Service, class Base, class Request, class Response, class Open>
void Calls::ClientStream(Rpc rpc, Service* service, AskClientStream<Base, Request, Response> ask,
                         std::size_t bytes_max, Open open) {
  using Method = ClientStreamMethod<Request, Response>;
  Keep<ClientStreamCall<Request, Response>>(Method{.pipeline = pipeline_,
                                                   .rpc = rpc,
                                                   .bytes_max = bytes_max,
                                                   .silence_max = silence_max_,
                                                   .ask = Asking(service, ask),
                                                   .open = std::move(open)});
}

template <class Service, class Base, class Request, class Response, class Open>
void Calls::TwoWayStream(Rpc rpc, Service* service, AskTwoWay<Base, Request, Response> ask,
                         std::size_t bytes_max, Open open) {
  using Method = TwoWayMethod<Request, Response>;
  Keep<TwoWayCall<Request, Response>>(Method{.pipeline = pipeline_,
                                             .rpc = rpc,
                                             .bytes_max = bytes_max,
                                             .silence_max = silence_max_,
                                             .ask = Asking(service, ask),
                                             .open = std::move(open)});
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_CALLS_H_
