// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/vault.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/aead.h"
#include "ledger/storage/codec.h"

#include "absl/strings/ascii.h"
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
constexpr absl::string_view kCardPrefix = "88";

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

bool HasLuhnCheckDigit(absl::string_view digits) {
  return digits.size() > 1 && std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
         digits.back() == LuhnCheckDigit(digits.substr(0, digits.size() - 1));
}

Vault::Vault(Parts parts) : parts_(std::move(parts)) {
  PUHUI_CHECK(parts_.key.size() == ledger::kAeadKeyBytes);
  PUHUI_CHECK(parts_.keyed_hash != nullptr && parts_.random != nullptr);
}

NewMember Vault::Seal(UnionNumber of, PersonalData data, absl::Time now) const {
  RandomSource& random = *parts_.random;
  data.card_number = DrawCardNumber(random);
  NewMember row;
  row.member = MemberId::Make(now, random);
  row.id_number = IdNumberTag(data.id_number);
  row.external_id = ExternalIdTag(of, data.external_id);
  row.card = CardTag(data.card_number);
  row.card_last_four = data.card_number.substr(kCardDigits - 4);
  const std::string salt = DrawBytes(kSaltBytes, random);
  const std::string encoded = ledger::EncodeValue(data);
  row.commitment = Commitment(salt, encoded);
  const std::string member_key = DrawBytes(ledger::kAeadKeyBytes, random);
  const std::string aad = row.member.ToBytes();
  row.personal_data = {
      .key_id = parts_.key_id,
      .wrapped_key = ledger::Seal(parts_.key, member_key, aad, random),
      .sealed = ledger::Seal(member_key, absl::StrCat(salt, encoded), aad, random)};
  return row;
}

absl::StatusOr<OpenedData> Vault::Open(MemberId member, const PersonalDataRow& row) const {
  if (row.key_id != parts_.key_id) {
    return absl::InternalError(
        absl::StrCat("personal data is under key ", row.key_id, ", not ", parts_.key_id));
  }
  const std::string aad = member.ToBytes();
  PUHUI_ASSIGN_OR_RETURN(const std::string member_key,
                         ledger::Open(parts_.key, row.wrapped_key, aad));
  if (member_key.size() != ledger::kAeadKeyBytes) {
    return absl::DataLossError("the key of personal data is malformed");
  }
  PUHUI_ASSIGN_OR_RETURN(const std::string salted, ledger::Open(member_key, row.sealed, aad));
  if (salted.size() < kSaltBytes) return absl::DataLossError("personal data is cut short");
  const absl::string_view salt = absl::string_view(salted).substr(0, kSaltBytes);
  const absl::string_view encoded = absl::string_view(salted).substr(kSaltBytes);
  OpenedData opened{.commitment = Commitment(salt, encoded)};
  PUHUI_RETURN_IF_ERROR(ledger::DecodeValue(encoded, &opened.data));
  return opened;
}

ledger::Tag Vault::IdNumberTag(absl::string_view id_number) const {
  return ledger::TagFromBytes(
      parts_.keyed_hash->Tag16(kIdNumberLabel, absl::AsciiStrToUpper(id_number)));
}

ledger::Tag Vault::ExternalIdTag(UnionNumber of, absl::string_view external_id) const {
  const auto number = static_cast<std::uint32_t>(of);
  std::string key;
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
  return ledger::TagFromBytes(
      parts_.keyed_hash->Tag16(kExternalIdLabel, absl::StrCat(key, external_id)));
}

ledger::Tag Vault::CardTag(absl::string_view card_number) const {
  return ledger::TagFromBytes(parts_.keyed_hash->Tag16(kCardLabel, card_number));
}

}  // namespace puhui::issuing
