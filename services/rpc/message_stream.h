// SPDX-License-Identifier: Apache-2.0
// A stream whose every message is a call: policy, deadline, refusal, log line and count are its.
#ifndef PUHUI_SERVICES_RPC_MESSAGE_STREAM_H_
#define PUHUI_SERVICES_RPC_MESSAGE_STREAM_H_

#include "ledger/base/mutex.h"
#include "services/rpc/call_queue.h"
#include "services/rpc/message_method.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/queued_call.h"
#include "services/rpc/silence_watch.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"
#include <grpcpp/support/async_stream.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

namespace puhui::services {

// One such stream. A read and a write are under way at most, messages in any order between them.
// Threads: as QueuedCall; messages are answered from any. Borrows: the method too.
template <class Request, class Response>
class MessageStreamCall final : public QueuedCall {
 public:
  using Method = MessageMethod<Request, Response>;

  MessageStreamCall(const Method* method, CallQueue* queue)
      : QueuedCall(queue, /*watched=*/true), method_(*method) {
    method_.ask(queue_.get(), tag(), &context_, &stream_);
  }

 private:
  // One message, from when it is waited for until its answer is written.
  struct Message final : Completion::Call {
    explicit Message(MessageStreamCall* on) : stream(*on) {}
    void Answer(const absl::Status& status) override { stream.Answered(this, status); }
    MessageStreamCall& stream;
    Request request;
    Response response;
    absl::optional<Pipeline::Passage> passage;
  };
  // A write has ended.
  struct Written final : CallQueue::Event {
    explicit Written(MessageStreamCall* of) : stream(*of) {}
    void Proceed(bool ok) override { stream.AfterWrite(ok); }
    MessageStreamCall& stream;
  };
  // What is to be done next, without the lock.
  struct Next {
    std::unique_ptr<Message> write;
    bool more = false;  // To write after that.
    bool read = false;
    bool finish = false;
  };
  ~MessageStreamCall() override = default;
  void Arrive() override {
    new MessageStreamCall(&method_, &queue_);
    Pipeline::Passage& passage = Enter(method_.rpc);
    const absl::Status status =
        method_.pipeline->Begin(Request::default_instance(), context_, &passage);
    if (!status.ok()) return Finish(status);
    Await();
    watch_.Start();
    Read();
  }

  // A message has come, or the client has said everything.
  void Move(bool ok) override {
    std::unique_ptr<Message> message = std::move(incoming_);
    ok ? watch_.Hear() : watch_.Stop();
    Next next;
    {
      MutexLock lock(&mutex_);
      reading_ = false;
      if (ok) ++in_flight_;
      if (!ok) all_read_ = true;
      next = Look();
    }
    Do(std::move(next));
    if (ok) Run(message.release());
  }

  void Read() {
    incoming_ = std::make_unique<Message>(this);
    stream_.Read(&incoming_->request, tag());
  }
  // Owned by its call from here on.
  void Run(Message* message) {
    message->passage.emplace(method_.message_rpc, &context_);
    absl::StatusOr<absl::Duration> timeout = method_.timeout(message->request);
    absl::Status status = method_.pipeline->BeginMessage(
        {passage_->context, method_.inner(message->request), timeout.value_or(absl::Seconds(1))},
        context_, &*message->passage);
    if (status.ok()) status = timeout.status();
    Completion done(message);
    if (!status.ok()) return done(status);
    method_.handle(message->passage->context, message->request, &message->response,
                   std::move(done));
  }

  void Answered(Message* answered, const absl::Status& status) {
    std::unique_ptr<Message> message(answered);
    method_.answer(message->request, method_.pipeline->End(*message->passage, status),
                   &message->response);
    Next next;
    {
      MutexLock lock(&mutex_);
      if (broken_) --in_flight_;
      if (!broken_) ready_.push_back(std::move(message));
      next = Look();
    }
    Do(std::move(next));
  }

  // A client that is gone gets no answers; what was decided is decided.
  void AfterWrite(bool ok) {
    outgoing_.reset();
    Next next;
    {
      MutexLock lock(&mutex_);
      writing_ = false;
      --in_flight_;
      if (!ok) {
        broken_ = true;
        in_flight_ -= ready_.size();
        ready_.clear();
      }
      next = Look();
    }
    Do(std::move(next));
  }

  // What still has no answer while the client says nothing are answers that it does not read.
  void FallSilent() {
    if (AnyInFlight()) return context_.TryCancel();
    Await();  // The read that waits for the client ends with the call.
    Finish(Silent());
  }
  bool AnyInFlight() {
    MutexLock lock(&mutex_);
    return in_flight_ != 0;
  }

  Next Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Next next;
    if (!writing_ && !ready_.empty()) {
      writing_ = true;
      next.write = std::move(ready_.front());
      ready_.pop_front();
      next.more = !ready_.empty();
    }
    next.read = !reading_ && !all_read_ && in_flight_ < method_.in_flight_max;
    if (next.read) reading_ = true;
    next.finish = all_read_ && in_flight_ == 0;
    return next;
  }

  // The last touch when it finishes. Only one thread is told to write, and one to read.
  void Do(Next next) {
    if (next.write != nullptr) {
      outgoing_ = std::move(next.write);
      grpc::WriteOptions options;  // What follows at once goes into the same packet.
      if (next.more) options.set_buffer_hint();
      stream_.Write(outgoing_->response, options, written_.tag());
    }
    if (next.read) Read();
    if (next.finish) Finish(absl::OkStatus());
  }

  void Finish(const absl::Status& status) {
    method_.pipeline->Settle(*passage_, {Request::default_instance()}, status,
                             [this](const absl::Status& settled) {
                               BeforeAnswer();
                               stream_.Finish(method_.pipeline->End(*passage_, settled), tag());
                             });
  }

  const Method& method_;
  typename Method::Stream stream_{&context_};
  Written written_{this};
  std::unique_ptr<Message> incoming_;  // Being read.
  std::unique_ptr<Message> outgoing_;  // Being written.
  Mutex mutex_;
  std::deque<std::unique_ptr<Message>> ready_ ABSL_GUARDED_BY(mutex_);  // To be written.
  std::size_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;                   // Read and not written.
  bool reading_ ABSL_GUARDED_BY(mutex_) = true;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool all_read_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  SilenceWatch watch_{&queue_, method_.silence_max, {[this] { FallSilent(); }, [this] { Said(); }}};
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_MESSAGE_STREAM_H_
