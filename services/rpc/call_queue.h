// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_CALL_QUEUE_H_
#define PUHUI_SERVICES_RPC_CALL_QUEUE_H_

#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include <grpcpp/completion_queue.h>
#include <grpcpp/server_builder.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace puhui::services {

// A completion queue of a server and the one thread that serves it: everything that happens to the
// calls of this queue comes out here, one event at a time. The thread also moves the bytes of its
// connections, so nothing that runs on it may wait for anything but the journal.
//
// Calls come in crowds: when the thread has taken the events of all that is there it calls
// `drained`, before it waits for more.
// Threads: one of its own; Enter and Leave from any, the rest from one. Owns: the queue.
class CallQueue {
 public:
  // One thing that happened, and the call that goes on from there.
  class Event {
   public:
    // On the queue's thread. `ok` as grpc::CompletionQueue::Next says. May delete the event.
    virtual void Proceed(bool ok) = 0;
    // What to give gRPC as a tag. Nothing else will do: the queue takes tags for events.
    void* tag() { return this; }

   protected:
    ~Event() = default;
  };

  CallQueue(std::unique_ptr<grpc::ServerCompletionQueue> queue, std::function<void()> drained);
  ~CallQueue();
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  grpc::ServerCompletionQueue* get() { return queue_.get(); }

  // A call that has arrived holds the queue open until it has ended: answers are events too.
  void Enter();
  void Leave();

  // Requires: the server is running.
  void Start();
  // Returns when every call has ended and the thread with them. Idempotent.
  // Requires: the server was shut down.
  void Stop();

 private:
  void Run();
  bool NextAtHand(void** tag, bool* ok);

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  const std::function<void()> drained_;
  Mutex mutex_;
  CondVar left_;
  std::int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_CALL_QUEUE_H_
