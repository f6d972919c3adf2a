// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bank_account_applier.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <vector>

namespace puhui::merchant {

namespace jv1 = journal::v1;

absl::Status BankAccountApplier::Apply(const jv1::Record& record) {
  if (record.has_bank_account_proposed()) return Propose(record);
  if (record.has_bank_account_decided()) return Decide(record);
  return absl::OkStatus();
}

absl::Status BankAccountApplier::Propose(const jv1::Record& record) {
  const jv1::BankAccountProposed& proposed = record.bank_account_proposed();
  const MerchantNumber merchant{proposed.merchant()};
  PayeeRow& payee = tables_.payees.Edit(merchant);
  if (payee.proposed != 0 || proposed.number() != payee.accounts + 1 ||
      proposed.commitment().size() != sizeof(ledger::Hash)) {
    return absl::DataLossError(absl::StrCat("bank account ", proposed.number(), " of merchant ",
                                            proposed.merchant(), " cannot be proposed"));
  }
  payee.accounts = proposed.number();
  payee.proposed = proposed.number();
  tables_.bank_accounts.Put(
      {merchant, proposed.number()},
      BankAccountRow{.last_four = proposed.last_four(),
                     .commitment = ledger::HashFromBytes(proposed.commitment()),
                     .create_time = absl::FromUnixMicros(record.time_micros()),
                     .proposer = proposed.person()});
  return absl::OkStatus();
}

absl::Status BankAccountApplier::Decide(const jv1::Record& record) {
  const jv1::BankAccountDecided& decided = record.bank_account_decided();
  const BankAccountKey key{MerchantNumber{decided.merchant()}, decided.number()};
  const BankAccountRow* known = tables_.bank_accounts.Find(key);
  const bool open = known != nullptr && known->state == BankAccountState::kProposed;
  const bool cooling = known != nullptr && known->state == BankAccountState::kConfirmed &&
                       absl::ToUnixMicros(*known->use_time) > record.time_micros();
  if (!open && (decided.confirmed() || !cooling)) {
    return absl::DataLossError(absl::StrCat("bank account ", decided.number(), " of merchant ",
                                            decided.merchant(), " cannot be decided on"));
  }
  BankAccountRow& row = tables_.bank_accounts.Edit(key);
  row.decide_time = absl::FromUnixMicros(record.time_micros());
  row.decider = decided.person();
  PayeeRow& payee = tables_.payees.Edit(key.merchant);
  if (open) payee.proposed = 0;
  if (decided.confirmed()) {
    row.state = BankAccountState::kConfirmed;
    row.use_time = absl::FromUnixMicros(decided.use_micros());
    payee.usable.push_back({key.number, *row.use_time});
    return absl::OkStatus();
  }
  row.state = BankAccountState::kRejected;
  row.reason = decided.reason();
  row.use_time.reset();
  std::erase_if(payee.usable,
                [&](const UsableAccount& account) { return account.number == key.number; });
  return absl::OkStatus();
}

}  // namespace puhui::merchant
