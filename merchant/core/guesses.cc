// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/guesses.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

}  // namespace

void CountGuess(const GuessBounds& bounds, absl::Time now, Guesses* guesses) {
  std::vector<absl::Time>& lately = guesses->lately;
  const auto counts = [&](absl::Time guess) { return guess + bounds.within > now; };
  lately.erase(lately.begin(), std::find_if(lately.begin(), lately.end(), counts));
  lately.push_back(now);
  if (guesses->in_day == 0 || guesses->day_start + kDay <= now) {
    guesses->day_start = now;
    guesses->in_day = 0;
  }
  ++guesses->in_day;
}

void CountCodeGuess(absl::Time now, CodeGuesses* guesses) {
  CountGuess(kCodeGuessBounds, now, &guesses->counted);
  // What comes while it is doubted is compared with no device, and so leads to none.
  if (guesses->doubted_until <= now) guesses->doubted_until = now + kDeviceCodesDoubted;
}

absl::Time BlockedAfter(const GuessBounds& bounds, const Guesses& guesses, absl::Time now) {
  if (guesses.in_day >= bounds.per_day) return guesses.day_start + kDay;
  if (guesses.lately.size() >= bounds.most) return now + bounds.block;
  return now;
}

absl::Time BlockedByOneMore(const GuessBounds& bounds, const Guesses* known, absl::Time now) {
  Guesses guesses = known == nullptr ? Guesses() : *known;
  CountGuess(bounds, now, &guesses);
  const absl::Time until = BlockedAfter(bounds, guesses, now);
  return until > now ? until : absl::UnixEpoch();
}

void BlockGuesses(absl::Time until, Guesses* guesses) {
  guesses->blocked_until = until;
  guesses->lately.clear();
}

}  // namespace puhui::merchant
