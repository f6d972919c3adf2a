// SPDX-License-Identifier: Apache-2.0
// How many codes that do not exist a terminal may send, so that nobody finds one by trying.
#ifndef PUHUI_MERCHANT_CORE_CODE_GUESSES_H_
#define PUHUI_MERCHANT_CORE_CODE_GUESSES_H_

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

// The codes of one terminal that did not exist. Stored.
struct CodeGuesses {
  std::vector<absl::Time> lately{};  // Oldest first; none that counts no more.
  absl::Time day_start{};            // Of the first in the day that is counted.
  std::uint32_t in_day = 0;
  absl::Time blocked_until{};
  absl::Time doubted_until{};  // Codes of devices are not looked up, once one was no code.

  std::size_t HeapBytes() const { return lately.capacity() * sizeof(absl::Time); }
  template <class F>
  void Fields(F& f) {
    f(lately, day_start, in_day, blocked_until, doubted_until);
  }
};

// Counts one more. Does not block.
void CountGuess(absl::Time now, CodeGuesses* guesses);

// Until when no code of the terminal is looked up, once `guesses` have come; never later than `now`
// when it is not one too many. The day's bound is the stricter where both are reached.
absl::Time BlockedAfter(const CodeGuesses& guesses, absl::Time now);

// Blocks it, and begins to count anew. A day that is full is over with its block.
void BlockGuesses(absl::Time until, CodeGuesses* guesses);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_CODE_GUESSES_H_
