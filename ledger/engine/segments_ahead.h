// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_SEGMENTS_AHEAD_H_
#define PUHUI_LEDGER_ENGINE_SEGMENTS_AHEAD_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/arena.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

namespace puhui::ledger {

// A stored record. Fails: kDataLoss, naming the sequence, when the bytes are not one or belong
// elsewhere; `record` is unspecified then.
absl::Status ParseRecord(Sequence sequence, absl::string_view bytes, journal::v1::Record* record);

// A segment as it is folded: read, checked, parsed and hashed.
struct ParsedSegment {
  struct Record {
    const journal::v1::Record* record;  // In the arena.
    Hash leaf;
    std::size_t bytes;
  };
  SegmentHeader header;
  google::protobuf::Arena arena;
  std::vector<Record> records;
  absl::Status broken;  // Why the record after `records` is none; OK: they are all.
};

// Reads segments one after another on a thread of its own, some ahead of who takes them: reading,
// checking, parsing and hashing cost a third of what folding does, and need nothing of it.
// Threads: one that takes. Borrows: the journal, and the tree, which nobody else may look at
// meanwhile.
class SegmentsAhead {
 public:
  // From the record that follows the tree to the last segment that begins no later than `to`.
  // Appends every segment to the tree, which afterwards has more than was taken when not all was.
  SegmentsAhead(const Readable& journal, MerkleTree* tree, Sequence to);
  ~SegmentsAhead();
  SegmentsAhead(const SegmentsAhead&) = delete;
  SegmentsAhead& operator=(const SegmentsAhead&) = delete;

  // The next, or null at the end. Fails, once all before it were taken: as ReadSegments; kDataLoss
  // when a segment does not continue the tree.
  absl::StatusOr<std::unique_ptr<ParsedSegment>> Next();

  // Of the tree, up to what was taken.
  absl::StatusOr<Hash> RootAt(std::uint64_t size, TileReader read_tile) const;
  // Those that were completed since the last call, and were when the tree had `size` leaves.
  std::vector<Tile> TakeCompletedTiles(std::uint64_t size);

 private:
  void Read(Sequence from, Sequence to);
  absl::StatusOr<bool> Take(const SegmentView& segment);
  // False: nobody wants more.
  bool Hand(std::unique_ptr<ParsedSegment> segment);

  const Readable& journal_;
  mutable Mutex tree_mutex_;
  MerkleTree* const tree_ ABSL_PT_GUARDED_BY(tree_mutex_);
  Mutex mutex_;
  CondVar changed_;
  std::deque<std::unique_ptr<ParsedSegment>> ready_ ABSL_GUARDED_BY(mutex_);
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  bool unwanted_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);  // Of the reading; its last word once it is done.
  std::thread reader_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_SEGMENTS_AHEAD_H_
