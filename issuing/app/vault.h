// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_VAULT_H_
#define PUHUI_ISSUING_APP_VAULT_H_

#include "issuing/app/member_commands.h"
#include "issuing/app/rows.h"
#include "ledger/base/id.h"
#include "ledger/base/random.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/ledger_rows.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstdint>
#include <string>

namespace puhui::issuing {

// Labels of the keyed hashes (keyed_hash.h). Whoever looks up a card hashes it with the same.
inline constexpr absl::string_view kIdNumberLabel = "id_number";
inline constexpr absl::string_view kExternalIdLabel = "external_id";
inline constexpr absl::string_view kCardLabel = "card";
inline constexpr absl::string_view kRequestLabel = "request";

// What the ledger must not hold. Never logged.
struct PersonalData {
  std::string external_id{};
  std::string full_name{};
  std::string id_number{};
  std::string mobile{};
  std::string department{};
  std::string employment{};
  std::string card_number{};

  template <class F>
  void Fields(F& f) {
    f(external_id, full_name, id_number, mobile, department, employment, card_number);
  }
};

// Personal data as it came out of the vault.
struct OpenedData {
  PersonalData data{};
  ledger::Hash commitment{};  // Equal to the member's, or the vault was changed.
};

// 16 digits: "88", 13 random digits, a Luhn check digit. Cards of other schemes begin otherwise.
std::string DrawCardNumber(RandomSource& random);
// Whether the last digit is the Luhn check digit of those before. False for anything but digits.
bool HasLuhnCheckDigit(absl::string_view digits);

// Seals and opens personal data, and makes the keyed hashes that find it.
//
// Each member has a random key that seals the data (AES-256-GCM, bound to the member id) and is
// itself sealed by the vault's key. The commitment that the journal keeps is SHA-256 of a random
// salt and the encoded data; the salt lies in the sealed part.
// Threads: safe. Borrows: the hash and the random source.
class Vault {
 public:
  struct Parts {
    std::string key;           // 32 bytes; wraps the members' keys.
    std::uint32_t key_id = 1;  // Names it in the rows it wrapped.
    const ledger::KeyedHash* keyed_hash = nullptr;
    RandomSource* random = nullptr;
  };
  // Requires: the key has 32 bytes (checked).
  explicit Vault(Parts parts);

  // A row for CreateMembersCommand: a new id, a new card, everything sealed. `data.card_number` is
  // set by this.
  NewMember Seal(UnionNumber of, PersonalData data, absl::Time now) const;

  // Fails: kDataLoss when the row is another member's or was changed, kInternal when it was
  // wrapped by another key: the keys directory is not that of this ledger.
  absl::StatusOr<OpenedData> Open(MemberId member, const PersonalDataRow& row) const;

  ledger::Tag IdNumberTag(absl::string_view id_number) const;
  ledger::Tag ExternalIdTag(UnionNumber of, absl::string_view external_id) const;
  ledger::Tag CardTag(absl::string_view card_number) const;

 private:
  const Parts parts_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_VAULT_H_
