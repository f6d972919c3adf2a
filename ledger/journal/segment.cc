// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/segment.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/crc32c.h"

#include "absl/base/internal/endian.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <cstring>
#include <limits>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kSegmentMagic("PHJ\x01", 4);
constexpr std::size_t kPartitionOffset = 4;
constexpr std::size_t kEpochOffset = 8;
constexpr std::size_t kFirstOffset = 16;
constexpr std::size_t kCountOffset = 24;
constexpr std::size_t kSegmentRootOffset = 28;
constexpr std::size_t kPayloadBytesOffset = 60;
constexpr std::size_t kSegmentCrcOffset = 64;

constexpr std::uint32_t kU32Max = std::numeric_limits<std::uint32_t>::max();

std::uint32_t Checksum(absl::string_view segment) {
  return ExtendCrc32c(Crc32c(segment.substr(0, kSegmentCrcOffset)),
                      segment.substr(kSegmentHeaderBytes));
}

std::size_t VarintBytes(std::size_t value) {
  std::size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

void AppendVarint(std::uint32_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

// Takes one varint from the front of `in`. False when it is cut off, above 32 bits or not in its
// shortest form.
bool TakeVarint(absl::string_view& in, std::uint32_t& value) {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < 5 && i < in.size(); ++i) {
    const auto byte = static_cast<unsigned char>(in[i]);
    result |= std::uint64_t{byte & 0x7Fu} << (7 * i);
    if ((byte & 0x80) != 0) continue;
    if (result > kU32Max || (byte == 0 && i > 0)) return false;
    value = static_cast<std::uint32_t>(result);
    in.remove_prefix(i + 1);
    return true;
  }
  return false;
}

// Takes one record from the front of `in`. False when it does not fit.
bool TakeRecord(absl::string_view& in, absl::string_view& record) {
  std::uint32_t size = 0;
  if (!TakeVarint(in, size) || size > in.size()) return false;
  record = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

absl::Status MalformedSegment(absl::string_view reason) {
  return absl::DataLossError(absl::StrCat("malformed segment: ", reason));
}

}  // namespace

std::string SegmentKey(Sequence first) {
  std::string key(sizeof(first), '\0');
  absl::big_endian::Store64(key.data(), first);
  return key;
}

Sequence SequenceOfKey(absl::string_view key) {
  return key.size() == sizeof(Sequence) ? absl::big_endian::Load64(key.data()) : 0;
}

std::uint64_t EpochOf(absl::string_view segment) {
  PUHUI_CHECK(segment.size() >= kSegmentHeaderBytes);
  return absl::little_endian::Load64(segment.data() + kEpochOffset);
}

SegmentBuilder::SegmentBuilder(std::uint32_t partition, std::uint64_t epoch, Sequence first)
    : bytes_(kSegmentHeaderBytes, '\0') {
  PUHUI_CHECK(first >= 1);
  header_.partition = partition;
  header_.epoch = epoch;
  header_.first = first;
}

bool SegmentBuilder::Fits(std::size_t record_bytes) const {
  return empty() || bytes() + VarintBytes(record_bytes) + record_bytes <= kSegmentBytesMax;
}

void SegmentBuilder::Add(absl::string_view record) {
  PUHUI_CHECK(record.size() < kU32Max - bytes());
  AppendVarint(static_cast<std::uint32_t>(record.size()), bytes_);
  bytes_.append(record.data(), record.size());
  ++header_.record_count;
}

SealedSegment SegmentBuilder::Seal(const Hash& root_before) {
  PUHUI_CHECK(!empty());
  char* const at = bytes_.data();
  std::memcpy(at, kSegmentMagic.data(), kSegmentMagic.size());
  absl::little_endian::Store32(at + kPartitionOffset, header_.partition);
  absl::little_endian::Store64(at + kEpochOffset, header_.epoch);
  absl::little_endian::Store64(at + kFirstOffset, header_.first);
  absl::little_endian::Store32(at + kCountOffset, header_.record_count);
  std::memcpy(at + kSegmentRootOffset, root_before.data(), root_before.size());
  absl::little_endian::Store32(at + kPayloadBytesOffset,
                               static_cast<std::uint32_t>(bytes_.size() - kSegmentHeaderBytes));
  absl::little_endian::Store32(at + kSegmentCrcOffset, Checksum(bytes_));

  SealedSegment sealed{header_.first, header_.last(), std::move(bytes_)};
  header_.first = sealed.last + 1;
  header_.record_count = 0;
  bytes_.assign(kSegmentHeaderBytes, '\0');
  return sealed;
}

absl::StatusOr<SegmentView> SegmentView::Parse(absl::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return MalformedSegment("shorter than its header");
  if (bytes.substr(0, kSegmentMagic.size()) != kSegmentMagic)
    return MalformedSegment("unknown magic or version");
  const char* const at = bytes.data();
  const absl::string_view payload = bytes.substr(kSegmentHeaderBytes);
  if (absl::little_endian::Load32(at + kPayloadBytesOffset) != payload.size()) {
    return MalformedSegment("its size is not what its header says");
  }
  if (absl::little_endian::Load32(at + kSegmentCrcOffset) != Checksum(bytes)) {
    return MalformedSegment("its checksum does not match");
  }
  SegmentHeader header;
  header.partition = absl::little_endian::Load32(at + kPartitionOffset);
  header.epoch = absl::little_endian::Load64(at + kEpochOffset);
  header.first = absl::little_endian::Load64(at + kFirstOffset);
  header.record_count = absl::little_endian::Load32(at + kCountOffset);
  header.root_before = HashFromBytes(bytes.substr(kSegmentRootOffset, sizeof(Hash)));
  if (header.first == 0 || header.record_count == 0) return MalformedSegment("it holds no record");
  if (header.first > std::numeric_limits<Sequence>::max() - header.record_count) {
    return MalformedSegment("its sequences overflow");
  }
  absl::string_view rest = payload;
  absl::string_view record;
  for (std::uint32_t i = 0; i < header.record_count; ++i) {
    if (!TakeRecord(rest, record)) return MalformedSegment("a record runs over its end");
  }
  if (!rest.empty()) return MalformedSegment("bytes follow its last record");
  return SegmentView(header, payload);
}

absl::string_view SegmentView::record(Sequence sequence) const {
  PUHUI_CHECK(first() <= sequence && sequence <= last());
  Iterator at = begin();
  for (Sequence skipped = first(); skipped < sequence; ++skipped) ++at;
  return *at;
}

SegmentView::Iterator::Iterator(absl::string_view rest, std::uint32_t left)
    : rest_(rest), left_(left) {
  Load();
}

SegmentView::Iterator& SegmentView::Iterator::operator++() {
  --left_;
  Load();
  return *this;
}

void SegmentView::Iterator::Load() {
  if (left_ == 0) return;
  const bool framed = TakeRecord(rest_, record_);
  PUHUI_CHECK(framed);  // Parse has walked these bytes.
}

}  // namespace puhui::ledger
