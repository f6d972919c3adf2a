// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/archive_format.h"

#include "ledger/base/archive_limits.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/crc32c.h"

#include "absl/base/internal/endian.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <zstd.h>

#include <bit>
#include <limits>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kArchiveMagic("PHA\x01", 4);
constexpr absl::string_view kArchiveEndMagic("PHE\x01", 4);
constexpr std::size_t kArchiveNodesOffset = 56;
constexpr std::size_t kArchiveFixedBytes = kArchiveNodesOffset + sizeof(std::uint32_t);
constexpr std::size_t kFrameCrcOffset = 16;
constexpr std::size_t kFooterCrcOffset = 20;
constexpr std::size_t kRowHeaderBytes = 12;
// Archives are written once and kept for years.
constexpr int kArchiveCompression = 9;

absl::Status MalformedArchive(absl::string_view reason) {
  return absl::DataLossError(absl::StrCat("malformed archive: ", reason));
}

void Put32(std::string& out, std::uint32_t value) {
  out.resize(out.size() + sizeof(value));
  absl::little_endian::Store32(out.data() + out.size() - sizeof(value), value);
}

void Put64(std::string& out, std::uint64_t value) {
  out.resize(out.size() + sizeof(value));
  absl::little_endian::Store64(out.data() + out.size() - sizeof(value), value);
}

void PutBytes(std::string& out, absl::string_view bytes) { out.append(bytes.data(), bytes.size()); }

std::uint32_t FrameChecksum(absl::string_view frame) {
  return ExtendCrc32c(Crc32c(frame.substr(0, kFrameCrcOffset)),
                      frame.substr(ArchiveFrame::kHeaderBytes));
}

// What a frame decompresses to, when that is what its header says. What the compressed bytes say of
// their size themselves has to be the same, and is not believed.
absl::StatusOr<std::vector<char>> Decompress(absl::string_view compressed, std::uint32_t size) {
  if (ZSTD_getFrameContentSize(compressed.data(), compressed.size()) != size) {
    return MalformedArchive("the sizes of a frame differ");
  }
  std::vector<char> rows(size);
  const std::size_t got =
      ZSTD_decompress(rows.data(), rows.size(), compressed.data(), compressed.size());
  if (ZSTD_isError(got) != 0 || got != size) {
    return MalformedArchive("a frame does not decompress to what its header says");
  }
  return rows;
}

}  // namespace

std::size_t ArchiveHeaderBytes(Sequence first) {
  return kArchiveFixedBytes + static_cast<std::size_t>(std::popcount(first - 1)) * sizeof(Hash);
}

std::string EncodeArchiveHeader(const ArchiveHeader& header) {
  PUHUI_CHECK(1 <= header.first && header.first <= header.last);
  PUHUI_CHECK(header.before.size() == header.first - 1);
  std::string out(kArchiveMagic);
  Put32(out, header.partition);
  Put64(out, header.first);
  Put64(out, header.last);
  PutBytes(out, AsBytes(header.root_after));
  for (unsigned height = 64; height-- > 0;) {
    if ((header.before.size() >> height & 1) != 0)
      PutBytes(out, AsBytes(header.before.node(height)));
  }
  Put32(out, Crc32c(out));
  return out;
}

absl::StatusOr<ArchiveHeader> DecodeArchiveHeader(absl::string_view bytes) {
  if (bytes.size() < kArchiveFixedBytes) return MalformedArchive("shorter than its header");
  if (bytes.substr(0, kArchiveMagic.size()) != kArchiveMagic) {
    return MalformedArchive("unknown magic or version");
  }
  ArchiveHeader header;
  header.partition = absl::little_endian::Load32(bytes.data() + 4);
  header.first = absl::little_endian::Load64(bytes.data() + 8);
  header.last = absl::little_endian::Load64(bytes.data() + 16);
  if (header.first == 0 || header.last < header.first) return MalformedArchive("it has no record");
  // Something follows every record.
  if (header.last == std::numeric_limits<Sequence>::max()) {
    return MalformedArchive("no journal has so many records");
  }
  const std::size_t size = ArchiveHeaderBytes(header.first);
  if (bytes.size() < size) return MalformedArchive("shorter than its header");
  const std::size_t crc_at = size - sizeof(std::uint32_t);
  if (absl::little_endian::Load32(bytes.data() + crc_at) != Crc32c(bytes.substr(0, crc_at))) {
    return MalformedArchive("the checksum of its header does not match");
  }
  header.root_after = HashFromBytes(bytes.substr(24, sizeof(Hash)));
  // Asked for the lowest first; they stand there from the highest.
  std::size_t at = crc_at;
  header.before = MerkleFrontier(header.first - 1, [&](unsigned /*height*/) {
    at -= sizeof(Hash);
    return HashFromBytes(bytes.substr(at, sizeof(Hash)));
  });
  return header;
}

bool ArchiveFrameBuilder::Fits(std::size_t segment_bytes) const {
  return empty() || rows_.size() + kRowHeaderBytes + segment_bytes <= kArchiveFrameBytes;
}

void ArchiveFrameBuilder::Add(Sequence first, absl::string_view segment) {
  PUHUI_CHECK(first > last_first_);
  PUHUI_CHECK(rows_.size() + kRowHeaderBytes + segment.size() <= kArchiveFrameBytesMax);
  if (empty()) first_ = first;
  last_first_ = first;
  rows_.resize(rows_.size() + sizeof(first));
  absl::big_endian::Store64(rows_.data() + rows_.size() - sizeof(first), first);
  Put32(rows_, static_cast<std::uint32_t>(segment.size()));
  PutBytes(rows_, segment);
}

std::string ArchiveFrameBuilder::Seal() {
  PUHUI_CHECK(!empty());
  std::string frame(ArchiveFrame::kHeaderBytes + ZSTD_compressBound(rows_.size()), '\0');
  const std::size_t compressed = ZSTD_compress(frame.data() + ArchiveFrame::kHeaderBytes,
                                               frame.size() - ArchiveFrame::kHeaderBytes,
                                               rows_.data(), rows_.size(), kArchiveCompression);
  PUHUI_CHECK(ZSTD_isError(compressed) == 0);  // There is room, and memory is not reported.
  frame.resize(ArchiveFrame::kHeaderBytes + compressed);
  absl::little_endian::Store32(frame.data(), static_cast<std::uint32_t>(rows_.size()));
  absl::little_endian::Store32(frame.data() + 4, static_cast<std::uint32_t>(compressed));
  absl::little_endian::Store64(frame.data() + 8, first_);
  absl::little_endian::Store32(frame.data() + kFrameCrcOffset, FrameChecksum(frame));
  rows_.clear();
  return frame;
}

absl::StatusOr<ArchiveFrame> ArchiveFrame::Decode(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return MalformedArchive("a frame is shorter than its header");
  if (absl::little_endian::Load32(bytes.data() + kFrameCrcOffset) != FrameChecksum(bytes)) {
    return MalformedArchive("the checksum of a frame does not match");
  }
  const std::uint32_t size = absl::little_endian::Load32(bytes.data());
  if (size > kArchiveFrameBytesMax) return MalformedArchive("a frame is too large");
  if (absl::little_endian::Load32(bytes.data() + 4) != bytes.size() - kHeaderBytes) {
    return MalformedArchive("a frame is not as long as its header says");
  }
  PUHUI_ASSIGN_OR_RETURN(std::vector<char> rows, Decompress(bytes.substr(kHeaderBytes), size));
  ArchiveFrame frame(std::move(rows));
  absl::string_view rest(frame.rows_.data(), frame.rows_.size());
  Sequence before = absl::little_endian::Load64(bytes.data() + 8) - 1;
  while (!rest.empty()) {
    if (rest.size() < kRowHeaderBytes) return MalformedArchive("a frame ends within a segment");
    const Sequence first = absl::big_endian::Load64(rest.data());
    const std::size_t length = absl::little_endian::Load32(rest.data() + sizeof(first));
    rest.remove_prefix(kRowHeaderBytes);
    if (length > rest.size()) return MalformedArchive("a frame ends within a segment");
    const bool follows = frame.segments_.empty() ? first == before + 1 : first > before;
    if (first == 0 || !follows) return MalformedArchive("a frame is not in order");
    frame.segments_.push_back({.first = first, .bytes = rest.substr(0, length)});
    rest.remove_prefix(length);
    before = first;
  }
  if (frame.segments_.empty()) return MalformedArchive("a frame is empty");
  return frame;
}

std::string EncodeArchiveEnd(const std::vector<ArchiveFramePlace>& frames) {
  PUHUI_CHECK(!frames.empty());
  std::string out;
  for (const ArchiveFramePlace& frame : frames) {
    Put64(out, frame.first);
    Put64(out, frame.offset);
    Put32(out, frame.bytes);
  }
  std::string footer;
  Put64(footer, frames.back().offset + frames.back().bytes);
  Put32(footer, static_cast<std::uint32_t>(frames.size()));
  Put32(footer, Crc32c(out));
  PutBytes(footer, kArchiveEndMagic);
  Put32(footer, Crc32c(footer));
  return out + footer;
}

absl::StatusOr<ArchiveFooter> DecodeArchiveFooter(absl::string_view bytes) {
  if (bytes.size() != kArchiveFooterBytes ||
      bytes.substr(kFooterCrcOffset - kArchiveEndMagic.size(), kArchiveEndMagic.size()) !=
          kArchiveEndMagic) {
    return MalformedArchive("it does not end as one");
  }
  if (absl::little_endian::Load32(bytes.data() + kFooterCrcOffset) !=
      Crc32c(bytes.substr(0, kFooterCrcOffset))) {
    return MalformedArchive("the checksum of its end does not match");
  }
  return ArchiveFooter{.index_offset = absl::little_endian::Load64(bytes.data()),
                       .frames = absl::little_endian::Load32(bytes.data() + 8),
                       .index_crc = absl::little_endian::Load32(bytes.data() + 12)};
}

absl::StatusOr<std::vector<ArchiveFramePlace>> DecodeArchiveIndex(absl::string_view bytes,
                                                                  const ArchiveFooter& footer,
                                                                  const ArchiveHeader& header) {
  if (footer.frames == 0 || bytes.size() != footer.frames * kArchivePlaceBytes) {
    return MalformedArchive("its index is not as long as its end says");
  }
  if (footer.index_crc != Crc32c(bytes)) {
    return MalformedArchive("the checksum of its index does not match");
  }
  std::vector<ArchiveFramePlace> frames;
  frames.reserve(footer.frames);
  std::uint64_t offset = ArchiveHeaderBytes(header.first);
  for (std::size_t at = 0; at < bytes.size(); at += kArchivePlaceBytes) {
    const ArchiveFramePlace frame{.first = absl::little_endian::Load64(bytes.data() + at),
                                  .offset = absl::little_endian::Load64(bytes.data() + at + 8),
                                  .bytes = absl::little_endian::Load32(bytes.data() + at + 16)};
    const bool follows = frames.empty()
                             ? frame.first == header.first
                             : frames.back().first < frame.first && frame.first <= header.last;
    if (!follows || frame.offset != offset || frame.bytes > kArchiveStoredFrameBytesMax) {
      return MalformedArchive("its index is not in order");
    }
    offset += frame.bytes;
    frames.push_back(frame);
  }
  if (offset != footer.index_offset) return MalformedArchive("its index is not in order");
  return frames;
}

}  // namespace puhui::ledger
