// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/vault.h"

#include "issuing/core/search_text.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/aead.h"
#include "ledger/storage/codec.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace puhui::issuing {
namespace {

constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kCardDigits = 16;
constexpr std::size_t kMobileDigitsShown = 4;
constexpr absl::string_view kCardPrefix = "88";
constexpr absl::string_view kSearchLabel = "search";
constexpr absl::string_view kKeyCheckLabel = "vault_key_check";

std::string DrawBytes(std::size_t size, RandomSource& random) {
  std::string bytes(size, '\0');
  random.Fill(absl::MakeSpan(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()));
  return bytes;
}

// A byte below 250 is as likely to end in any digit as in any other.
char DrawDigit(RandomSource& random) {
  std::uint8_t byte = 0;
  do {
    random.Fill(absl::MakeSpan(&byte, 1));
  } while (byte >= 250);
  return static_cast<char>('0' + byte % 10);
}

// The sum of Luhn's algorithm over digits that stand before the check digit.
int LuhnSum(absl::string_view digits) {
  int sum = 0;
  bool doubled = true;  // The digit beside the check digit is.
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
    const int value = (*digit - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum;
}

char LuhnCheckDigit(absl::string_view digits) {
  return static_cast<char>('0' + (10 - LuhnSum(digits) % 10) % 10);
}

std::string BigEndian(UnionNumber of) {
  const auto number = static_cast<std::uint32_t>(of);
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
  return bytes;
}

ledger::Hash Commitment(absl::string_view salt, absl::string_view encoded) {
  return ledger::Sha256().Digest(salt, encoded);
}

}  // namespace

std::string DrawCardNumber(RandomSource& random) {
  std::string digits(kCardPrefix);
  while (digits.size() < kCardDigits - 1) digits.push_back(DrawDigit(random));
  digits.push_back(LuhnCheckDigit(digits));
  return digits;
}

bool IsCardNumber(absl::string_view text) {
  return text.size() == kCardDigits && HasLuhnCheckDigit(text);
}

bool IsOwnCardNumber(absl::string_view number) {
  return IsCardNumber(number) && absl::StartsWith(number, kCardPrefix);
}

bool HasLuhnCheckDigit(absl::string_view digits) {
  return digits.size() > 1 && std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
         digits.back() == LuhnCheckDigit(digits.substr(0, digits.size() - 1));
}

Vault::Vault(Parts parts)
    : keyed_hash_(*parts.keyed_hash),
      search_hash_(ledger::AsBytes(parts.keyed_hash->Digest(kSearchLabel, ""))),
      random_(*parts.random),
      key_in_use_(parts.key_id) {
  if (!parts.key.empty()) AddKey(parts.key_id, std::move(parts.key));
}

void Vault::AddKey(std::uint32_t key_id, std::string key) {
  PUHUI_CHECK(key.size() == ledger::kAeadKeyBytes);
  MutexLock lock(&mutex_);
  keys_[key_id] = std::move(key);
}

void Vault::UseKey(std::uint32_t key_id) {
  MutexLock lock(&mutex_);
  PUHUI_CHECK(keys_.contains(key_id));
  key_in_use_ = std::max(key_in_use_, key_id);
}

bool Vault::HasKey(std::uint32_t key_id) const { return KeyOf(key_id).ok(); }

ledger::Tag Vault::KeyCheck(std::uint32_t key_id) const {
  const absl::StatusOr<std::string> key = KeyOf(key_id);
  PUHUI_CHECK(key.ok());
  return ledger::TagFromBytes(ledger::KeyedHash(*key).Tag16(kKeyCheckLabel, ""));
}

absl::StatusOr<std::string> Vault::KeyOf(std::uint32_t key_id) const {
  MutexLock lock(&mutex_);
  const auto at = keys_.find(key_id);
  if (at != keys_.end()) return at->second;
  return absl::InternalError(absl::StrCat("the vault has no key ", key_id));
}

absl::StatusOr<PersonalDataRow> Vault::Rewrap(MemberId member, const PersonalDataRow& row,
                                              std::uint32_t key_id) const {
  PUHUI_ASSIGN_OR_RETURN(const std::string member_key, MemberKeyOf(member, row));
  PUHUI_ASSIGN_OR_RETURN(const std::string key, KeyOf(key_id));
  PersonalDataRow rewrapped = row;
  rewrapped.key_id = key_id;
  rewrapped.wrapped_key = ledger::Seal(key, member_key, member.ToBytes(), random_);
  return rewrapped;
}

NewMember Vault::Seal(const Home& home, PersonalData data, absl::Time now) const {
  return SealAs(MemberId::Make(now, random_), home, std::move(data));
}

NewMember Vault::SealAs(MemberId member, const Home& home, PersonalData data) const {
  data.card_number = DrawCard();
  NewMember row;
  row.member = member;
  row.id_number = DocumentTag(data);
  row.external_id = OnlyExternalIdTag(home.of, data);
  row.card = CardTag(data.card_number);
  row.card_last_four = data.card_number.substr(kCardDigits - 4);
  SealedData sealed = Reseal(row.member, home, data);
  row.commitment = sealed.commitment;
  row.personal_data = std::move(sealed.row);
  return row;
}

NewMember Vault::SealReturning(const Home& home, const ReturningMember& returning,
                               PersonalData data) const {
  NewMember row;
  row.member = returning.member;
  row.left_revision = returning.revision;
  row.id_number = DocumentTag(data);
  row.external_id = OnlyExternalIdTag(home.of, data);
  if (returning.data.has_value()) {
    PersonalData kept = *returning.data;
    if (returning.left != home.of) MoveExternalIds(returning.left, home.of, &kept);
    for (ExternalId& added : AllExternalIds(data, home.of)) {
      AddExternalId(home.of, std::move(added), &kept);
    }
    data.external_id = std::move(kept.external_id);
    data.external_ids = std::move(kept.external_ids);
    data.card_number = std::move(kept.card_number);
  }
  if (AllExternalIds(data, home.of).size() > kExternalIdsPerMemberMax) {
    row.shape = RowRefusal{ledger::Reason::kExternalIdsLimit, "external_id"};
  }
  SealedData sealed = Reseal(row.member, home, data);
  row.commitment = sealed.commitment;
  row.personal_data = std::move(sealed.row);
  return row;
}

SealedData Vault::Reseal(MemberId member, const Home& home, const PersonalData& data) const {
  std::uint32_t key_id = 0;
  std::string key;
  {
    MutexLock lock(&mutex_);
    PUHUI_CHECK(keys_.contains(key_in_use_));
    key_id = key_in_use_;
    key = keys_.find(key_id)->second;
  }
  const std::string salt = DrawBytes(kSaltBytes, random_);
  const std::string encoded = ledger::EncodeValue(data);
  const std::string member_key = DrawBytes(ledger::kAeadKeyBytes, random_);
  const std::string aad = member.ToBytes();
  return {.commitment = Commitment(salt, encoded),
          .row = {.key_id = key_id,
                  .wrapped_key = ledger::Seal(key, member_key, aad, random_),
                  .sealed = ledger::Seal(member_key, absl::StrCat(salt, encoded), aad, random_),
                  .search_tags = SearchTags(home, data)}};
}

absl::StatusOr<std::string> Vault::MemberKeyOf(MemberId member, const PersonalDataRow& row) const {
  PUHUI_ASSIGN_OR_RETURN(const std::string key, KeyOf(row.key_id));
  PUHUI_ASSIGN_OR_RETURN(std::string member_key,
                         ledger::Open(key, row.wrapped_key, member.ToBytes()));
  if (member_key.size() == ledger::kAeadKeyBytes) return member_key;
  return absl::DataLossError("the key of personal data is malformed");
}

absl::StatusOr<OpenedData> Vault::Open(MemberId member, const PersonalDataRow& row) const {
  PUHUI_ASSIGN_OR_RETURN(const std::string member_key, MemberKeyOf(member, row));
  PUHUI_ASSIGN_OR_RETURN(const std::string salted,
                         ledger::Open(member_key, row.sealed, member.ToBytes()));
  if (salted.size() < kSaltBytes) return absl::DataLossError("personal data is cut short");
  const absl::string_view salt = absl::string_view(salted).substr(0, kSaltBytes);
  const absl::string_view encoded = absl::string_view(salted).substr(kSaltBytes);
  OpenedData opened{.commitment = Commitment(salt, encoded)};
  PUHUI_RETURN_IF_ERROR(ledger::DecodeValue(encoded, &opened.data));
  return opened;
}

std::vector<ledger::Tag> Vault::SearchTags(const Home& home, const PersonalData& data) const {
  std::vector<ledger::Tag> tags;
  const std::string name = SearchText(data.full_name);
  for (const absl::string_view prefix : Prefixes(name, kSearchPrefixCharacters)) {
    tags.push_back(SearchTag(home.search_root, SearchKind::kName, prefix));
  }
  if (data.mobile.size() >= kMobileDigitsShown) {
    tags.push_back(SearchTag(home.search_root, SearchKind::kMobileLastFour,
                             data.mobile.substr(data.mobile.size() - kMobileDigitsShown)));
  }
  for (const ExternalId& external_id : AllExternalIds(data, home.of)) {
    tags.push_back(SearchTag(home.search_root, SearchKind::kExternalId, external_id.id));
  }
  // Two HR systems may have given the same number.
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

ledger::Tag Vault::SearchTag(UnionNumber root, SearchKind kind, absl::string_view text) const {
  return ledger::TagFromBytes(search_hash_.Tag16(
      kSearchLabel, absl::StrCat(BigEndian(root), std::string(1, static_cast<char>(kind)), text)));
}

ledger::Tag Vault::DocumentTag(const PersonalData& data) const {
  if (data.document_kind == DocumentKind::kResidentId) return IdNumberTag(data.id_number);
  return ledger::TagFromBytes(keyed_hash_.Tag16(
      kPassportLabel, absl::StrCat(data.document_country, absl::AsciiStrToUpper(data.id_number))));
}

ledger::Tag Vault::IdNumberTag(absl::string_view id_number) const {
  return ledger::TagFromBytes(keyed_hash_.Tag16(kIdNumberLabel, absl::AsciiStrToUpper(id_number)));
}

ledger::Tag Vault::ExternalIdTag(const ExternalId& external_id) const {
  const std::string of = BigEndian(external_id.of);
  if (external_id.hr_system.empty()) {
    return ledger::TagFromBytes(
        keyed_hash_.Tag16(kExternalIdLabel, absl::StrCat(of, external_id.id)));
  }
  // A system's name holds no line end, so the two cannot run into each other.
  return ledger::TagFromBytes(keyed_hash_.Tag16(
      kHrSystemLabel, absl::StrCat(of, external_id.hr_system, "\n", external_id.id)));
}

ledger::Tag Vault::ExternalIdTag(UnionNumber of, absl::string_view external_id) const {
  return ExternalIdTag({.of = of, .id = std::string(external_id)});
}

absl::optional<ledger::Tag> Vault::OnlyExternalIdTag(UnionNumber of,
                                                     const PersonalData& data) const {
  const std::vector<ExternalId> all = AllExternalIds(data, of);
  PUHUI_CHECK(all.size() <= 1);
  if (all.empty()) return absl::nullopt;
  PUHUI_CHECK(all.front().of == of);
  return ExternalIdTag(all.front());
}

ledger::Tag Vault::CardTag(absl::string_view card_number) const {
  return ledger::TagFromBytes(keyed_hash_.Tag16(kCardLabel, card_number));
}

}  // namespace puhui::issuing
