// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_RECORD_DAY_H_
#define PUHUI_LEDGER_ENGINE_RECORD_DAY_H_

#include "absl/time/civil_time.h"

#include <cstdint>

namespace puhui::ledger {

// Records have civil days as days since 1970-01-01, which is the day that nobody sets.
inline absl::CivilDay DayFromRecord(std::int32_t days) { return absl::CivilDay() + days; }
inline std::int32_t DayForRecord(absl::CivilDay day) {
  return static_cast<std::int32_t>(day - absl::CivilDay());
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_RECORD_DAY_H_
