// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bank_account_vault.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/aead.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/bank_account_rows.h"

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <array>
#include <cstdint>

namespace puhui::merchant {
namespace {

constexpr char kAccountSealLabel[] = "bank_account";
constexpr std::size_t kSaltBytes = 32;

}  // namespace

ledger::Tag BankDataKey(const ledger::Hash& commitment) {
  return ledger::TagFromBytes(ledger::AsBytes(commitment).substr(0, sizeof(ledger::Tag)));
}

BankAccountVault::BankAccountVault(const ledger::KeyedHash* keyed_hash, RandomSource* random)
    : random_(*random), key_(ledger::AsBytes(keyed_hash->Digest(kAccountSealLabel, ""))) {}

SealedBankAccount BankAccountVault::Seal(const BankAccountData& data) const {
  std::array<std::uint8_t, kSaltBytes> salt{};
  random_.Fill(absl::MakeSpan(salt));
  const std::string plain =
      absl::StrCat(std::string(salt.begin(), salt.end()), ledger::EncodeValue(data));
  const ledger::Hash commitment = ledger::Sha256().Digest(plain);
  return {.commitment = commitment,
          .sealed = ledger::Seal(key_, plain, ledger::AsBytes(commitment), random_)};
}

absl::StatusOr<BankAccountData> BankAccountVault::Open(const ledger::Hash& commitment,
                                                       absl::string_view sealed) const {
  PUHUI_ASSIGN_OR_RETURN(const std::string plain,
                         ledger::Open(key_, sealed, ledger::AsBytes(commitment)));
  // Whoever has the key could seal something else; the journal would not vouch for it.
  if (plain.size() < kSaltBytes || ledger::Sha256().Digest(plain) != commitment) {
    return absl::DataLossError("a bank account is not the one that the journal vouches for");
  }
  BankAccountData data;
  PUHUI_RETURN_IF_ERROR(ledger::DecodeValue(absl::string_view(plain).substr(kSaltBytes), &data));
  return data;
}

absl::StatusOr<BankAccountData> BankAccountVault::Read(const ledger::Readable& store,
                                                       const ledger::Hash& commitment) const {
  PUHUI_ASSIGN_OR_RETURN(const auto sealed,
                         ledger::Find(store, kBankDataTable, BankDataKey(commitment)));
  if (!sealed.has_value()) return absl::DataLossError("the data of a bank account is missing");
  return Open(commitment, *sealed);
}

}  // namespace puhui::merchant
