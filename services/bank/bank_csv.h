// SPDX-License-Identifier: Apache-2.0
// A plain list of what became of payments, for banks that have nothing better.
#ifndef PUHUI_SERVICES_BANK_BANK_CSV_H_
#define PUHUI_SERVICES_BANK_BANK_CSV_H_

#include "merchant/core/bank_answer.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace puhui::services {

// UTF-8 or GB18030, with a header: end_to_end_id (端到端标识), status (状态), amount (金额, in
// yuan) and, if there is one, reason (原因, a code). A status is PAID (已付), REJECTED (退回) or
// one of ISO 20022. Other columns are not looked at. Refuses: kInvalidArgument, naming line and
// column, for what cannot be read, is larger than limits.h allows, or names a payment twice.
absl::StatusOr<merchant::BankAnswer> ReadBankCsv(absl::string_view bytes);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_BANK_BANK_CSV_H_
