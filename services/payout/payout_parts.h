// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_PAYOUT_PAYOUT_PARTS_H_
#define PUHUI_SERVICES_PAYOUT_PAYOUT_PARTS_H_

#include "ledger/base/clock.h"
#include "merchant/app/bank_account_vault.h"
#include "merchant/app/tables.h"
#include "services/bank/pain_001.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/page_token.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Who pays, and at which rate.
struct Payer {
  BankParty account{};
  std::uint32_t fen_per_point = 0;
};

// What the calls about payouts stand on.
struct PayoutParts {
  LedgerAccess ledger;
  merchant::Tables* tables = nullptr;  // Of the engine's fold: for commands.
  const merchant::BankAccountVault* vault = nullptr;
  const PageTokens* tokens = nullptr;
  const Clock* clock = nullptr;
  absl::optional<Payer> payer{};  // If the configuration says so.
  std::string payer_union{};      // Whose people may pay; empty: nobody's.
  std::string message_prefix{};   // Of the names of this ledger's files.
  absl::Duration cooling{};       // Of changed bank accounts.
  absl::TimeZone zone{};          // In which the bank's days are.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_PAYOUT_PARTS_H_
