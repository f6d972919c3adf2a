// SPDX-License-Identifier: Apache-2.0
// Going over the journal of reads: for the next start, and for whoever wants to know whether it is
// what was written.
#ifndef PUHUI_AUDIT_ACCESS_ACCESS_WALK_H_
#define PUHUI_AUDIT_ACCESS_ACCESS_WALK_H_

#include "ledger/base/id.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/high_water.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/access.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

// The partition of its segments, which none of a ledger has: neither journal passes for the other.
inline constexpr std::uint32_t kAccessPartition = 0xFFFF'FFFF;

// One stored access. Fails: kDataLoss, naming the sequence.
absl::StatusOr<journal::v1::Access> ParseAccess(Sequence sequence, absl::string_view bytes);

// What was promised outside the journal of reads about how far it goes.
struct AccessPromises {
  absl::optional<ledger::Checkpoint> checkpoint{};
  absl::optional<ledger::HighWater> high_water{};
};
// Fails: kDataLoss, naming the first access that is missing, when a promise goes beyond `last`.
absl::Status CheckReaches(Sequence last, const AccessPromises& promises);

// Takes segments in their order, hashes every record anew, and compares what they say of each other
// and what was promised. Threads: none.
class AccessWalk {
 public:
  // From the beginning.
  explicit AccessWalk(const AccessPromises& promises);
  // From behind `tree`, whose last record was of `last_micros`. Promises that it takes in already
  // are the caller's to check.
  AccessWalk(const AccessPromises& promises, ledger::MerkleTree tree, std::int64_t last_micros);

  // Fails: kDataLoss, naming the sequences among which something was altered; the walk is over.
  absl::Status Take(absl::string_view segment);
  // Takes segments from `readable` until some `records` more were taken. False: there are none
  // left. Fails: as Take and ReadSegments.
  absl::StatusOr<bool> Step(const ledger::Readable& readable, std::uint64_t records);
  // Everything was taken. Fails: kDataLoss when more was promised.
  absl::Status Finish() const { return CheckReaches(tree_.size(), promises_); }

  const ledger::MerkleTree& tree() const { return tree_; }
  ledger::MerkleTree& tree() { return tree_; }
  std::int64_t last_micros() const { return last_micros_; }
  // Of the segments that were taken.
  std::uint64_t bytes() const { return bytes_; }

 private:
  absl::Status TakeRecord(Sequence sequence, absl::string_view record);
  absl::Status CheckPromises() const;
  absl::Status Altered(absl::string_view by) const;

  const AccessPromises promises_;
  ledger::MerkleTree tree_;
  std::int64_t last_micros_ = 0;
  Sequence sound_ = 0;  // Up to here a root has vouched for the records.
  std::uint64_t bytes_ = 0;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_ACCESS_ACCESS_WALK_H_
