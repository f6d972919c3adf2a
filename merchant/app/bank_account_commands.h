// SPDX-License-Identifier: Apache-2.0
// The accounts that merchants are paid to.
#ifndef PUHUI_MERCHANT_APP_BANK_ACCOUNT_COMMANDS_H_
#define PUHUI_MERCHANT_APP_BANK_ACCOUNT_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/bank_account_vault.h"
#include "merchant/app/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// Records: BankAccountProposed; puts the account into the vault.
// Refuses: NOT_FOUND, BANK_ACCOUNT_STATE while another is proposed, BANK_ACCOUNTS_LIMIT.
class ProposeBankAccountCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    SealedBankAccount account{};
    std::string last_four{};
    std::string person{};  // The person behind the identity.
  };
  ProposeBankAccountCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// The first account of a merchant is paid to at once, another when `cooling` is over.
// Records: BankAccountDecided.
// Refuses: SAME_PERSON, NOT_FOUND, BANK_ACCOUNT_STATE, BANK_ACCOUNT_DIFFERS.
class ConfirmBankAccountCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    std::uint32_t number = 0;
    bool said_alike = false;  // The confirmer named the account number that the vault has.
    absl::Duration cooling{};
    std::string person{};
  };
  ConfirmBankAccountCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// What nobody has been paid to: proposed, or still cooling. Takes it out of the vault.
// Records: BankAccountDecided. Refuses: NOT_FOUND, BANK_ACCOUNT_STATE.
class RejectBankAccountCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    std::uint32_t number = 0;
    std::string reason{};
    std::string person{};
  };
  RejectBankAccountCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  Tables& tables_;
  const Wish wish_;
  ledger::Hash commitment_{};  // Once it is decided.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BANK_ACCOUNT_COMMANDS_H_
