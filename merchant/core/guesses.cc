// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/guesses.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// Takes off what can be good nowhere any more, unless it counted in a day that is over.
void Settle(absl::Time now, CodeGuesses* guesses) {
  std::vector<absl::Time>& hidden = guesses->hidden;
  const auto counts = [&](absl::Time shown) { return shown + kHiddenCodeCounts > now; };
  const auto over = std::find_if(hidden.begin(), hidden.end(), counts);
  const absl::Time day_start = guesses->counted.day_start;
  const auto of_the_day = [&](absl::Time shown) { return shown >= day_start; };
  guesses->counted.in_day -=
      static_cast<std::uint32_t>(std::count_if(hidden.begin(), over, of_the_day));
  hidden.erase(hidden.begin(), over);
}

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

void CountCodeGuess(absl::Time now, bool hidden, CodeGuesses* guesses) {
  Settle(now, guesses);
  CountGuess(kCodeGuessBounds, now, &guesses->counted);
  if (hidden) guesses->hidden.push_back(now);
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

absl::Time BlockedByOneMoreCode(const CodeGuesses* known, absl::Time now) {
  if (known == nullptr) return BlockedByOneMore(kCodeGuessBounds, nullptr, now);
  CodeGuesses guesses = *known;
  Settle(now, &guesses);
  return BlockedByOneMore(kCodeGuessBounds, &guesses.counted, now);
}

void BlockGuesses(absl::Time until, Guesses* guesses) {
  guesses->blocked_until = until;
  guesses->lately.clear();
}

}  // namespace puhui::merchant
