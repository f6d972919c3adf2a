// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/id.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace puhui {
namespace {

constexpr absl::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kUlidLength = 26;

bool IdCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '-';
}

}  // namespace

absl::Status ValidateTextId(absl::string_view text, absl::string_view field) {
  bool valid =
      !text.empty() && text.size() <= kTextIdBytesMax && text.front() != '-' && text.back() != '-';
  for (const char c : text) valid = valid && IdCharacter(c);
  if (valid) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": want 1 to ", kTextIdBytesMax,
                   " of a-z, 0-9 and '-', not beginning or ending with '-'"));
}

MemberId MemberId::Make(absl::Time now, RandomSource& random) {
  std::array<std::uint8_t, 10> entropy{};
  random.Fill(absl::MakeSpan(entropy));
  std::uint64_t low = 0;
  for (std::size_t i = 2; i < entropy.size(); ++i) low = low << 8 | entropy.at(i);
  const auto millis = static_cast<std::uint64_t>(absl::ToUnixMillis(now));
  return {millis << 16 | static_cast<std::uint64_t>(entropy[0]) << 8 | entropy[1], low};
}

absl::StatusOr<MemberId> MemberId::Parse(absl::string_view text, absl::string_view field) {
  const absl::Status bad = absl::InvalidArgumentError(
      absl::StrCat(field, ": want a member id of 26 characters of Crockford's base 32"));
  // The first character holds the top three bits, so 0 to 7.
  if (text.size() != kUlidLength || text.front() < '0' || text.front() > '7') return bad;
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  for (const char c : text) {
    const std::size_t digit = kCrockford.find(c);
    if (digit == absl::string_view::npos) return bad;
    high = high << 5 | low >> 59;
    low = low << 5 | digit;
  }
  return MemberId(high, low);
}

std::string MemberId::ToString() const {
  std::string text(kUlidLength, '0');
  std::uint64_t high = high_;
  std::uint64_t low = low_;
  for (std::size_t i = kUlidLength; i-- > 0;) {
    text[i] = kCrockford[low & 31];
    low = low >> 5 | high << 59;
    high >>= 5;
  }
  return text;
}

std::string MemberId::ToBytes() const {
  std::string bytes(kBytes, '\0');
  absl::big_endian::Store64(bytes.data(), high_);
  absl::big_endian::Store64(bytes.data() + 8, low_);
  return bytes;
}

MemberId MemberId::FromBytes(absl::string_view bytes) {
  PUHUI_CHECK(bytes.size() == kBytes);
  return {absl::big_endian::Load64(bytes.data()), absl::big_endian::Load64(bytes.data() + 8)};
}

}  // namespace puhui
