// SPDX-License-Identifier: Apache-2.0
// Checks for programmer's bugs. They stay on in every build type: a wrong ledger is worse than a
// stopped one.
#ifndef PUHUI_LEDGER_BASE_CHECK_H_
#define PUHUI_LEDGER_BASE_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace puhui {

// Prints `message` with its place to stderr and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, absl::string_view message);

}  // namespace puhui

// Aborts when `condition` is false. The condition is always evaluated.
#define PUHUI_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::puhui::CheckFailed(__FILE__, __LINE__, #condition))

// Aborts when `expression`, an absl::Status, is not OK, and prints the status.
#define PUHUI_CHECK_OK(expression)                                             \
  do {                                                                         \
    const ::absl::Status puhui_check_status = (expression);                    \
    if (!puhui_check_status.ok()) {                                            \
      ::puhui::CheckFailed(__FILE__, __LINE__, puhui_check_status.ToString()); \
    }                                                                          \
  } while (false)

#endif  // PUHUI_LEDGER_BASE_CHECK_H_
