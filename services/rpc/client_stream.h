// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_CLIENT_STREAM_H_
#define PUHUI_SERVICES_RPC_CLIENT_STREAM_H_

#include "services/rpc/call_queue.h"
#include "services/rpc/error.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/queued_call.h"
#include "services/rpc/silence_watch.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace puhui::services {

// What a client-streaming call is collected into. One call at a time, in order.
//
// A stream that was cut looks like one that ended: gRPC tells them apart by the call's
// cancellation, which may come later than the end. So the first message of every client's stream
// says how much there is (docs/adr/0011), and Finish refuses less: half a file never passes for the
// whole.
template <class Request, class Response>
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  // Takes the next message, on the queue's thread: keep it, do not work on it. A status that is not
  // OK ends the call.
  virtual absl::Status Receive(Request&& message) = 0;
  // There will be no more: the work, on a worker. Refuses: kInvalidField when what came is not what
  // the first message said.
  virtual absl::StatusOr<Response> Finish() = 0;
};

// A client-streaming method and what answers it: of at most `bytes_max` serialised bytes in all.
// `open` runs at the start, on the queue's thread.
template <class Request, class Response>
struct ClientStreamMethod {
  using Reader = grpc::ServerAsyncReader<Response, Request>;
  using Receiver = StreamReceiver<Request, Response>;
  const Pipeline* pipeline;
  Rpc rpc;
  std::size_t bytes_max;
  absl::Duration silence_max;
  std::function<void(grpc::ServerCompletionQueue*, void*, grpc::ServerContext*, Reader*)> ask;
  std::function<absl::StatusOr<std::unique_ptr<Receiver>>(const CallContext&)> open;
};

// One client-streaming call. One read is under way at a time, beside the watch over silence, then
// one job of the pool; whichever is may finish the call. Threads: the queue's, then the pool's.
// Borrows: the method too.
template <class Request, class Response>
class ClientStreamCall final : public QueuedCall {
 public:
  using Method = ClientStreamMethod<Request, Response>;
  using Receiver = typename Method::Receiver;

  ClientStreamCall(const Method* method, CallQueue* queue)
      : QueuedCall(queue, /*watched=*/true), method_(*method) {
    method_.ask(queue_.get(), tag(), &context_, &reader_);
  }

 private:
  ~ClientStreamCall() override = default;

  void Arrive() override {
    new ClientStreamCall(&method_, &queue_);
    Pipeline::Passage& passage = Enter(method_.rpc);
    const absl::Status status =
        method_.pipeline->Begin(Request::default_instance(), context_, &passage);
    if (!status.ok()) return End(status);
    absl::StatusOr<std::unique_ptr<Receiver>> receiver = method_.open(passage.context);
    if (!receiver.ok()) return End(receiver.status());
    receiver_ = *std::move(receiver);
    Await();
    watch_.Start();
    reader_.Read(&message_, tag());
  }

  // A message was read, or there is none left.
  void Move(bool ok) override { ok ? Take() : Complete(); }

  void Take() {
    watch_.Hear();
    bytes_ += message_.ByteSizeLong();
    if (bytes_ > method_.bytes_max) {
      return End(
          InvalidField("part", absl::StrCat("want at most ", method_.bytes_max, " bytes in all")));
    }
    const absl::Status status = receiver_->Receive(std::move(message_));
    if (!status.ok()) return End(status);
    message_.Clear();
    reader_.Read(&message_, tag());
  }

  // The read that waits for the client ends with the call.
  void FallSilent() {
    Await();
    End(Silent());
  }

  void Complete() {
    reading_ = false;
    watch_.Stop();
    if (!method_.pipeline->workers().TrySubmit([this] { Work(); })) End(Overloaded());
  }

  void Work() {
    if (passage_->context.Cancelled()) return End(absl::CancelledError());
    absl::StatusOr<Response> result = receiver_->Finish();
    if (result.ok()) response_ = *std::move(result);
    End(result.status());
  }

  void End(const absl::Status& status) {
    if (reading_) watch_.Stop();
    method_.pipeline->Settle(*passage_, {Request::default_instance()}, status,
                             [this](const absl::Status& settled) { Finish(settled); });
  }

  void Finish(const absl::Status& status) {
    const grpc::Status wire = method_.pipeline->End(*passage_, status);
    BeforeAnswer();
    if (wire.ok()) {
      reader_.Finish(response_, wire, tag());
    } else {
      reader_.FinishWithError(wire, tag());
    }
  }

  const Method& method_;
  typename Method::Reader reader_{&context_};
  Response response_;
  std::size_t bytes_ = 0;
  std::unique_ptr<Receiver> receiver_;
  Request message_;
  bool reading_ = true;
  SilenceWatch watch_{&queue_, method_.silence_max, {[this] { FallSilent(); }, [this] { Said(); }}};
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_CLIENT_STREAM_H_
