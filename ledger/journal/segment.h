// SPDX-License-Identifier: Apache-2.0
// The framing of the journal: a segment is a header and the records of one append, or of a part of
// it. Integers are little-endian. docs/data-format/journal.md is normative; a test holds both to
// the same bytes.
//
//   offset  size  field
//        0     4  magic "PHJ" and the version, 0x01
//        4     4  partition
//        8     8  epoch
//       16     8  sequence of the first record, from 1
//       24     4  number of records, from 1
//       28    32  Merkle root over all records before the first
//       60     4  size of the payload in bytes
//       64     4  CRC-32C over bytes 0 to 63 and the payload
//       68     -  payload: for each record its size as a varint (LEB128, shortest form), its bytes
#ifndef PUHUI_LEDGER_JOURNAL_SEGMENT_H_
#define PUHUI_LEDGER_JOURNAL_SEGMENT_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace puhui::ledger {

inline constexpr std::size_t kSegmentHeaderBytes = 68;

// The key in Family::kJournal: the first sequence, big-endian, so that segments sort as they
// follow.
std::string SegmentKey(Sequence first);
// The sequence in such a key; 0 when it is none.
Sequence SequenceOfKey(absl::string_view key);

// One segment, ready to be stored.
struct SealedSegment {
  Sequence first = 0;
  Sequence last = 0;
  std::string bytes;
};

struct SegmentHeader {
  std::uint32_t partition = 0;
  std::uint64_t epoch = 0;
  Sequence first = 0;
  std::uint32_t record_count = 0;
  Hash root_before{};

  Sequence last() const { return first + record_count - 1; }
};

// The epoch in a sealed segment, without checking the rest.
// Requires: `segment` has its whole header (checked).
std::uint64_t EpochOf(absl::string_view segment);

// Frames records, one segment after another.
// Threads: none.
class SegmentBuilder {
 public:
  // Requires: first >= 1 (checked).
  SegmentBuilder(std::uint32_t partition, std::uint64_t epoch, Sequence first);

  // Whether a record of `record_bytes` leaves the segment within kSegmentBytesMax; an empty segment
  // takes any record.
  bool Fits(std::size_t record_bytes) const;
  // Requires: the payload stays below 2^32 bytes (checked).
  void Add(absl::string_view record);

  bool empty() const { return header_.record_count == 0; }
  std::size_t bytes() const { return bytes_.size(); }  // With the header.
  Sequence next_sequence() const { return header_.first + header_.record_count; }

  // The finished segment; the builder goes on with the sequence that follows it.
  // Requires: !empty() (checked).
  SealedSegment Seal(const Hash& root_before);

 private:
  SegmentHeader header_;
  std::string bytes_;
};

// A checked look at the bytes of a segment.
// Threads: safe. Borrows: the bytes.
class SegmentView {
 public:
  // The records in order. Dereferences to the bytes of one.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = absl::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const value_type*;
    using reference = value_type;

    absl::string_view operator*() const { return record_; }
    Iterator& operator++();
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.left_ == b.left_; }

   private:
    friend class SegmentView;
    Iterator(absl::string_view rest, std::uint32_t left);
    void Load();
    absl::string_view rest_;  // What follows record_.
    absl::string_view record_;
    std::uint32_t left_ = 0;  // Records from record_ to the end.
  };

  // Fails: kDataLoss, with the reason, unless `bytes` are one whole, undamaged segment and nothing
  // else.
  static absl::StatusOr<SegmentView> Parse(absl::string_view bytes);

  const SegmentHeader& header() const { return header_; }
  Sequence first() const { return header_.first; }
  Sequence last() const { return header_.last(); }

  Iterator begin() const { return {payload_, header_.record_count}; }
  Iterator end() const { return {{}, 0}; }
  // Requires: first() <= sequence <= last() (checked). Walks: use the iterator for more than one.
  absl::string_view record(Sequence sequence) const;

 private:
  SegmentView(const SegmentHeader& header, absl::string_view payload)
      : header_(header), payload_(payload) {}
  SegmentHeader header_;
  absl::string_view payload_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_SEGMENT_H_
