// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_SEGMENT_STARTS_H_
#define PUHUI_AUDIT_INDEX_SEGMENT_STARTS_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::audit {

// With which records segments of the journal begin, so that the segment of a record is read by its
// key. In memory, two to three bytes for each of one-byte distance: every record that an auditor is
// shown is looked up, and a seek in the index would cost as much as reading the record. What is
// missing here is found by a seek in the journal.
// Threads: safe.
class SegmentStarts {
 public:
  // What the list of the index has, which knows of records up to `last`. Requires: nothing was
  // added. Fails: as the index; kDataLoss, also for a start beyond `last`.
  absl::Status Load(const ledger::Readable& index, Sequence last);
  // Requires: ascending, and beyond all that were added (checked).
  void Add(absl::Span<const Sequence> starts);
  // For each of `sequences` the last start that is not after it; 0 when there is none.
  std::vector<Sequence> Find(absl::Span<const Sequence> sequences) const;

 private:
  // Some starts, one after another: the first, and the others packed.
  struct Piece {
    Sequence first = 0;
    std::size_t count = 1;
    std::string packed{};
  };

  mutable Mutex mutex_;
  std::vector<Piece> pieces_ ABSL_GUARDED_BY(mutex_);
  Sequence last_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_SEGMENT_STARTS_H_
