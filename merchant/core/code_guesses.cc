// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/code_guesses.h"

#include "ledger/base/limits.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

}  // namespace

void CountGuess(absl::Time now, CodeGuesses* guesses) {
  std::vector<absl::Time>& lately = guesses->lately;
  const auto counts = [now](absl::Time guess) { return guess + kWrongCodesWithin > now; };
  lately.erase(lately.begin(), std::find_if(lately.begin(), lately.end(), counts));
  lately.push_back(now);
  if (guesses->in_day == 0 || guesses->day_start + kDay <= now) {
    guesses->day_start = now;
    guesses->in_day = 0;
  }
  ++guesses->in_day;
  // What comes while it is doubted is compared with no device, and so leads to none.
  if (guesses->doubted_until <= now) guesses->doubted_until = now + kDeviceCodesDoubted;
}

absl::Time BlockedAfter(const CodeGuesses& guesses, absl::Time now) {
  if (guesses.in_day >= kWrongCodesPerDayMax) return guesses.day_start + kDay;
  if (guesses.lately.size() >= kWrongCodesMax) return now + kWrongCodesBlock;
  return now;
}

void BlockGuesses(absl::Time until, CodeGuesses* guesses) {
  guesses->blocked_until = until;
  guesses->lately.clear();
}

}  // namespace puhui::merchant
