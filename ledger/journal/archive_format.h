// SPDX-License-Identifier: Apache-2.0
// The bytes of an archive: segments of the journal in a file, compressed. Integers are
// little-endian. docs/data-format/archive.md is normative; a test holds both to the same bytes.
#ifndef PUHUI_LEDGER_JOURNAL_ARCHIVE_FORMAT_H_
#define PUHUI_LEDGER_JOURNAL_ARCHIVE_FORMAT_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/merkle.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

// What the file holds, and what its records are proved against: the tree before its first, of
// which the file goes on, and the root after its last.
struct ArchiveHeader {
  std::uint32_t partition = 0;
  Sequence first = 0;
  Sequence last = 0;
  MerkleFrontier before;  // Of first - 1 records.
  Hash root_after{};
};

// How many bytes the header has in a file that begins with `first`.
std::size_t ArchiveHeaderBytes(Sequence first);
// Requires: 1 <= first <= last, before.size() == first - 1 (checked).
std::string EncodeArchiveHeader(const ArchiveHeader& header);
// Reads the header at the beginning of `bytes`. Fails: kDataLoss.
absl::StatusOr<ArchiveHeader> DecodeArchiveHeader(absl::string_view bytes);
inline constexpr std::size_t kArchiveHeaderBytesMax = 96 + 64 * sizeof(Hash);

// A segment as the journal has it.
struct ArchivedSegment {
  Sequence first = 0;
  absl::string_view bytes;
};

// Whole segments that are compressed together.
// Threads: safe once made.
class ArchiveFrame {
 public:
  static constexpr std::size_t kHeaderBytes = 20;

  // Fails: kDataLoss, without having allocated more than kArchiveFrameBytesMax, unless `bytes` are
  // one whole, undamaged frame and nothing else.
  static absl::StatusOr<ArchiveFrame> Decode(absl::string_view bytes);
  ArchiveFrame(ArchiveFrame&&) = default;
  ArchiveFrame& operator=(ArchiveFrame&&) = default;
  ArchiveFrame(const ArchiveFrame&) = delete;
  ArchiveFrame& operator=(const ArchiveFrame&) = delete;

  // In the order of their sequences; never empty.
  const std::vector<ArchivedSegment>& segments() const { return segments_; }
  std::size_t bytes() const { return rows_.size(); }

 private:
  explicit ArchiveFrame(std::vector<char> rows) : rows_(std::move(rows)) {}
  std::vector<char> rows_;  // Not a string: its bytes must stay where they are when it is moved.
  std::vector<ArchivedSegment> segments_;
};

// Gathers the segments of a frame.
class ArchiveFrameBuilder {
 public:
  // Whether a segment of `segment_bytes` leaves the frame within kArchiveFrameBytes; an empty one
  // takes any segment.
  bool Fits(std::size_t segment_bytes) const;
  // Requires: `first` is above those before; the frame stays within kArchiveFrameBytesMax
  // (checked).
  void Add(Sequence first, absl::string_view segment);
  bool empty() const { return rows_.empty(); }
  Sequence first() const { return first_; }
  // The frame in bytes; the builder is empty then. Requires: !empty() (checked).
  std::string Seal();

 private:
  Sequence first_ = 0;
  Sequence last_first_ = 0;
  std::string rows_;
};

// Where a frame is.
struct ArchiveFramePlace {
  Sequence first = 0;
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;
};
inline constexpr std::size_t kArchivePlaceBytes = 20;

// What ends the file.
struct ArchiveFooter {
  std::uint64_t index_offset = 0;
  std::uint32_t frames = 0;
  std::uint32_t index_crc = 0;
};
inline constexpr std::size_t kArchiveFooterBytes = 24;

// The index of `frames` and the footer behind it. Requires: !frames.empty() (checked).
std::string EncodeArchiveEnd(const std::vector<ArchiveFramePlace>& frames);
// Fails: kDataLoss.
absl::StatusOr<ArchiveFooter> DecodeArchiveFooter(absl::string_view bytes);
// Fails: kDataLoss unless the frames lie one behind the other from `header` to the index, in the
// order of their sequences.
absl::StatusOr<std::vector<ArchiveFramePlace>> DecodeArchiveIndex(absl::string_view bytes,
                                                                  const ArchiveFooter& footer,
                                                                  const ArchiveHeader& header);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_ARCHIVE_FORMAT_H_
