// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_UNARY_CALL_H_
#define PUHUI_SERVICES_RPC_UNARY_CALL_H_

#include "services/rpc/access_text.h"
#include "services/rpc/call_queue.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/queued_call.h"

#include "absl/status/status.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>

#include <functional>
#include <utility>

namespace puhui::services {

// A unary method and what answers it.
template <class Request, class Response>
struct UnaryMethod {
  using Writer = grpc::ServerAsyncResponseWriter<Response>;
  const Pipeline* pipeline;
  Rpc rpc;
  bool watched;  // Whether the handler asks if the client has left.
  std::function<void(grpc::ServerCompletionQueue*, void*, grpc::ServerContext*, Request*, Writer*)>
      ask;  // gRPC for the next call.
  std::function<void(const CallContext&, const Request&, Response*, Completion)> handle;
};

// Threads: as QueuedCall; Answer from any. Borrows: the method too.
template <class Request, class Response>
class UnaryCall final : public QueuedCall, public Completion::Call {
 public:
  using Method = UnaryMethod<Request, Response>;
  UnaryCall(const Method* method, CallQueue* queue)
      : QueuedCall(queue, method->watched), method_(*method) {
    method_.ask(queue_.get(), tag(), &context_, &request_, &writer_);
  }

  // The last touch: the call may be gone on the queue's thread before this returns.
  void Answer(const absl::Status& status) override {
    if (!passage_->on_record) return Finish(status);
    method_.pipeline->Settle(*passage_, {request_, status.ok() ? RowsOf(response_) : 0}, status,
                             [this](const absl::Status& settled) { Finish(settled); });
  }

 private:
  ~UnaryCall() override = default;

  void Finish(const absl::Status& status) {
    const grpc::Status wire = method_.pipeline->End(*passage_, status);
    BeforeAnswer();
    if (wire.ok()) {
      writer_.Finish(response_, wire, tag());
    } else {
      writer_.FinishWithError(wire, tag());
    }
  }

  void Arrive() override {
    new UnaryCall(&method_, &queue_);
    Pipeline::Passage& passage = Enter(method_.rpc);
    const absl::Status status = method_.pipeline->Begin(request_, context_, &passage);
    Completion done(this);
    if (!status.ok()) return done(status);
    method_.handle(passage.context, request_, &response_, std::move(done));
  }
  void Move(bool /*ok*/) override {}  // Nothing happens to it but its answer.

  const Method& method_;
  Request request_;
  Response response_;
  typename Method::Writer writer_{&context_};
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_UNARY_CALL_H_
