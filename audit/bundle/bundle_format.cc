// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_format.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"

namespace puhui::audit {
namespace {

constexpr std::size_t kHashBytes = sizeof(ledger::Hash);
constexpr std::size_t kHeaderBytes = 84;
constexpr std::size_t kConsistencyHeadBytes = 16;
constexpr std::size_t kEarlierHeadBytes = 9;
constexpr std::size_t kPathHashesMax = 64;

absl::Status Malformed(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("malformed ", what));
}

void AppendLittle64(std::uint64_t value, std::string& out) {
  std::array<char, sizeof(value)> bytes{};
  absl::little_endian::Store64(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}

void AppendLittle32(std::uint32_t value, std::string& out) {
  std::array<char, sizeof(value)> bytes{};
  absl::little_endian::Store32(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}

void AppendBig64(std::uint64_t value, std::string& out) {
  std::array<char, sizeof(value)> bytes{};
  absl::big_endian::Store64(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}

void AppendBig32(std::uint32_t value, std::string& out) {
  std::array<char, sizeof(value)> bytes{};
  absl::big_endian::Store32(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}

std::int64_t LoadBigSigned(const char* at) {
  return static_cast<std::int64_t>(absl::big_endian::Load64(at));
}

void AppendHash(const ledger::Hash& hash, std::string& out) {
  out.append(ledger::AsBytes(hash).data(), hash.size());
}

}  // namespace

std::string EncodeHeader(const BundleHeader& header) {
  std::string payload;
  AppendLittle64(header.first, payload);
  AppendLittle64(header.last, payload);
  AppendHash(header.root_before, payload);
  AppendHash(header.root_after, payload);
  AppendLittle32(header.partition, payload);
  return payload;
}

absl::StatusOr<BundleHeader> DecodeHeader(absl::string_view payload) {
  if (payload.size() != kHeaderBytes) return Malformed("header");
  const BundleHeader header{
      .first = absl::little_endian::Load64(payload.data()),
      .last = absl::little_endian::Load64(payload.data() + 8),
      .root_before = ledger::HashFromBytes(payload.substr(16, kHashBytes)),
      .root_after = ledger::HashFromBytes(payload.substr(16 + kHashBytes, kHashBytes)),
      .partition = absl::little_endian::Load32(payload.data() + 16 + 2 * kHashBytes)};
  if (header.first == 0 || header.last < header.first) return Malformed("range of records");
  return header;
}

std::string EncodeHashes(const std::vector<ledger::Hash>& hashes) {
  std::string payload;
  for (const ledger::Hash& hash : hashes) AppendHash(hash, payload);
  return payload;
}

absl::StatusOr<std::vector<ledger::Hash>> DecodeHashes(absl::string_view payload) {
  if (payload.size() % kHashBytes != 0 || payload.size() > kPathHashesMax * kHashBytes) {
    return Malformed("list of hashes");
  }
  std::vector<ledger::Hash> hashes;
  for (; !payload.empty(); payload.remove_prefix(kHashBytes)) {
    hashes.push_back(ledger::HashFromBytes(payload.substr(0, kHashBytes)));
  }
  return hashes;
}

std::string EncodeConsistency(const ConsistencyFrame& frame) {
  std::string payload;
  AppendLittle64(frame.first, payload);
  AppendLittle64(frame.second, payload);
  payload += EncodeHashes(frame.path);
  return payload;
}

absl::StatusOr<ConsistencyFrame> DecodeConsistency(absl::string_view payload) {
  if (payload.size() < kConsistencyHeadBytes) return Malformed("consistency proof");
  ConsistencyFrame frame{.first = absl::little_endian::Load64(payload.data()),
                         .second = absl::little_endian::Load64(payload.data() + 8),
                         .path = {}};
  PUHUI_ASSIGN_OR_RETURN(frame.path, DecodeHashes(payload.substr(kConsistencyHeadBytes)));
  return frame;
}

std::string EncodeEarlierRecord(const EarlierRecord& record) {
  PUHUI_CHECK(record.path.size() <= kPathHashesMax);
  std::string payload;
  AppendLittle64(record.sequence, payload);
  payload.push_back(static_cast<char>(record.path.size()));
  payload += EncodeHashes(record.path);
  payload.append(record.bytes.data(), record.bytes.size());
  return payload;
}

absl::StatusOr<EarlierRecord> DecodeEarlierRecord(absl::string_view payload) {
  if (payload.size() < kEarlierHeadBytes) return Malformed("earlier record");
  const std::size_t path_bytes = std::size_t{static_cast<unsigned char>(payload[8])} * kHashBytes;
  if (payload.size() - kEarlierHeadBytes < path_bytes) return Malformed("earlier record");
  EarlierRecord record{.sequence = absl::little_endian::Load64(payload.data()),
                       .path = {},
                       .bytes = payload.substr(kEarlierHeadBytes + path_bytes)};
  PUHUI_ASSIGN_OR_RETURN(record.path, DecodeHashes(payload.substr(kEarlierHeadBytes, path_bytes)));
  return record;
}

void AppendBalanceRow(const BalanceRow& row, std::string& out) {
  out.push_back(static_cast<char>(row.account.kind));
  out += row.account.owner.ToBytes();
  AppendBig32(row.account.origin, out);
  AppendBig64(static_cast<std::uint64_t>(row.points), out);
}

absl::StatusOr<BalanceRow> DecodeBalanceRow(absl::string_view row) {
  if (row.size() != kBalanceRowBytes) return Malformed("balance");
  const auto kind = static_cast<unsigned char>(row[0]);
  if (kind == 0 || kind > ledger::kAccountKinds) return Malformed("kind of account");
  const BalanceRow decoded{
      .account = {.kind = static_cast<ledger::AccountKind>(kind),
                  .owner = MemberId::FromBytes(row.substr(1, MemberId::kBytes)),
                  .origin = absl::big_endian::Load32(row.data() + 17)},
      .points = LoadBigSigned(row.data() + 21)};
  if (decoded.points == 0) return Malformed("balance of nothing");
  return decoded;
}

void AppendLotRow(const LotRow& row, std::string& out) {
  out += row.member.ToBytes();
  AppendBig32(row.lot, out);
  AppendBig32(row.campaign, out);
  AppendBig32(row.origin, out);
  for (const std::int64_t value : {row.granted, row.remaining, row.held, row.expiry_micros}) {
    AppendBig64(static_cast<std::uint64_t>(value), out);
  }
}

absl::StatusOr<LotRow> DecodeLotRow(absl::string_view row) {
  if (row.size() != kLotRowBytes) return Malformed("lot");
  const char* const at = row.data() + MemberId::kBytes;
  const LotRow decoded{.member = MemberId::FromBytes(row.substr(0, MemberId::kBytes)),
                       .lot = absl::big_endian::Load32(at),
                       .campaign = absl::big_endian::Load32(at + 4),
                       .origin = absl::big_endian::Load32(at + 8),
                       .granted = LoadBigSigned(at + 12),
                       .remaining = LoadBigSigned(at + 20),
                       .held = LoadBigSigned(at + 28),
                       .expiry_micros = LoadBigSigned(at + 36)};
  if (decoded.remaining <= 0 || decoded.remaining > decoded.granted || decoded.held < 0 ||
      decoded.held > decoded.remaining) {
    return Malformed("lot");
  }
  return decoded;
}

}  // namespace puhui::audit
