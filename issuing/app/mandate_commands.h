// SPDX-License-Identifier: Apache-2.0
// What auditors may read is granted and taken back.
#ifndef PUHUI_ISSUING_APP_MANDATE_COMMANDS_H_
#define PUHUI_ISSUING_APP_MANDATE_COMMANDS_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Narrows what an auditor reads from now on. Records: MandateGranted.
// Requires: `start` is before `end`; there are at most kMandatePurposesMax purposes.
// Refuses: INVALID_FIELD at "mandate.valid_until_time", unless it is to come; NOT_FOUND at
// "mandate.in_union"; ALREADY_EXISTS at "mandate.auditor", while an earlier one is in force.
class GrantMandateCommand final : public ledger::Command {
 public:
  struct Wish {
    std::string auditor{};               // The person behind its identity.
    absl::optional<UnionId> in_union{};  // Absent: as far as the certificate reaches.
    absl::Time start{};
    absl::Time end{};
    std::vector<std::string> purposes{};
    absl::Time valid_until{};
    std::string person{};  // The person behind the identity that grants it.
  };
  GrantMandateCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Ends a mandate that is in force. Records: MandateRevoked. Refuses: NOT_FOUND at "auditor".
class RevokeMandateCommand final : public ledger::Command {
 public:
  struct Wish {
    std::string auditor{};
    std::string person{};  // The person behind the identity.
  };
  RevokeMandateCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MANDATE_COMMANDS_H_
