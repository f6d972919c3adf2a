// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/clock.h"

#include "absl/time/clock.h"

namespace puhui {

absl::Time SystemClock::Now() const {
  return absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
}

}  // namespace puhui
