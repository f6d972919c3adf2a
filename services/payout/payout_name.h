// SPDX-License-Identifier: Apache-2.0
// Names of bank accounts, runs and payments. Parsing refuses with kInvalidField.
#ifndef PUHUI_SERVICES_PAYOUT_PAYOUT_NAME_H_
#define PUHUI_SERVICES_PAYOUT_PAYOUT_NAME_H_

#include "ledger/base/id.h"
#include "merchant/app/payout_rows.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

struct BankAccountName {
  MerchantId merchant_id;
  std::uint32_t number = 0;
};

// merchants/{merchant}/bankAccounts/{account}
absl::StatusOr<BankAccountName> ParseBankAccountName(absl::string_view name,
                                                     absl::string_view field);
std::string FormatBankAccountName(absl::string_view merchant_name, std::uint32_t number);
// payoutRuns/{run}
absl::StatusOr<std::uint32_t> ParsePayoutRunName(absl::string_view name, absl::string_view field);
std::string FormatPayoutRunName(std::uint32_t run);
// payoutRuns/{run}/payments/{payment}
absl::StatusOr<merchant::PaymentKey> ParsePaymentName(absl::string_view name,
                                                      absl::string_view field);
std::string FormatPaymentName(std::uint32_t run, std::uint32_t payment);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_PAYOUT_NAME_H_
