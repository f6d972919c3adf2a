// SPDX-License-Identifier: Apache-2.0
// How many codes, and how many card numbers, that do not exist a terminal may send, so that nobody
// finds one by trying.
#ifndef PUHUI_MERCHANT_CORE_GUESSES_H_
#define PUHUI_MERCHANT_CORE_GUESSES_H_

#include "ledger/base/limits.h"

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

// Fewer than so many may come within a while, and within a day.
struct GuessBounds {
  std::size_t most = 0;
  absl::Duration within{};
  absl::Duration block{};
  std::uint32_t per_day = 0;
};
inline constexpr GuessBounds kCodeGuessBounds{.most = kWrongCodesMax,
                                              .within = kWrongCodesWithin,
                                              .block = kWrongCodesBlock,
                                              .per_day = kWrongCodesPerDayMax};
inline constexpr GuessBounds kCardGuessBounds{.most = kWrongCardsMax,
                                              .within = kWrongCardsWithin,
                                              .block = kWrongCardsBlock,
                                              .per_day = kWrongCardsPerDayMax};
inline constexpr GuessBounds kVoucherGuessBounds{.most = kWrongVouchersMax,
                                                 .within = kWrongVouchersWithin,
                                                 .block = kWrongVouchersBlock,
                                                 .per_day = kWrongVouchersPerDayMax};

// What one terminal sent that did not exist. Stored.
struct Guesses {
  std::vector<absl::Time> lately{};  // Oldest first; none that counts no more.
  absl::Time day_start{};            // Of the first in the day that is counted.
  std::uint32_t in_day = 0;
  absl::Time blocked_until{};

  std::size_t HeapBytes() const { return lately.capacity() * sizeof(absl::Time); }
  template <class F>
  void Fields(F& f) {
    f(lately, day_start, in_day, blocked_until);
  }
};

// How long a code of a device that is not looked up counts as a guess: longer than it is good.
inline constexpr absl::Duration kHiddenCodeCounts = absl::Minutes(2);

// Of codes. Stored.
struct CodeGuesses {
  Guesses counted{};
  absl::Time doubted_until{};  // Codes of devices are not looked up, once one was no code.
  // When some came all the same, oldest first. They are no guesses, but not to count one at once
  // would tell that it is good somewhere else: it is taken off the day kHiddenCodeCounts later.
  std::vector<absl::Time> hidden{};

  std::size_t HeapBytes() const {
    return counted.HeapBytes() + hidden.capacity() * sizeof(absl::Time);
  }
  template <class F>
  void Fields(F& f) {
    f(counted, doubted_until, hidden);
  }
};

// Counts one more. Does not block.
void CountGuess(const GuessBounds& bounds, absl::Time now, Guesses* guesses);
// `hidden`: it is a device's.
void CountCodeGuess(absl::Time now, bool hidden, CodeGuesses* guesses);

// Until when nothing of the terminal is looked up, once `guesses` have come; never later than `now`
// when it is not one too many. The day's bound is the stricter where both are reached.
absl::Time BlockedAfter(const GuessBounds& bounds, const Guesses& guesses, absl::Time now);
// Until when it is blocked by one more than `known`, if that is one too many; else the epoch.
absl::Time BlockedByOneMore(const GuessBounds& bounds, const Guesses* known, absl::Time now);
// The same of codes. Whether the one more is a device's makes no difference.
absl::Time BlockedByOneMoreCode(const CodeGuesses* known, absl::Time now);

// Blocks it, and begins to count anew. A day that is full is over with its block.
void BlockGuesses(absl::Time until, Guesses* guesses);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_GUESSES_H_
