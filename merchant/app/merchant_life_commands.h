// SPDX-License-Identifier: Apache-2.0
// What becomes of a merchant after it was registered.
#ifndef PUHUI_MERCHANT_APP_MERCHANT_LIFE_COMMANDS_H_
#define PUHUI_MERCHANT_APP_MERCHANT_LIFE_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"
#include "merchant/core/agreement.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::merchant {

// Refuses: NOT_FOUND, MERCHANT_STATE (not accepted, or closed), AGREEMENTS_LIMIT,
// AGREEMENT_PAST_DATED, AGREEMENT_OVERLAP.
class SetAgreementCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    absl::optional<absl::Time> start{};  // Not set: at once.
    // Its number and start are the decision's. Requires: fee and discount are 10,000 at most.
    Agreement agreement{};
    std::string person{};  // The person behind the identity.
  };
  SetAgreementCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// ACTIVE ⇄ SUSPENDED → CLOSED; a merchant is closed from either. Not closed while authorisations
// are held: the till may still capture them.
// Refuses: NOT_FOUND, MERCHANT_STATE, MERCHANT_HAS_AUTHORIZATIONS.
class ChangeMerchantStateCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    MerchantState state{};
    std::string reason{};
    std::string person{};  // The person behind the identity.
  };
  ChangeMerchantStateCommand(Tables* tables, Wish wish)
      : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MERCHANT_LIFE_COMMANDS_H_
