// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/calls.h"

#include "ledger/base/check.h"

namespace puhui::services {
namespace {

// Calls of one method that may arrive before the queue's thread looks; more wait in gRPC.
constexpr int kAwaitedCalls = 16;

}  // namespace

Calls::Calls(const Pipeline* pipeline, grpc::ServerBuilder* builder, const Options& options)
    : pipeline_(pipeline), silence_max_(options.silence_max), builder_(builder) {
  PUHUI_CHECK(options.queues > 0);
  for (std::size_t i = 0; i < options.queues; ++i) {
    queues_.push_back(std::make_unique<CallQueue>(builder->AddCompletionQueue(), options.drained));
  }
}

Calls::~Calls() = default;

void Calls::Start() {
  for (const std::unique_ptr<CallQueue>& queue : queues_) {
    for (const auto& await : awaits_) {
      for (int i = 0; i < kAwaitedCalls; ++i) await(queue.get());
    }
    queue->Start();
  }
}

void Calls::Stop() {
  for (const std::unique_ptr<CallQueue>& queue : queues_) queue->Stop();
}

}  // namespace puhui::services
