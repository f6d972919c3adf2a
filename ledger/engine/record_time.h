// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_RECORD_TIME_H_
#define PUHUI_LEDGER_ENGINE_RECORD_TIME_H_

#include "puhui/journal/v1/record.pb.h"

#include "absl/time/time.h"

namespace puhui::ledger {

// When what the record says was decided.
inline absl::Time TimeOf(const journal::v1::Record& record) {
  return absl::FromUnixMicros(record.time_micros());
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_RECORD_TIME_H_
