// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_DECLINED_H_
#define PUHUI_SERVICES_LEDGER_DECLINED_H_

#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::services {

// The refusal that a Declined record keeps.
absl::Status DeclinedStatus(const journal::v1::Declined& declined);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_DECLINED_H_
