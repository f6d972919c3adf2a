// SPDX-License-Identifier: Apache-2.0
// The accounts that merchants are paid to, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_BANK_ACCOUNT_ROWS_H_
#define PUHUI_MERCHANT_APP_BANK_ACCOUNT_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// Numbers are those of puhui.v1.BankAccountState. Stored.
enum class BankAccountState : std::uint8_t { kProposed = 1, kConfirmed = 2, kRejected = 3 };

struct BankAccountKey {
  MerchantNumber merchant{};
  std::uint32_t number = 0;  // From 1, in the order they were proposed.

  template <class F>
  void Fields(F& f) {
    f(merchant, number);
  }
  friend bool operator==(const BankAccountKey&, const BankAccountKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const BankAccountKey& key) {
    return H::combine(std::move(hash), key.merchant, key.number);
  }
};

struct BankAccountRow {
  BankAccountState state = BankAccountState::kProposed;
  std::string last_four{};
  ledger::Hash commitment{};  // Of what the vault holds.
  absl::Time create_time{};
  std::string proposer{};
  absl::optional<absl::Time> decide_time{};
  std::string decider{};
  std::string reason{};                   // Why it was rejected.
  absl::optional<absl::Time> use_time{};  // When it was confirmed: from when on it is paid to.

  template <class F>
  void Fields(F& f) {
    f(state, last_four, commitment, create_time, proposer, decide_time, decider, reason, use_time);
  }
};

inline constexpr ledger::TypedTable<BankAccountKey, BankAccountRow> kBankAccountTable{
    ledger::Table::kBankAccounts, ledger::Family::kIndex, "bank accounts"};
// By the first half of the commitment; sealed, and bound to the whole of it.
inline constexpr ledger::TypedTable<ledger::Tag, std::string> kBankDataTable{
    ledger::Table::kBankData, ledger::Family::kVault, "bank data"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BANK_ACCOUNT_ROWS_H_
