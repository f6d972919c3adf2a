// SPDX-License-Identifier: Apache-2.0
// Codes with which terminals are enrolled by people who have nothing else of the merchant.
#ifndef PUHUI_MERCHANT_APP_ENROLMENT_COMMANDS_H_
#define PUHUI_MERCHANT_APP_ENROLMENT_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::merchant {

// An earlier code for the terminal is void from now on, and how many wrong ones there were is
// forgotten.
// Refuses: NOT_FOUND (the merchant or the store), ALREADY_EXISTS (the terminal is enrolled),
// MERCHANT_NOT_ACTIVE.
class CreateEnrolmentCodeCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    StoreId store{};
    TerminalId id{};
    ledger::Tag code{};  // Its keyed hash.
    absl::Duration lifetime{};
    std::string person{};  // The person behind the identity.
  };
  CreateEnrolmentCodeCommand(Tables* tables, Wish wish)
      : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Enrols a terminal and uses its code, in one record. A code that is not good is an outcome too, so
// that it is counted and that a repeated call does not count twice.
// Refuses: MERCHANT_NOT_ACTIVE, to whoever showed the right code.
class EnrollWithCodeCommand final : public ledger::Command {
 public:
  EnrollWithCodeCommand(Tables* tables, EnrollTerminalCommand::Wish wish, ledger::Tag code)
      : tables_(*tables), wish_(std::move(wish)), code_(code) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  // What is wrong with the code; unspecified: nothing.
  journal::v1::EnrolmentCodeFault FaultOf(const EnrolmentCodeRow* row, absl::Time now) const;

  Tables& tables_;
  const EnrollTerminalCommand::Wish wish_;
  const ledger::Tag code_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ENROLMENT_COMMANDS_H_
