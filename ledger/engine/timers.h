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

#include <cstdint>
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
// sequencer, a few at a time. Threads: one of its own; Wake and Stop from any. Borrows: everything
// it is made with.
class Timers {
 public:
  struct Parts {
    const Clock* clock;
    const Store* store;
    Sequencer* sequencer;
    ChoreSource* source;
  };
  explicit Timers(const Parts& parts) : parts_(parts) {}
  ~Timers() { Stop(); }

  void Start();
  // Returns when no command of a chore is under way. Idempotent.
  void Stop();
  // Looks at the table now: something that is due may have been added.
  void Wake();

 private:
  struct Running {
    std::unique_ptr<Chore> chore;
    std::size_t in_flight = 0;
    bool over = false;  // Nothing more to give; ends with the last command in flight.
  };
  using Name = std::tuple<absl::Time, std::uint8_t, std::uint64_t>;

  void Run();
  void BeginStanding();
  void BeginDue();
  void Begin(const TimerKey& timer);
  void Feed();
  bool GiveNext(const Name& name);
  // `idle`: none of its commands is under way.
  Chore* ToAsk(const Name& name, bool* idle);
  void Ended(const Name& name, const absl::Status& status);

  const Parts parts_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<Name, Running> running_ ABSL_GUARDED_BY(mutex_);
  std::string looked_at_;  // The key of the last timer that BeginDue came to; its thread's own.
  std::thread thread_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_TIMERS_H_
