// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/echo_calls.h"

#include <string>

namespace puhui::bench {
namespace {

// The field numbers and sizes around the filling.
constexpr std::size_t kRequestFrameBytes = 5;
constexpr std::size_t kAnswerFrameBytes = 3;

class EchoCall final : public UnaryCall<v1::EchoRequest, v1::EchoResponse> {
 public:
  explicit EchoCall(v1::EchoService::Stub* stub) : stub_(stub) {}

 private:
  void Fill(v1::EchoRequest* request) override {
    request->mutable_payload()->assign(kPurchaseRequestBytes - kRequestFrameBytes, 'x');
    request->set_answer_bytes(kPurchaseAnswerBytes - kAnswerFrameBytes);
  }
  Reader Send(grpc::ClientContext* context, const v1::EchoRequest& request,
              grpc::CompletionQueue* queue) override {
    return stub_->AsyncEcho(context, request, queue);
  }

  v1::EchoService::Stub* const stub_;
};

}  // namespace

EchoCalls::EchoCalls(std::vector<std::shared_ptr<grpc::Channel>> channels) {
  for (auto& channel : channels) stubs_.push_back(v1::EchoService::NewStub(std::move(channel)));
}

std::unique_ptr<Call> EchoCalls::NewCall(std::size_t connection) {
  return std::make_unique<EchoCall>(stubs_.at(connection).get());
}

}  // namespace puhui::bench
