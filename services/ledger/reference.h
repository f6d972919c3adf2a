// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_REFERENCE_H_
#define PUHUI_SERVICES_LEDGER_REFERENCE_H_

#include "ledger/base/id.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// Our reference (RRN): the record's sequence in 12 digits.
std::string FormatReference(Sequence sequence);
// orders/{order}, by its reference.
std::string FormatOrderName(Sequence order);
// Refuses: kInvalidField.
absl::StatusOr<Sequence> ParseReference(absl::string_view text, absl::string_view field);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_REFERENCE_H_
