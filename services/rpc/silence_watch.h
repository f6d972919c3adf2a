// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_SILENCE_WATCH_H_
#define PUHUI_SERVICES_RPC_SILENCE_WATCH_H_

#include "services/rpc/call_queue.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include <grpcpp/alarm.h>

#include <functional>

namespace puhui::services {

// As long a client's stream may say nothing. It is looked at as often, so that it ends after one to
// two of these.
inline constexpr absl::Duration kSilenceMax = absl::Minutes(1);

// What a call is refused with whose client fell silent: DEADLINE_EXCEEDED.
absl::Status Silent();

// Looks after a client's stream, so that nobody holds memory of the server by sending half of
// something. Threads: the queue's. Borrows: the queue.
class SilenceWatch final : public CallQueue::Event {
 public:
  struct Duties {
    std::function<void()> silent;  // Nothing was heard for `interval` to twice as long. Once.
    std::function<void()> over;    // The watch is over and needs nothing any more. May delete it.
  };
  SilenceWatch(CallQueue* queue, absl::Duration interval, Duties duties);

  // Once. From now on `over` will be called, some time after Stop or `silent`.
  void Start();
  void Hear() { heard_ = true; }
  // Idempotent; nothing when it was not started.
  void Stop();

  void Proceed(bool ok) override;

 private:
  void Arm();

  CallQueue& queue_;
  const absl::Duration interval_;
  const Duties duties_;
  absl::optional<grpc::Alarm> alarm_;  // One is good for once.
  bool heard_ = false;
  bool stopped_ = false;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_SILENCE_WATCH_H_
