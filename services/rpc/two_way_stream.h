// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_TWO_WAY_STREAM_H_
#define PUHUI_SERVICES_RPC_TWO_WAY_STREAM_H_

#include "services/rpc/call_queue.h"
#include "services/rpc/error.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/queued_call.h"
#include "services/rpc/server_stream.h"
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

// What a two-way stream is talked over with. The client speaks first; when it has said everything,
// the server does. One call at a time, in order. As for StreamReceiver, a stream that was cut looks
// like one that ended: Answer judges whether what came is all.
template <class Request, class Response>
class Conversation {
 public:
  virtual ~Conversation() = default;
  // Takes the next message, on the queue's thread: keep it, do not work on it. True: `reply` was
  // filled in, and goes out before another message is taken. A status that is not OK ends the call.
  virtual absl::StatusOr<bool> Receive(Request&& message, Response* reply) = 0;
  // The client has said everything: fills in the next answer, on a worker, as a MessageSource.
  virtual absl::StatusOr<Pull> Answer(Response* message) = 0;
};

// A two-way streaming method and what answers it: of at most `bytes_max` serialised bytes from the
// client in all. `open` runs at the start, on the queue's thread.
template <class Request, class Response>
struct TwoWayMethod {
  using Stream = grpc::ServerAsyncReaderWriter<Response, Request>;
  const Pipeline* pipeline;
  Rpc rpc;
  std::size_t bytes_max;
  absl::Duration silence_max;
  std::function<void(grpc::ServerCompletionQueue*, void*, grpc::ServerContext*, Stream*)> ask;
  std::function<absl::StatusOr<std::unique_ptr<Conversation<Request, Response>>>(
      const CallContext&)>
      open;
};

// One two-way call. One of these is under way at any moment, beside the watch over silence: a read,
// a write, a job of the pool. Threads: the queue's and the pool's, in turn. Borrows: the method
// too.
template <class Request, class Response>
class TwoWayCall final : public QueuedCall {
 public:
  using Method = TwoWayMethod<Request, Response>;

  TwoWayCall(const Method* method, CallQueue* queue)
      : QueuedCall(queue, /*watched=*/true), method_(*method) {
    method_.ask(queue_.get(), tag(), &context_, &stream_);
  }

 private:
  enum class Doing { kReading, kReplying, kAnswering };
  ~TwoWayCall() override = default;

  void Arrive() override {
    new TwoWayCall(&method_, &queue_);
    Pipeline::Passage& passage = Enter(method_.rpc);
    const absl::Status status =
        method_.pipeline->Begin(Request::default_instance(), context_, &passage);
    if (!status.ok()) return End(status);
    auto conversation = method_.open(passage.context);
    if (!conversation.ok()) return End(conversation.status());
    conversation_ = *std::move(conversation);
    Await();
    watch_.Start();
    Read();
  }

  void Move(bool ok) override {
    switch (doing_) {
      case Doing::kReading:
        return ok ? Take() : Complete();
      case Doing::kReplying:
        return ok ? Read() : End(absl::CancelledError());
      case Doing::kAnswering:
        return ok ? method_.pipeline->workers().Resume([this] { Step(); })
                  : End(absl::CancelledError());
    }
  }

  void Read() {
    doing_ = Doing::kReading;
    message_.Clear();
    stream_.Read(&message_, tag());
  }

  void Take() {
    watch_.Hear();
    bytes_ += message_.ByteSizeLong();
    if (bytes_ > method_.bytes_max) {
      return End(
          InvalidField("part", absl::StrCat("want at most ", method_.bytes_max, " bytes in all")));
    }
    answer_.Clear();
    const absl::StatusOr<bool> replies = conversation_->Receive(std::move(message_), &answer_);
    if (!replies.ok()) return End(replies.status());
    if (!*replies) return Read();
    doing_ = Doing::kReplying;
    stream_.Write(answer_, tag());
  }

  // The read that waits for the client ends with the call.
  void FallSilent() {
    if (doing_ == Doing::kAnswering) return;
    Await();
    End(Silent());
  }

  void Complete() {
    doing_ = Doing::kAnswering;
    watch_.Stop();
    if (!method_.pipeline->workers().TrySubmit([this] { Step(); })) End(Overloaded());
  }

  void Step() {
    if (passage_->context.Cancelled()) return End(absl::CancelledError());
    answer_.Clear();
    const absl::StatusOr<Pull> pull = conversation_->Answer(&answer_);
    if (!pull.ok()) return End(pull.status());
    if (*pull == Pull::kEnd) return End(absl::OkStatus());
    stream_.Write(answer_, tag());
  }

  // The conversation is over before the answer is out: a client that asks again at once finds what
  // this call has left.
  void End(const absl::Status& status) {
    if (doing_ != Doing::kAnswering) watch_.Stop();
    conversation_.reset();
    method_.pipeline->Settle(*passage_, {Request::default_instance()}, status,
                             [this](const absl::Status& settled) { Finish(settled); });
  }

  void Finish(const absl::Status& status) {
    BeforeAnswer();
    stream_.Finish(method_.pipeline->End(*passage_, status), tag());
  }

  const Method& method_;
  typename Method::Stream stream_{&context_};
  std::unique_ptr<Conversation<Request, Response>> conversation_;
  Request message_;
  Response answer_;
  std::size_t bytes_ = 0;
  Doing doing_ = Doing::kReading;
  SilenceWatch watch_{&queue_, method_.silence_max, {[this] { FallSilent(); }, [this] { Said(); }}};
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_TWO_WAY_STREAM_H_
