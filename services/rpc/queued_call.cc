// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/queued_call.h"

namespace puhui::services {

QueuedCall::QueuedCall(CallQueue* queue, bool watched)
    : queue_(*queue), watched_(watched), unsaid_(watched ? 2 : 1) {
  if (watched_) context_.AsyncNotifyWhenDone(done_.tag());
}

void QueuedCall::Proceed(bool ok) {
  if (answered_) return Said();
  if (arrived_) return Move(ok);
  if (!ok) {  // The server is shutting down. Of a call that never was nothing else will be said.
    delete this;
    return;
  }
  arrived_ = true;
  queue_.Enter();
  Arrive();
}

Pipeline::Passage& QueuedCall::Enter(Rpc rpc) {
  return passage_.emplace(rpc, watched_ ? &context_ : nullptr);
}

void QueuedCall::Said() {
  if (--unsaid_ > 0) return;
  queue_.Leave();
  delete this;
}

}  // namespace puhui::services
