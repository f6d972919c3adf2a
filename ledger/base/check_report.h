// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_BASE_CHECK_REPORT_H_
#define PUHUI_LEDGER_BASE_CHECK_REPORT_H_

#include "absl/strings/string_view.h"

namespace puhui {

// Writes down what a failed check found. The process aborts when it returns.
using CheckReport = void (*)(const char* file, int line, absl::string_view message);

// From now on failed checks are reported by `report` instead of being printed; nullptr prints them
// again. A check that fails while one is being reported is printed. Threads: safe.
void ReportFailedChecksBy(CheckReport report);

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_CHECK_REPORT_H_
