// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_SERVER_STREAM_H_
#define PUHUI_SERVICES_RPC_SERVER_STREAM_H_

#include "ledger/base/limits.h"
#include "services/rpc/access_text.h"
#include "services/rpc/call_queue.h"
#include "services/rpc/error.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/queued_call.h"

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace puhui::services {

// What came of asking a source for a message.
enum class Pull {
  kMessage,  // The message was filled in.
  kIdle,     // Nothing yet: ask again in a while.
  kEnd,      // There will be no more.
};

// Fills in the next message, which is empty when it is called. Runs on a worker, one call at a
// time.
template <class Response>
using MessageSource = absl::AnyInvocable<absl::StatusOr<Pull>(Response* message)>;

// A server-streaming method and what answers it. `open` runs on a worker, and the source it returns
// is asked until it ends, fails, or nobody listens.
template <class Request, class Response>
struct ServerStreamMethod {
  using Writer = grpc::ServerAsyncWriter<Response>;
  const Pipeline* pipeline;
  Rpc rpc;
  std::function<void(grpc::ServerCompletionQueue*, void*, grpc::ServerContext*, Request*, Writer*)>
      ask;
  std::function<absl::StatusOr<MessageSource<Response>>(const CallContext&, const Request&)> open;
};

// One server-streaming call. A message is made on a worker, only when the one before has left the
// process, so a slow reader costs one message of memory and no thread. Exactly one of these is
// under way at any moment and may finish the call: a job of the pool, a write, an alarm. Threads:
// the queue's and the pool's, in turn. Borrows: the method too.
template <class Request, class Response>
class ServerStreamCall final : public QueuedCall {
 public:
  using Method = ServerStreamMethod<Request, Response>;
  static constexpr absl::Duration kIdleInterval = absl::Milliseconds(50);

  ServerStreamCall(const Method* method, CallQueue* queue)
      : QueuedCall(queue, /*watched=*/true), method_(*method) {
    method_.ask(queue_.get(), tag(), &context_, &request_, &writer_);
  }

 private:
  ~ServerStreamCall() override = default;

  void Arrive() override {
    new ServerStreamCall(&method_, &queue_);
    Pipeline::Passage& passage = Enter(method_.rpc);
    const absl::Status status = method_.pipeline->Begin(request_, context_, &passage);
    if (!status.ok()) return End(status);
    if (!method_.pipeline->workers().TrySubmit([this] { Step(); })) End(Overloaded());
  }

  // A message was written, or it is time to look again.
  void Move(bool ok) override { ok ? Resume() : End(absl::CancelledError()); }

  void Resume() {
    method_.pipeline->workers().Resume([this] { Step(); });
  }

  void Step() {
    if (passage_->context.Cancelled()) return End(absl::CancelledError());
    if (source_ == nullptr) {
      absl::StatusOr<MessageSource<Response>> source = method_.open(passage_->context, request_);
      if (!source.ok()) return End(source.status());
      source_ = *std::move(source);
    } else if (const absl::Status may = method_.pipeline->MayGoOn(*passage_); !may.ok()) {
      return End(may);
    }
    message_.Clear();
    const absl::StatusOr<Pull> pull = source_(&message_);
    if (!pull.ok()) return End(pull.status());
    switch (*pull) {
      case Pull::kMessage:
        return Send();
      case Pull::kIdle:
        return Wait();
      case Pull::kEnd:
        return End(absl::OkStatus());
    }
  }

  // What is on record is so before it leaves: the first rows, and then so many at a time.
  void Send() {
    if (!passage_->on_record) return writer_.Write(message_, tag());
    rows_ += RowsOf(message_);
    if (begun_ != 0 && rows_ - noted_rows_ < kAccessRowsStep) return writer_.Write(message_, tag());
    noted_rows_ = rows_;
    method_.pipeline->NoteRows(*passage_, {request_, rows_, begun_},
                               [this](const absl::StatusOr<std::uint64_t>& place) {
                                 if (!place.ok()) return Finish(place.status());
                                 if (begun_ == 0) begun_ = *place;
                                 writer_.Write(message_, tag());
                               });
  }

  // A fresh alarm each time: one is good for once.
  void Wait() {
    alarm_.emplace();
    alarm_->Set(queue_.get(),
                std::chrono::system_clock::now() + absl::ToChronoMicroseconds(kIdleInterval),
                tag());
  }

  void End(const absl::Status& status) {
    method_.pipeline->Settle(*passage_, {request_, rows_, begun_}, status,
                             [this](const absl::Status& settled) { Finish(settled); });
  }

  void Finish(const absl::Status& status) {
    BeforeAnswer();
    writer_.Finish(method_.pipeline->End(*passage_, status), tag());
  }

  const Method& method_;
  Request request_;
  typename Method::Writer writer_{&context_};
  MessageSource<Response> source_;
  Response message_;
  absl::optional<grpc::Alarm> alarm_;
  std::uint64_t rows_ = 0;        // Of the messages until now, when they are on record.
  std::uint64_t noted_rows_ = 0;  // Of them, those that are.
  std::uint64_t begun_ = 0;       // The place of the first note.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_SERVER_STREAM_H_
