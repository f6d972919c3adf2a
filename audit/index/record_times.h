// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_RECORD_TIMES_H_
#define PUHUI_AUDIT_INDEX_RECORD_TIMES_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>

namespace puhui::audit {

// When every 4,096th record was written, of those that were asked for: a search by time goes by
// these first, so that every search after the first few reads as many records in a journal of a
// hundred million as in one of a million. A record never changes, so neither does its time. About
// forty bytes each, 100 KB for ten million records.
// Threads: safe.
class RecordTimes {
 public:
  static constexpr Sequence kStride = 4096;

  absl::optional<absl::Time> Find(Sequence sequence) const;
  // Of a multiple of the stride; others are not kept.
  void Keep(Sequence sequence, absl::Time time);
  std::size_t kept() const;

 private:
  mutable Mutex mutex_;
  absl::flat_hash_map<Sequence, absl::Time> times_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_RECORD_TIMES_H_
