// SPDX-License-Identifier: Apache-2.0
// The one way a call goes through: weigh, authenticate, look up the policy, admit, run the handler,
// put it on record, map the status, log a line, count. Handlers see a CallContext and plain
// messages, and return plain statuses.
#ifndef PUHUI_SERVICES_RPC_PIPELINE_H_
#define PUHUI_SERVICES_RPC_PIPELINE_H_

#include "ledger/base/check.h"
#include "ledger/base/clock.h"
#include "services/auth/authenticator.h"
#include "services/auth/mandate.h"
#include "services/auth/policy.h"
#include "services/rpc/access_recorder.h"
#include "services/rpc/call_context.h"
#include "services/rpc/call_log.h"
#include "services/rpc/call_metrics.h"
#include "services/rpc/error.h"
#include "services/rpc/worker_pool.h"

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace puhui::services {

// The duty to answer one unary call. Call it exactly once, from any thread, when the response is
// complete; the context, the request and the response are gone afterwards. Dropped without a call
// it answers INTERNAL, so that nobody hangs. Threads: none; hand it over by moving.
class Completion {
 public:
  // A call that waits for its answer.
  class Call {
   public:
    // Sends the answer, and sees to its own end.
    virtual void Answer(const absl::Status& status) = 0;

   protected:
    ~Call() = default;
  };

  explicit Completion(Call* call) : call_(call) {}
  Completion(Completion&& other) noexcept : call_(std::exchange(other.call_, nullptr)) {}
  Completion& operator=(Completion&&) = delete;
  ~Completion() {
    if (call_ != nullptr) (*this)(absl::InternalError("the handler dropped its call"));
  }

  void operator()(const absl::Status& status) {
    PUHUI_CHECK(call_ != nullptr);
    std::exchange(call_, nullptr)->Answer(status);
  }

 private:
  Call* call_;
};

// Threads: safe. Borrows: its parts, which outlive it; it outlives the servers.
class Pipeline {
 public:
  struct Parts {
    const Authenticator* authenticator;
    const Clock* clock;
    WorkerPool* workers;
    CallLog* log;
    CallMetrics* metrics;
    std::int64_t in_flight_max =
        16'384;                          // Beyond it calls are refused at the door with OVERLOADED.
    AccessRecorder* accesses = nullptr;  // Null: nothing is on record.
    bool purpose_required = false;       // Of auditors.
    const Mandates* mandates = nullptr;  // Null: no auditor has one.
  };
  static constexpr absl::Duration kMoneyDeadline = absl::Seconds(5);

  explicit Pipeline(const Parts& parts) : parts_(parts) {}
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // One call's passage. Begins when the call has arrived.
  struct Passage {
    Passage(Rpc rpc, const grpc::ServerContextBase* wire)
        : context(rpc, wire), begun(std::chrono::steady_clock::now()) {}
    CallContext context;
    std::chrono::steady_clock::time_point begun;
    bool on_record = false;  // Known when Begin has said whatever it says.
  };

  // Everything before the handler. The type of `request` is checked against the row: a method
  // guarded by another's row would be a hole in the policy. A stream of requests begins with an
  // empty one. Whatever it says, End follows exactly once.
  absl::Status Begin(const google::protobuf::Message& request, const grpc::ServerContextBase& wire,
                     Passage* passage) const;
  // The same for a message of a stream that has begun, and is over by the stream's own deadline.
  struct Streamed {
    const CallContext& stream;
    const google::protobuf::Message& request;
    absl::Duration timeout{};
  };
  absl::Status BeginMessage(const Streamed& message, const grpc::ServerContextBase& wire,
                            Passage* passage) const;
  // Whether a stream that has begun may go on: not when the mandate that it began with is no longer
  // what the caller was granted. The call began (Begin). Refuses: as AllowByMandate.
  absl::Status MayGoOn(const Passage& passage) const;
  // What a call on record asked for, and how many rows it was answered, until now.
  struct Looked {
    const google::protobuf::Message& request;
    std::uint64_t rows = 0;
    std::uint64_t begun = 0;  // The place of a stream's first note, once there is one.
  };
  // Before the answer of a call: when it is on record, notes it with what came of it. Then calls
  // `answer` with that, or with why it could not be noted; from any thread when it is on record.
  using Settled = absl::AnyInvocable<void(const absl::Status&)>;
  void Settle(const Passage& passage, const Looked& looked, absl::Status status,
              Settled answer) const;
  // Before more rows of a stream that is on record: calls `go_on` with the place of the note.
  using Noted = absl::AnyInvocable<void(absl::StatusOr<std::uint64_t>)>;
  void NoteRows(const Passage& passage, const Looked& looked, Noted go_on) const;
  // Everything after it.
  grpc::Status End(const Passage& passage, const absl::Status& status) const;

  // For work that is too long for the threads that serve calls.
  WorkerPool& workers() const { return *parts_.workers; }

 private:
  absl::Status SetDeadline(const grpc::ServerContextBase& wire, CallContext* context) const;
  absl::Status SetPurpose(const grpc::ServerContextBase& wire, CallContext* context) const;
  // Of an auditor; of others there is none.
  absl::StatusOr<absl::optional<Mandate>> MandateOf(const Principal& principal) const;

  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_PIPELINE_H_
