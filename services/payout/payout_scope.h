// SPDX-License-Identifier: Apache-2.0
// What of payouts a caller may see. What a caller may not see does not exist for it.
#ifndef PUHUI_SERVICES_PAYOUT_PAYOUT_SCOPE_H_
#define PUHUI_SERVICES_PAYOUT_PAYOUT_SCOPE_H_

#include "ledger/storage/store.h"
#include "merchant/app/payout_rows.h"
#include "services/auth/identity.h"
#include "services/payout/payout_parts.h"
#include "services/settlement/statement_name.h"

#include "absl/status/statusor.h"

#include <cstdint>
#include <string>

namespace puhui::services {

struct SeenPayee {
  MerchantNumber number{};
  std::string name;  // Of the merchant.
  merchant::PayeeRow row{};
};
// Refuses: kNotFound.
absl::StatusOr<SeenPayee> SeePayee(const PayoutParts& parts, const Principal& principal,
                                   const MerchantId& id, const ledger::Readable& store);

// A statement that was cut. Refuses: kNotFound.
struct SeenPayout {
  SeenPayee payee{};
  merchant::StatementKey key{};
  merchant::PayoutRow row{};
};
absl::StatusOr<SeenPayout> SeePayout(const PayoutParts& parts, const Principal& principal,
                                     const StatementName& name, const ledger::Readable& store);

// Refuses: kNotFound.
absl::StatusOr<merchant::PayoutRunRow> SeeRun(const PayoutParts& parts, const Principal& principal,
                                              std::uint32_t run, const ledger::Readable& store);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_PAYOUT_SCOPE_H_
