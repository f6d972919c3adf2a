// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CORE_REFUSAL_H_
#define PUHUI_LEDGER_CORE_REFUSAL_H_

#include "ledger/core/reason.h"

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// A rule said no.
struct Refusal {
  Reason reason;
  // The field at fault, for example "points" or "rows[3].member"; may be empty.
  std::string field = {};
  // What was wanted and what came, for people. Never personal data.
  std::string message = {};
  // Figures for programs, for example {"available", "120"}.
  std::vector<std::pair<std::string, std::string>> metadata = {};
};

// A refusal on its way to the edge: a status with the refusal as payload.
absl::Status ToStatus(const Refusal& refusal);
// The refusal that ToStatus packed, or nothing.
absl::optional<Refusal> RefusalOf(const absl::Status& status);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_REFUSAL_H_
