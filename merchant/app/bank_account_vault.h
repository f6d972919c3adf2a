// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_BANK_ACCOUNT_VAULT_H_
#define PUHUI_MERCHANT_APP_BANK_ACCOUNT_VAULT_H_

#include "ledger/base/random.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::merchant {

// What a bank has to know to pay somebody.
struct BankAccountData {
  std::string account_number{};
  std::string holder_name{};
  std::string bank_code{};  // In CNAPS.

  template <class F>
  void Fields(F& f) {
    f(account_number, holder_name, bank_code);
  }
  friend bool operator==(const BankAccountData&, const BankAccountData&) = default;
};

// The same as it lies in the vault, and what the journal vouches for it with.
struct SealedBankAccount {
  ledger::Hash commitment{};
  std::string sealed{};
};

// Where an account lies in the vault.
ledger::Tag BankDataKey(const ledger::Hash& commitment);

// Seals and opens bank accounts. The commitment is SHA-256 of a random salt and the encoded data,
// and what is sealed is bound to it; the salt lies in the sealed part. The key follows from that of
// the keyed hash. Threads: safe. Borrows: the hash and the random source.
class BankAccountVault {
 public:
  BankAccountVault(const ledger::KeyedHash* keyed_hash, RandomSource* random);

  SealedBankAccount Seal(const BankAccountData& data) const;
  // Fails: kDataLoss when it is another account's, or was changed.
  absl::StatusOr<BankAccountData> Open(const ledger::Hash& commitment,
                                       absl::string_view sealed) const;
  // The one that the store has. Fails: as Open, and kDataLoss when it is not there.
  absl::StatusOr<BankAccountData> Read(const ledger::Readable& store,
                                       const ledger::Hash& commitment) const;

 private:
  RandomSource& random_;
  const std::string key_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BANK_ACCOUNT_VAULT_H_
