// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_LEAVE_POLICY_H_
#define PUHUI_ISSUING_APP_LEAVE_POLICY_H_

#include "issuing/app/rows.h"

#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::issuing {

// What becomes of the points of somebody who leaves. Numbers are those of puhui.v1.PointsOnLeave.
enum class PointsOnLeave : std::uint8_t {
  kKept = 1,  // They stay in the wallet, which is closed, until the person is back or they expire.
  kReturned = 2,  // They go back to the budgets of their origins.
};

// The one place that says so: what the union's rules want, and where they leave it open, what the
// caller asks for. A union has no such rule yet; who asks for nothing keeps the points.
inline PointsOnLeave PointsOnLeaving(const UnionRow& /*of*/, absl::optional<PointsOnLeave> asked) {
  return asked.value_or(PointsOnLeave::kKept);
}

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_LEAVE_POLICY_H_
