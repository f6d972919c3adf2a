// SPDX-License-Identifier: Apache-2.0
// The only two control-flow macros of the code base.
#ifndef PUHUI_LEDGER_BASE_STATUS_MACROS_H_
#define PUHUI_LEDGER_BASE_STATUS_MACROS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <utility>

#define PUHUI_STATUS_CONCAT_INNER(a, b) a##b
#define PUHUI_STATUS_CONCAT(a, b) PUHUI_STATUS_CONCAT_INNER(a, b)

// Returns from the function when `expression`, an absl::Status, is not OK.
// The counter lets an expression hold a lambda that uses the macro itself.
#define PUHUI_RETURN_IF_ERROR(expression) \
  PUHUI_RETURN_IF_ERROR_INNER(PUHUI_STATUS_CONCAT(puhui_status_, __COUNTER__), expression)
#define PUHUI_RETURN_IF_ERROR_INNER(status, expression)       \
  do {                                                        \
    if (::absl::Status status = (expression); !status.ok()) { \
      return status;                                          \
    }                                                         \
  } while (false)

// Declares or assigns `target` from `expression`, an absl::StatusOr, or returns its status.
#define PUHUI_ASSIGN_OR_RETURN(target, expression) \
  PUHUI_ASSIGN_OR_RETURN_INNER(PUHUI_STATUS_CONCAT(puhui_or_, __COUNTER__), target, expression)
#define PUHUI_ASSIGN_OR_RETURN_INNER(or_value, target, expression) \
  auto or_value = (expression);                                    \
  if (!or_value.ok()) return std::move(or_value).status();         \
  target = *std::move(or_value)

#endif  // PUHUI_LEDGER_BASE_STATUS_MACROS_H_
