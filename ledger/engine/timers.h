// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_TIMERS_H_
#define PUHUI_LEDGER_ENGINE_TIMERS_H_

#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/sequencer.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <tuple>

namespace puhui::ledger {

// One piece of work that is due, done in commands of bounded size: an issue run, the sweep of an
// expired campaign. It keeps nothing that must survive: after a restart it begins where the views
// say.
class Chore {
 public:
  virtual ~Chore() = default;
  // The next command, or null when there is none to give before those given have ended. `store` is
  // durable state and may be behind the commands that were given. May read for milliseconds, and
  // must not wait.
  virtual absl::StatusOr<std::unique_ptr<Command>> Next(const Readable& store) = 0;
  // Whether Next gave none because it has more to read first: it is asked again when the others
  // have been.
  virtual bool reads_on() const { return false; }
};

// Makes the chore of a due timer, or null for a kind that is not its own.
class ChoreSource {
 public:
  virtual ~ChoreSource() = default;
  virtual absl::StatusOr<std::unique_ptr<Chore>> Begin(const TimerKey& timer,
                                                       const Readable& store) = 0;
  // The timer of work that is always there and that no row of the table stands for; absl::nullopt
  // when there is none. Asked at every look.
  virtual absl::StatusOr<absl::optional<TimerKey>> Standing(const Readable& /*store*/) {
    return absl::nullopt;
  }
};

// Watches the timer table, and standing work, and feeds the commands of due chores to the
// sequencer, a few at a time. A chore that cannot read what it needs, or is refused again and
// again, is reported and rests, a second and then ever longer, while the others go on. One that is
// refused now and then is not: what it was to do may have been taken back meanwhile; from its
// second refusal in a row on it rests a moment after each. Nor is one that found the service busy,
// or writes refused. Threads: one of its own; Wake, Stop and failures from any. Borrows: everything
// it is made with.
class Timers {
 public:
  struct Parts {
    const Clock* clock;
    const Store* store;
    Sequencer* sequencer;
    ChoreSource* source;
    // Called with every failure and the kind of timer whose chore it is; without one, what is due
    // could not be found out. On the thread of the timers, which waits.
    std::function<void(absl::optional<std::uint8_t> kind, const absl::Status&)> on_failure = {};
  };
  explicit Timers(const Parts& parts) : parts_(parts) {}
  ~Timers() { Stop(); }

  void Start();
  // Returns when no command of a chore is under way. Idempotent.
  void Stop();
  // Looks at the table now: something that is due may have been added.
  void Wake();
  // Since the start.
  std::uint64_t failures() const { return failures_; }

 private:
  struct Running {
    std::unique_ptr<Chore> chore;
    std::size_t in_flight = 0;
    bool over = false;       // Nothing more to give; ends with the last command in flight.
    absl::Status failed{};   // With what it could not give its next command.
    absl::Status refused{};  // Of its commands, the first that was.
  };
  using Name = std::tuple<absl::Time, std::uint8_t, std::uint64_t>;
  struct Trouble {
    int refused = 0;  // So often in a row.
    absl::Time since{};
    absl::Duration rest{};  // From then on.
  };

  void Run();
  void AwaitNextLook();
  void BeginStanding();
  void BeginDue();
  void Begin(const TimerKey& timer);
  void Feed();
  bool GiveNext(const Name& name);
  // `idle`: none of its commands is under way.
  Chore* ToAsk(const Name& name, bool* idle);
  void Ended(const Name& name, const absl::Status& status);
  void EndIfOver(const Name& name);
  bool Rests(const Trouble& trouble) const;
  bool Rests(const Name& name) const;
  Trouble& TroubleOf(const Name& name);
  void Report(absl::optional<std::uint8_t> kind, const absl::Status& status, Trouble& trouble);

  const Parts parts_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<Name, Running> running_ ABSL_GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> failures_ = 0;
  std::string looked_at_;     // The key of the last timer that BeginDue came to; its thread's own.
  bool looks_again_ = false;  // At once, because a chore reads on; likewise.
  // With finding out what is standing and what is due, and of chores that ended badly; likewise.
  Trouble standing_;
  Trouble due_;
  std::map<Name, Trouble> troubles_;
  std::thread thread_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_TIMERS_H_
