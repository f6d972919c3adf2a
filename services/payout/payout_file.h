// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_PAYOUT_PAYOUT_FILE_H_
#define PUHUI_SERVICES_PAYOUT_PAYOUT_FILE_H_

#include "ledger/storage/store.h"
#include "merchant/app/payout_rows.h"
#include "services/payout/payout_parts.h"

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// The file for the bank, with the accounts out of the vault. The same run, payer and day always
// give the same bytes. Requires: the run was approved, and there is a payer (checked). Fails:
// kDataLoss when an account is missing or not the one that the journal vouches for.
absl::StatusOr<std::string> WritePayoutFile(const PayoutParts& parts, const ledger::Readable& store,
                                            std::uint32_t run, const merchant::PayoutRunRow& row,
                                            absl::CivilDay execution_day);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_PAYOUT_FILE_H_
