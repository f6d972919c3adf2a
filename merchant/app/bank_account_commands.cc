// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bank_account_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NoSuch(absl::string_view field, absl::string_view what) {
  return {.reason = Reason::kNotFound,
          .field = std::string(field),
          .message = absl::StrCat("there is no such ", what)};
}

Refusal WrongAccountState(absl::string_view message) {
  return {.reason = Reason::kBankAccountState, .field = "name", .message = std::string(message)};
}

// An account by its name, if it is there.
struct Found {
  BankAccountKey key{};
  const BankAccountRow* row = nullptr;
};
absl::optional<Found> FindAccount(Tables& tables, const MerchantId& merchant,
                                  std::uint32_t number) {
  const MerchantNumber* of = tables.merchant_ids.Find(merchant.text());
  if (of == nullptr) return absl::nullopt;
  Found found{.key = {*of, number}};
  found.row = tables.bank_accounts.Find(found.key);
  if (found.row == nullptr) return absl::nullopt;
  return found;
}

}  // namespace

absl::optional<Refusal> ProposeBankAccountCommand::Decide(const ledger::DecideContext& /*context*/,
                                                          ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  if (merchant == nullptr) return NoSuch("parent", "merchant");
  const PayeeRow* payee = tables_.payees.Find(*merchant);
  if (payee != nullptr && payee->proposed != 0) {
    return Refusal{.reason = Reason::kBankAccountState,
                   .field = "parent",
                   .message = absl::StrCat("account ", payee->proposed,
                                           " is proposed: confirm or reject that first")};
  }
  if (payee != nullptr && payee->usable.size() >= kBankAccountsPerMerchantMax) {
    return Refusal{.reason = Reason::kBankAccountsLimit,
                   .field = "parent",
                   .message = absl::StrCat("a merchant has at most ", kBankAccountsPerMerchantMax,
                                           " confirmed accounts")};
  }
  jv1::BankAccountProposed& proposed = *decision.Add().mutable_bank_account_proposed();
  proposed.set_merchant(static_cast<std::uint32_t>(*merchant));
  proposed.set_number((payee == nullptr ? 0 : payee->accounts) + 1);
  proposed.set_commitment(std::string(ledger::AsBytes(wish_.account.commitment)));
  proposed.set_last_four(wish_.last_four);
  proposed.set_person(wish_.person);
  return absl::nullopt;
}

void ProposeBankAccountCommand::StorePersonalData() {
  tables_.bank_data.Put(BankDataKey(wish_.account.commitment), wish_.account.sealed);
}

absl::optional<Refusal> ConfirmBankAccountCommand::Decide(const ledger::DecideContext& context,
                                                          ledger::Decision& decision) {
  const absl::optional<Found> found = FindAccount(tables_, wish_.merchant, wish_.number);
  if (!found.has_value()) return NoSuch("name", "bank account");
  if (found->row->proposer == wish_.person) {
    return Refusal{.reason = Reason::kSamePerson,
                   .field = "name",
                   .message = "who proposed the account may not confirm it"};
  }
  if (found->row->state != BankAccountState::kProposed) {
    return WrongAccountState("the account was confirmed or rejected already");
  }
  if (!wish_.said_alike) {
    return Refusal{.reason = Reason::kBankAccountDiffers,
                   .field = "account_number",
                   .message = "the account that was proposed has another number"};
  }
  const PayeeRow* payee = tables_.payees.Find(found->key.merchant);
  PUHUI_CHECK(payee != nullptr);
  absl::Time use_time = context.now;
  // Whoever takes a merchant over finds an account there, and has to wait; the first is nobody's
  // loss. Never before one that was confirmed earlier, should the period have been made shorter.
  if (!payee->usable.empty()) {
    use_time = std::max(context.now + wish_.cooling, payee->usable.back().use_time);
  }
  jv1::BankAccountDecided& decided = *decision.Add().mutable_bank_account_decided();
  decided.set_merchant(static_cast<std::uint32_t>(found->key.merchant));
  decided.set_number(wish_.number);
  decided.set_confirmed(true);
  decided.set_use_micros(absl::ToUnixMicros(use_time));
  decided.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> RejectBankAccountCommand::Decide(const ledger::DecideContext& context,
                                                         ledger::Decision& decision) {
  const absl::optional<Found> found = FindAccount(tables_, wish_.merchant, wish_.number);
  if (!found.has_value()) return NoSuch("name", "bank account");
  const BankAccountRow& row = *found->row;
  if (row.state == BankAccountState::kRejected)
    return WrongAccountState("the account was rejected");
  if (row.state == BankAccountState::kConfirmed && *row.use_time <= context.now) {
    return WrongAccountState("the account is in use: propose another");
  }
  jv1::BankAccountDecided& decided = *decision.Add().mutable_bank_account_decided();
  decided.set_merchant(static_cast<std::uint32_t>(found->key.merchant));
  decided.set_number(wish_.number);
  decided.set_reason(wish_.reason);
  decided.set_person(wish_.person);
  commitment_ = row.commitment;
  return absl::nullopt;
}

void RejectBankAccountCommand::StorePersonalData() {
  tables_.bank_data.Erase(BankDataKey(commitment_));
}

}  // namespace puhui::merchant
