// SPDX-License-Identifier: Apache-2.0
#include "audit/index/segment_starts.h"

#include "audit/index/index_rows.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/status/statusor.h"

#include <algorithm>
#include <array>

namespace puhui::audit {
namespace {

// What is taken apart to find one.
constexpr std::size_t kPerPieceMax = 64;

}  // namespace

absl::Status SegmentStarts::Load(const ledger::Readable& index, Sequence last) {
  Sequence before = 0;
  return ledger::Scan(
      index, kPostingsTable,
      {.prefix = ledger::EncodeKeyPrefix(kPostingsTable.id, ListOfNumber(Dimension::kSegment, 0))},
      [&](const PostingsKey& key, const std::string& packed) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const std::vector<Sequence> starts,
                               UnpackSequences(key.first, packed));
        if (starts.front() <= before) return absl::DataLossError("index: a list does not ascend");
        if (starts.back() > last) return absl::DataLossError("index: a list goes beyond its mark");
        Add(starts);
        before = starts.back();
        return true;
      });
}

void SegmentStarts::Add(absl::Span<const Sequence> starts) {
  MutexLock lock(&mutex_);
  for (const Sequence start : starts) {
    PUHUI_CHECK(start > last_);
    if (pieces_.empty() || pieces_.back().count == kPerPieceMax) {
      pieces_.push_back({.first = start});
    } else {
      pieces_.back().packed += PackSequences(std::array{last_, start});
      if (++pieces_.back().count == kPerPieceMax) pieces_.back().packed.shrink_to_fit();
    }
    last_ = start;
  }
}

std::vector<Sequence> SegmentStarts::Find(absl::Span<const Sequence> sequences) const {
  std::vector<Sequence> found;
  found.reserve(sequences.size());
  MutexLock lock(&mutex_);
  for (const Sequence sequence : sequences) {
    const auto after =
        std::upper_bound(pieces_.begin(), pieces_.end(), sequence,
                         [](Sequence wanted, const Piece& piece) { return wanted < piece.first; });
    if (after == pieces_.begin()) {
      found.push_back(0);
      continue;
    }
    const Piece& piece = *(after - 1);
    const absl::StatusOr<std::vector<Sequence>> starts = UnpackSequences(piece.first, piece.packed);
    PUHUI_CHECK(starts.ok());
    found.push_back(*(std::upper_bound(starts->begin(), starts->end(), sequence) - 1));
  }
  return found;
}

}  // namespace puhui::audit
