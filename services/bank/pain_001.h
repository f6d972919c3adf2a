// SPDX-License-Identifier: Apache-2.0
// ISO 20022 CustomerCreditTransferInitiationV09 (pain.001.001.09): what a bank is asked to pay.
#ifndef PUHUI_SERVICES_BANK_PAIN_001_H_
#define PUHUI_SERVICES_BANK_PAIN_001_H_

#include "services/bank/bank_party.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {

struct CreditTransfer {
  std::string end_to_end_id{};
  std::int64_t amount_fen = 0;
  BankParty creditor{};
  std::string remark{};
};

struct PaymentFile {
  std::string message_id{};
  absl::Time create_time{};  // Cut to whole seconds.
  absl::CivilDay execution_day{};
  BankParty payer{};
  std::vector<CreditTransfer> transfers{};
};

// One group, one debit of the payer, in UTF-8 and without blanks between elements: the same file is
// always the same bytes. Requires: there are transfers, of more than nothing each (checked); the
// parties are as bank_party.h says, ids of at most 35 characters.
std::string WritePain001(const PaymentFile& file);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_BANK_PAIN_001_H_
