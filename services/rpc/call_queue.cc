// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/call_queue.h"

#include "ledger/base/give_way.h"

#include <grpc/support/time.h>

#include <utility>

namespace puhui::services {
namespace {

// One look moves one step of one connection, and a request takes more than one step.
constexpr int kLooksPerEvent = 3;
// Then those that came first have waited long enough.
constexpr int kEventsPerCrowdMax = 256;

}  // namespace

CallQueue::CallQueue(std::unique_ptr<grpc::ServerCompletionQueue> queue,
                     std::function<void()> drained)
    : queue_(std::move(queue)), drained_(std::move(drained)) {}

CallQueue::~CallQueue() { Stop(); }

void CallQueue::Enter() {
  MutexLock lock(&mutex_);
  ++calls_;
}

void CallQueue::Leave() {
  MutexLock lock(&mutex_);
  if (--calls_ == 0) left_.NotifyAll();
}

void CallQueue::Start() {
  thread_ = std::thread([this] {
    ComeFirst();
    Run();
  });
}

void CallQueue::Stop() {
  if (std::exchange(stopped_, true)) return;
  {
    MutexLock lock(&mutex_);
    while (calls_ > 0) left_.Wait(&mutex_);
  }
  queue_->Shutdown();
  if (thread_.joinable()) {
    thread_.join();
    return;
  }
  // Never started: gRPC wants its queue empty all the same.
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) static_cast<Event*>(tag)->Proceed(ok);
}

void CallQueue::Run() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
    int events = 0;
    do {
      static_cast<Event*>(tag)->Proceed(ok);
    } while (++events < kEventsPerCrowdMax && NextAtHand(&tag, &ok));
    drained_();
  }
}

bool CallQueue::NextAtHand(void** tag, bool* ok) {
  for (int look = 0; look < kLooksPerEvent; ++look) {
    const auto next = queue_->AsyncNext(tag, ok, gpr_time_0(GPR_CLOCK_MONOTONIC));
    if (next == grpc::CompletionQueue::GOT_EVENT) return true;
  }
  return false;
}

}  // namespace puhui::services
