// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_VAULT_H_
#define PUHUI_ISSUING_APP_VAULT_H_

#include "issuing/app/enrolment.h"
#include "issuing/app/member_rows.h"
#include "issuing/app/personal_data.h"
#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/base/random.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/ledger_rows.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace puhui::issuing {

// Labels of the keyed hashes (keyed_hash.h). Whoever looks up a card hashes it with the same.
inline constexpr absl::string_view kIdNumberLabel = "id_number";
inline constexpr absl::string_view kPassportLabel = "passport";
inline constexpr absl::string_view kExternalIdLabel = "external_id";
inline constexpr absl::string_view kHrSystemLabel = "external_id_of_hr_system";
inline constexpr absl::string_view kCardLabel = "card";
inline constexpr absl::string_view kRequestLabel = "request";

// What members are searched for by. Part of what is hashed; never changed.
enum class SearchKind : char { kName = 'n', kMobileLastFour = 'm', kExternalId = 'e' };

// Personal data as it came out of the vault.
struct OpenedData {
  PersonalData data{};
  ledger::Hash commitment{};  // Equal to the member's, or the vault was changed.
};

// Personal data as it goes into the vault.
struct SealedData {
  ledger::Hash commitment{};
  PersonalDataRow row{};
};

// A union, and the root under which its members' search entries are made (union_rows.h).
struct Home {
  UnionNumber of{};
  UnionNumber search_root{};
};

// Somebody who had left and joins again.
struct ReturningMember {
  MemberId member{};
  std::uint32_t revision = 0;           // As which the member was read.
  UnionNumber left{};                   // The union.
  absl::optional<PersonalData> data{};  // What the vault has; absent after erasure.
};

// 16 digits: "88", 13 random digits, a Luhn check digit. Cards of other schemes begin otherwise.
std::string DrawCardNumber(RandomSource& random);
// Whether `text` is written as cards are: 16 digits with their check digit.
bool IsCardNumber(absl::string_view text);
// Whether a number that is written so may be one of ours, and is not of another scheme.
bool IsOwnCardNumber(absl::string_view number);
// Whether the last digit is the Luhn check digit of those before. False for anything but digits.
bool HasLuhnCheckDigit(absl::string_view digits);

// Seals and opens personal data, and makes the keyed hashes that find it.
//
// Each member has a random key that seals the data (AES-256-GCM, bound to the member id) and is
// itself sealed by the vault's key. The commitment that the journal keeps is SHA-256 of a random
// salt and the encoded data; the salt lies in the sealed part. While the vault's key is being
// replaced there are two; what was sealed under either opens.
// What members are searched for by is hashed under a key of its own, which follows from that of the
// keyed hash, together with their union's search root: what is alike under two of them looks
// different. Threads: safe. Borrows: the hash and the random source.
class Vault {
 public:
  struct Parts {
    std::string key = {};      // 32 bytes; wraps the members' keys. Empty: AddKey brings it.
    std::uint32_t key_id = 1;  // Names it in the rows it wrapped.
    const ledger::KeyedHash* keyed_hash = nullptr;
    RandomSource* random = nullptr;
  };
  // Requires: the key has 32 bytes, or there is none yet (checked).
  explicit Vault(Parts parts);

  // One more key; it opens what it wrapped. Requires: it has 32 bytes (checked).
  void AddKey(std::uint32_t key_id, std::string key);
  // Seals under that key from now on. A key with a lower number than the one in use is not gone
  // back to. Requires: the key was added (checked).
  void UseKey(std::uint32_t key_id);
  bool HasKey(std::uint32_t key_id) const;
  // A keyed hash under the key, by which the right one is known again. Requires: HasKey (checked).
  ledger::Tag KeyCheck(std::uint32_t key_id) const;
  // The same row with the member's key wrapped by another of the vault's keys.
  // Fails: as Open; kInternal when either key is not here.
  absl::StatusOr<PersonalDataRow> Rewrap(MemberId member, const PersonalDataRow& row,
                                         std::uint32_t key_id) const;

  // Somebody who joins `home`: a new id, a new card, everything sealed. `data.card_number` is set
  // by this. Requires: `data` has one external id, of that union, or none (checked).
  NewMember Seal(const Home& home, PersonalData data, absl::Time now) const;
  // The same with an id that was drawn before.
  NewMember SealAs(MemberId member, const Home& home, PersonalData data) const;
  // The same for somebody who had left: the id, the card and the earlier external ids stay.
  // `data` is what the person says now.
  NewMember SealReturning(const Home& home, const ReturningMember& returning,
                          PersonalData data) const;
  // What is known of a member of `home` from now on, under a new key.
  SealedData Reseal(MemberId member, const Home& home, const PersonalData& data) const;

  std::string DrawCard() const { return DrawCardNumber(random_); }

  // Fails: kDataLoss when the row is another member's or was changed, kInternal when it was
  // wrapped by another key: the keys directory is not that of this ledger.
  absl::StatusOr<OpenedData> Open(MemberId member, const PersonalDataRow& row) const;

  // Of an identity document, by which a person is known again.
  ledger::Tag DocumentTag(const PersonalData& data) const;
  ledger::Tag IdNumberTag(absl::string_view id_number) const;
  ledger::Tag ExternalIdTag(const ExternalId& external_id) const;
  ledger::Tag ExternalIdTag(UnionNumber of, absl::string_view external_id) const;
  ledger::Tag CardTag(absl::string_view card_number) const;
  // Of what somebody in the tree under `root` is searched for by; names as SearchText has them, and
  // no more of them than kSearchPrefixCharacters.
  ledger::Tag SearchTag(UnionNumber root, SearchKind kind, absl::string_view text) const;

 private:
  // Fails: kInternal when the key is not here.
  absl::StatusOr<std::string> KeyOf(std::uint32_t key_id) const;
  absl::StatusOr<std::string> MemberKeyOf(MemberId member, const PersonalDataRow& row) const;
  absl::optional<ledger::Tag> OnlyExternalIdTag(UnionNumber of, const PersonalData& data) const;
  std::vector<ledger::Tag> SearchTags(const Home& home, const PersonalData& data) const;

  const ledger::KeyedHash& keyed_hash_;
  const ledger::KeyedHash search_hash_;
  RandomSource& random_;
  mutable Mutex mutex_;
  std::map<std::uint32_t, std::string> keys_ ABSL_GUARDED_BY(mutex_);
  std::uint32_t key_in_use_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_VAULT_H_
