// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_CLIENT_STREAM_H_
#define PUHUI_SERVICES_RPC_CLIENT_STREAM_H_

#include "services/rpc/pipeline.h"

#include "absl/functional/any_invocable.h"
#include "absl/strings/str_cat.h"

#include <cstddef>
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
  // Takes the next message, on gRPC's thread: keep it, do not work on it. A status that is not OK
  // ends the call.
  virtual absl::Status Receive(Request&& message) = 0;
  // There will be no more: the work, on a worker. Refuses: kInvalidField when what came is not what
  // the first message said.
  virtual absl::StatusOr<Response> Finish() = 0;
};

// One client-streaming call. One read is under way at a time, then one job of the pool; whichever
// is may finish the call. Threads: safe. Owns: itself, until OnDone.
template <class Request, class Response>
class ClientStreamCall final : public grpc::ServerReadReactor<Request> {
 public:
  using Receiver = StreamReceiver<Request, Response>;
  using Open = absl::AnyInvocable<absl::StatusOr<std::unique_ptr<Receiver>>(const CallContext&)>;

  ClientStreamCall(const Pipeline* pipeline, Rpc rpc, const grpc::CallbackServerContext* wire,
                   Response* response, std::size_t bytes_max)
      : pipeline_(pipeline), passage_(rpc, wire), response_(response), bytes_max_(bytes_max) {}

  void Start(const grpc::CallbackServerContext& wire, Open open) {
    const absl::Status status = pipeline_->Begin(Request::default_instance(), wire, &passage_);
    if (!status.ok()) return End(status);
    absl::StatusOr<std::unique_ptr<Receiver>> receiver = open(passage_.context);
    if (!receiver.ok()) return End(receiver.status());
    receiver_ = *std::move(receiver);
    this->StartRead(&message_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Complete();
    bytes_ += message_.ByteSizeLong();
    if (bytes_ > bytes_max_) {
      return End(InvalidField("part", absl::StrCat("want at most ", bytes_max_, " bytes in all")));
    }
    const absl::Status status = receiver_->Receive(std::move(message_));
    if (!status.ok()) return End(status);
    message_.Clear();
    this->StartRead(&message_);
  }
  void OnDone() override { delete this; }

 private:
  void Complete() {
    if (!pipeline_->parts_.workers->TrySubmit([this] { Work(); })) End(Overloaded());
  }

  void Work() {
    if (passage_.context.Cancelled()) return End(absl::CancelledError());
    absl::StatusOr<Response> result = receiver_->Finish();
    if (result.ok()) *response_ = *std::move(result);
    End(result.status());
  }

  void End(const absl::Status& status) { this->Finish(pipeline_->End(passage_, status)); }

  const Pipeline* const pipeline_;
  Pipeline::Passage passage_;
  Response* const response_;
  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::unique_ptr<Receiver> receiver_;
  Request message_;
};

// Collects a client's stream, of at most `bytes_max` serialised bytes: `open` is
// StatusOr<std::unique_ptr<StreamReceiver<Request, Response>>>(const CallContext&), at the start,
// on gRPC's thread.
template <class Request, class Response, class Open>
grpc::ServerReadReactor<Request>* ClientStream(const Pipeline& pipeline, Rpc rpc,
                                               grpc::CallbackServerContext* wire,
                                               Response* response, std::size_t bytes_max,
                                               Open open) {
  auto* const call =
      new ClientStreamCall<Request, Response>(&pipeline, rpc, wire, response, bytes_max);
  call->Start(*wire, std::move(open));
  return call;
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_CLIENT_STREAM_H_
