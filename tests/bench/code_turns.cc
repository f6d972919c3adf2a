// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/code_turns.h"

#include "ledger/base/check.h"
#include "merchant/core/device_code.h"

#include <algorithm>

namespace puhui::bench {
namespace {

constexpr absl::Duration kTurnsKept = absl::Seconds(1);

}  // namespace

CodeTurns::CodeTurns(Share share, absl::Time start) : share_(share) {
  PUHUI_CHECK(share_.devices > 0 && share_.connection < share_.connections);
  next_ = OwnFrom(LastAt(start) + 1);
}

absl::optional<CodeTurns::Turn> CodeTurns::Take(absl::Time now) {
  next_ = std::max(next_, OwnFrom(LastAt(now - kTurnsKept) + 1));
  if (next_ > LastAt(now)) return absl::nullopt;
  const auto devices = static_cast<std::int64_t>(share_.devices);
  const Turn turn{.device = static_cast<std::size_t>(next_ % devices), .step = next_ / devices};
  next_ += static_cast<std::int64_t>(share_.connections);
  return turn;
}

std::int64_t CodeTurns::LastAt(absl::Time now) const {
  const auto devices = static_cast<std::int64_t>(share_.devices);
  const std::int64_t step = merchant::StepAt(now);
  const absl::Duration into = now - (absl::UnixEpoch() + step * merchant::kDeviceStep);
  return step * devices + absl::ToInt64Microseconds(into) * devices /
                              absl::ToInt64Microseconds(merchant::kDeviceStep);
}

std::int64_t CodeTurns::OwnFrom(std::int64_t turn) const {
  const auto every = static_cast<std::int64_t>(share_.connections);
  const auto own = static_cast<std::int64_t>(share_.connection);
  return turn + (own + every - turn % every) % every;
}

}  // namespace puhui::bench
