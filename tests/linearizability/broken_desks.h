// SPDX-License-Identifier: Apache-2.0
// Desks that break one promise each, for a checker that has to find out.
#ifndef PUHUI_TESTS_LINEARIZABILITY_BROKEN_DESKS_H_
#define PUHUI_TESTS_LINEARIZABILITY_BROKEN_DESKS_H_

#include "ledger/base/mutex.h"
#include "tests/linearizability/till_ledger.h"

#include "absl/base/thread_annotations.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <memory>
#include <set>
#include <utility>

namespace puhui::testing {

class BrokenDesk : public TillDesk {
 public:
  explicit BrokenDesk(std::unique_ptr<TillDesk> sound) : sound_(std::move(sound)) {}

 protected:
  // What a void of something held will come to; nothing for any other call.
  absl::optional<TillOutput> VoidToCome(const TillInput& input) {
    if (input.verb != Verb::kVoid) return absl::nullopt;
    const TillOutput held = sound_->Ask({.verb = Verb::kLook, .reference = input.reference});
    if (held.standing != Standing::kHeld) return absl::nullopt;
    return TillOutput{.reference = held.reference, .points = held.points};
  }

  const std::unique_ptr<TillDesk> sound_;
};

// Says that an authorisation is void, and voids it when the next call comes and has been answered.
class DeskThatAnswersEarly final : public BrokenDesk {
 public:
  using BrokenDesk::BrokenDesk;
  TillOutput Ask(const TillInput& input) override {
    absl::optional<TillInput> owed;
    {
      MutexLock lock(&mutex_);
      owed = std::exchange(owed_, absl::nullopt);
    }
    absl::optional<TillOutput> early = VoidToCome(input);
    if (early.has_value()) {
      MutexLock lock(&mutex_);
      owed_ = input;
    }
    const TillOutput output = early.has_value() ? *early : sound_->Ask(input);
    if (owed.has_value()) sound_->Ask(*owed);
    return output;
  }

 private:
  Mutex mutex_;
  absl::optional<TillInput> owed_ ABSL_GUARDED_BY(mutex_);
};

// Says that an authorisation is void, and forgets about it.
class DeskThatDropsVoids final : public BrokenDesk {
 public:
  using BrokenDesk::BrokenDesk;
  TillOutput Ask(const TillInput& input) override {
    const absl::optional<TillOutput> dropped = VoidToCome(input);
    return dropped.has_value() ? *dropped : sound_->Ask(input);
  }
};

// Says what the balance was when it was last asked for.
class DeskThatReadsOldBalances final : public BrokenDesk {
 public:
  using BrokenDesk::BrokenDesk;
  TillOutput Ask(const TillInput& input) override {
    const TillOutput output = sound_->Ask(input);
    if (input.verb != Verb::kBalance) return output;
    MutexLock lock(&mutex_);
    return std::exchange(last_, output).value_or(output);
  }

 private:
  Mutex mutex_;
  absl::optional<TillOutput> last_ ABSL_GUARDED_BY(mutex_);
};

// Takes a call that it has had before for another one.
class DeskThatChargesRepeats final : public BrokenDesk {
 public:
  using BrokenDesk::BrokenDesk;
  TillOutput Ask(const TillInput& input) override {
    if (input.request == 0) return sound_->Ask(input);
    TillInput fresh = input;
    MutexLock lock(&mutex_);
    if (!seen_.insert(input.request).second) fresh.request = fresh.trace = --numbers_;
    return sound_->Ask(fresh);
  }

 private:
  Mutex mutex_;
  std::uint32_t numbers_ ABSL_GUARDED_BY(mutex_) = 999'999;
  std::set<std::uint32_t> seen_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_BROKEN_DESKS_H_
