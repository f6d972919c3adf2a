// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_QUEUED_CALL_H_
#define PUHUI_SERVICES_RPC_QUEUED_CALL_H_

#include "services/rpc/call_queue.h"
#include "services/rpc/pipeline.h"

#include "absl/types/optional.h"
#include <grpcpp/server_context.h>

namespace puhui::services {

// One call on its way through a queue, of whatever kind: it is waited for, it arrives, it is moved
// on by events, it is answered, and it is gone when gRPC has said all it has to say of it. The
// kinds are beside this file; Calls (calls.h) makes them.
// Threads: the queue's, unless a method says otherwise. Owns: itself. Borrows: the queue.
class QueuedCall : public CallQueue::Event {
 public:
  QueuedCall(const QueuedCall&) = delete;
  QueuedCall& operator=(const QueuedCall&) = delete;
  void Proceed(bool ok) final;

 protected:
  // `watched`: gRPC is to tell when the call is over, whoever ended it. Without that nobody knows
  // that a client has left (CallContext::Cancelled); with it there is one more event for each call.
  QueuedCall(CallQueue* queue, bool watched);
  virtual ~QueuedCall() = default;

  // The call is here. Asks for the next one of its method first.
  virtual void Arrive() = 0;
  // What the call was waiting for has happened, or failed.
  virtual void Move(bool ok) = 0;

  // Requires: the call arrived. What has to be passed before anything else.
  Pipeline::Passage& Enter(Rpc rpc);
  // One event more will come of this call, to the call itself or to Said.
  void Await() { ++unsaid_; }
  // One that the call was still waiting for has come. The last of them deletes it.
  void Said();
  // Before the answer is given to gRPC, whose event is the call's last. Any thread.
  void BeforeAnswer() { answered_ = true; }

  CallQueue& queue_;
  grpc::ServerContext context_;
  absl::optional<Pipeline::Passage> passage_;

 private:
  // gRPC has said the call is over.
  class Done final : public CallQueue::Event {
   public:
    explicit Done(QueuedCall* call) : call_(*call) {}
    void Proceed(bool /*ok*/) override { call_.Said(); }

   private:
    QueuedCall& call_;
  };

  const bool watched_;
  Done done_{this};
  bool arrived_ = false;
  bool answered_ = false;
  int unsaid_;  // How often gRPC will still speak of the end of this call.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_QUEUED_CALL_H_
