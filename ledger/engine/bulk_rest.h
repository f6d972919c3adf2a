// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_BULK_REST_H_
#define PUHUI_LEDGER_ENGINE_BULK_REST_H_

#include <algorithm>
#include <chrono>

namespace puhui::ledger {

// Keeps bulk work from taking the processors from those who buy: while somebody has asked for
// something lately, each group with bulk work is followed by a rest that is twice as long as the
// group took. A run of a million grants then ends later, so that a till waits less. Threads:
// none.
class BulkRest {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::duration kLately = std::chrono::milliseconds(100);
  static constexpr int kFactor = 2;

  void NoteInteractive(Clock::time_point now) { asked_ = now; }
  void NoteBulk(Clock::time_point begun, Clock::time_point ended) {
    rests_until_ = ended + kFactor * (ended - begun);
  }

  bool Lately(Clock::time_point now) const { return now - asked_ < kLately; }
  // Until the next bulk work; zero: it may begin.
  Clock::duration Left(Clock::time_point now) const {
    return Lately(now) ? std::max(rests_until_ - now, Clock::duration::zero())
                       : Clock::duration::zero();
  }

 private:
  Clock::time_point asked_{};
  Clock::time_point rests_until_{};
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_BULK_REST_H_
