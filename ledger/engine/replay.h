// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_REPLAY_H_
#define PUHUI_LEDGER_ENGINE_REPLAY_H_

#include "ledger/base/id.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/period_check.h"
#include "ledger/engine/segments_ahead.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace puhui::ledger {

// A stored record. Fails: kDataLoss, naming the sequence, when the bytes are not one or belong
// elsewhere.
absl::StatusOr<journal::v1::Record> ParseRecord(Sequence sequence, absl::string_view bytes);

// Folds a journal into the views of a store, as the live writer did. Serves recovery, and verify
// with a store of its own. Threads: none. Borrows: everything it is made with.
class Replay {
 public:
  // `into` gets the views; `tree` stands where the views stand.
  Replay(Store* into, Fold* fold, MerkleTree* tree) : into_(into), fold_(fold), tree_(tree) {}

  // Called with every record after it was folded.
  void Watch(std::function<void(const journal::v1::Record&)> watch) { watch_ = std::move(watch); }

  // Holds every period that was closed against what the records come to; `check` is told of all of
  // them.
  void CheckPeriods(PeriodCheck* check) { periods_ = check; }

  // Lets the rows that it folds stay in the fold's tables while all of them take no more than
  // `bytes`; when they take more they go to the store, and from then on whenever those that came
  // since take a sixth of that. For views that are thrown away afterwards.
  // Default: every step goes to the store.
  void KeepUpTo(std::size_t bytes) { kept_bytes_max_ = bytes; }

  // Folds everything in `journal` that the tree does not have yet, up to `to`. Fails: kDataLoss,
  // naming the sequence, when a record is damaged, does not follow its predecessor (invariant 5),
  // or breaks an invariant, and when a segment does not continue the tree. The tree may have more
  // than was folded then.
  absl::Status Run(const Readable& journal, Sequence to = UINT64_MAX);

  std::uint64_t records() const { return records_; }

 private:
  absl::Status FoldSegment(const ParsedSegment& segment);
  absl::Status FoldRecord(const ParsedSegment::Record& parsed);
  absl::Status ApplyRecord(const journal::v1::Record& record);
  absl::Status EndStep();
  absl::Status WriteViews(WriteBatch* views);

  Store* into_;
  Fold* fold_;
  MerkleTree* tree_;
  SegmentsAhead* segments_ = nullptr;  // While it runs.
  Sequence folded_ = 0;
  std::function<void(const journal::v1::Record&)> watch_;
  PeriodCheck* periods_ = nullptr;
  std::uint64_t records_ = 0;
  std::size_t kept_bytes_max_ = 0;
  std::uint64_t step_bytes_ = 0;
  std::int64_t last_time_micros_ = INT64_MIN;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_REPLAY_H_
