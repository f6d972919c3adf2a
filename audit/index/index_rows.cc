// SPDX-License-Identifier: Apache-2.0
#include "audit/index/index_rows.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"

#include <bit>

namespace puhui::audit {
namespace {

absl::Status MalformedSequences() {
  return absl::DataLossError("table index postings: a stored list is malformed");
}

void PutVarint(std::uint64_t number, std::string* bytes) {
  for (; number >= 0x80; number >>= 7) bytes->push_back(static_cast<char>(number | 0x80));
  bytes->push_back(static_cast<char>(number));
}

// False when `bytes` do not begin with a varint.
bool TakeVarint(absl::string_view* bytes, std::uint64_t* number) {
  *number = 0;
  for (std::size_t i = 0; i < bytes->size() && i < 10; ++i) {
    const std::uint64_t byte = static_cast<std::uint8_t>((*bytes)[i]);
    *number |= (byte & 0x7F) << (7 * i);
    if (byte >= 0x80) continue;
    bytes->remove_prefix(i + 1);
    return true;
  }
  return false;
}

}  // namespace

ListName ListOfNumber(Dimension dimension, std::uint64_t number) {
  return {.dimension = dimension, .low = number};
}

ListName ListOf(RecordKind kind) {
  return ListOfNumber(Dimension::kKind, std::uint64_t{kind.body} << 16 | kind.detail);
}
ListName ListOf(MemberId member) {
  return {.dimension = Dimension::kMember, .high = member.high(), .low = member.low()};
}
ListName ListOf(CampaignNumber number) {
  return ListOfNumber(Dimension::kCampaign, static_cast<std::uint64_t>(number));
}
ListName ListOf(UnionNumber number) {
  return ListOfNumber(Dimension::kUnion, static_cast<std::uint64_t>(number));
}
ListName ListOf(MerchantNumber number) {
  return ListOfNumber(Dimension::kMerchant, static_cast<std::uint64_t>(number));
}
ListName ListOf(TerminalNumber number) {
  return ListOfNumber(Dimension::kTerminal, static_cast<std::uint64_t>(number));
}

ListName ListOf(const StorePlace& place, ledger::Sha256& sha256) {
  return ListOfText(Dimension::kStore,
                    absl::StrCat(static_cast<std::uint32_t>(place.merchant), "/", place.store),
                    sha256);
}

ListName ListOfText(Dimension dimension, absl::string_view text, ledger::Sha256& sha256) {
  const ledger::Hash hash = sha256.Digest(text);
  return {.dimension = dimension,
          .high = absl::big_endian::Load64(hash.data()),
          .low = absl::big_endian::Load64(hash.data() + sizeof(std::uint64_t))};
}

std::uint64_t AmountClass(std::int64_t amount) {
  return static_cast<std::uint64_t>(std::bit_width(static_cast<std::uint64_t>(amount)));
}

std::string PackSequences(absl::Span<const Sequence> sequences) {
  std::string packed;
  for (std::size_t i = 1; i < sequences.size(); ++i) {
    PutVarint(sequences[i] - sequences[i - 1], &packed);
  }
  return packed;
}

absl::StatusOr<std::vector<Sequence>> UnpackSequences(Sequence first, absl::string_view packed) {
  std::vector<Sequence> sequences = {first};
  while (!packed.empty()) {
    std::uint64_t beyond = 0;
    if (!TakeVarint(&packed, &beyond) || beyond == 0 || beyond > UINT64_MAX - sequences.back()) {
      return MalformedSequences();
    }
    sequences.push_back(sequences.back() + beyond);
  }
  return sequences;
}

AccountRowName RowNameOf(const AccountName& account) {
  if (!ledger::IsMemberAccount(account.kind)) return {.kind = account.kind, .low = account.owner};
  return {.kind = account.kind, .high = account.member.high(), .low = account.member.low()};
}

}  // namespace puhui::audit
