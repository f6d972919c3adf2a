// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_SERVER_STREAM_H_
#define PUHUI_SERVICES_RPC_SERVER_STREAM_H_

#include "services/rpc/pipeline.h"

#include "absl/functional/any_invocable.h"
#include "absl/types/optional.h"
#include <grpcpp/alarm.h>

#include <chrono>
#include <memory>
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

// One server-streaming call. A message is made on a worker, only when the one before has left the
// process, so a slow reader costs one message of memory and no thread. Exactly one of these is
// under way at any moment and may finish the call: a job of the pool, a write, an alarm. Threads:
// safe. Owns: itself, until OnDone.
template <class Response>
class ServerStreamCall final : public grpc::ServerWriteReactor<Response> {
 public:
  using Open = absl::AnyInvocable<absl::StatusOr<MessageSource<Response>>(const CallContext&)>;
  static constexpr absl::Duration kIdleInterval = absl::Milliseconds(50);

  ServerStreamCall(const Pipeline* pipeline, Rpc rpc, const grpc::CallbackServerContext* wire,
                   Open open)
      : pipeline_(pipeline), passage_(rpc, wire), open_(std::move(open)) {}

  void Start(const google::protobuf::Message& request, const grpc::CallbackServerContext& wire) {
    const absl::Status status = pipeline_->Begin(request, wire, &passage_);
    if (!status.ok()) return End(status);
    if (!pipeline_->parts_.workers->TrySubmit([this] { Step(); })) End(Overloaded());
  }

  void OnWriteDone(bool ok) override { ok ? Resume() : End(absl::CancelledError()); }
  void OnDone() override { delete this; }

 private:
  void Resume() {
    pipeline_->parts_.workers->Resume([this] { Step(); });
  }

  void Step() {
    if (passage_.context.Cancelled()) return End(absl::CancelledError());
    if (open_ != nullptr) {
      absl::StatusOr<MessageSource<Response>> source =
          std::exchange(open_, nullptr)(passage_.context);
      if (!source.ok()) return End(source.status());
      source_ = *std::move(source);
    }
    message_.Clear();
    const absl::StatusOr<Pull> pull = source_(&message_);
    if (!pull.ok()) return End(pull.status());
    switch (*pull) {
      case Pull::kMessage:
        return this->StartWrite(&message_);
      case Pull::kIdle:
        return Wait();
      case Pull::kEnd:
        return End(absl::OkStatus());
    }
  }

  // A fresh alarm each time: the last one's callback may still be returning.
  void Wait() {
    alarm_.emplace();
    alarm_->Set(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(kIdleInterval),
                [this](bool /*ok*/) { Resume(); });
  }

  void End(const absl::Status& status) { this->Finish(pipeline_->End(passage_, status)); }

  const Pipeline* const pipeline_;
  Pipeline::Passage passage_;
  Open open_;
  MessageSource<Response> source_;
  Response message_;
  absl::optional<grpc::Alarm> alarm_;
};

// Streams answers: `open` is StatusOr<MessageSource<Response>>(const CallContext&, const Request&),
// runs on a worker, and the source it returns is asked until it ends, fails, or nobody listens.
template <class Response, class Request, class Open>
grpc::ServerWriteReactor<Response>* ServerStream(const Pipeline& pipeline, Rpc rpc,
                                                 grpc::CallbackServerContext* wire,
                                                 const Request* request, Open open) {
  auto* const call = new ServerStreamCall<Response>(
      &pipeline, rpc, wire, [request, open = std::move(open)](const CallContext& context) mutable {
        return absl::StatusOr<MessageSource<Response>>(open(context, *request));
      });
  call->Start(*request, *wire);
  return call;
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_SERVER_STREAM_H_
