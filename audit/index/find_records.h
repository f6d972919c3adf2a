// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_FIND_RECORDS_H_
#define PUHUI_AUDIT_INDEX_FIND_RECORDS_H_

#include "audit/core/filter.h"
#include "audit/core/record_facts.h"
#include "audit/index/index_moment.h"
#include "audit/index/sequence_list.h"
#include "ledger/base/id.h"
#include "ledger/base/limits.h"

#include "absl/status/statusor.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::audit {

struct RecordWish {
  Filter filter{};
  Direction direction = Direction::kForward;
  Sequence from = 0;  // Where to begin, FoundRecords::next of the page before; 0: at the first.
  std::size_t records_max = 0;
  std::size_t seeks_max = kRowsPerPageMax * kSeeksPerRecord;  // In lists of the index, from 1.
  CancelCheck cancelled{};
};

struct FoundRecord {
  RecordFacts facts{};
  std::string bytes{};
};

struct FoundRecords {
  std::vector<FoundRecord> records{};
  // Where the next page begins; 0: there is no more. A page may be short, or empty, and have a
  // next: no more than kRowsPerPageMax records are looked at for one, nor about so many seeks made
  // as the wish says, nor more than kPageRecordBytesMax given.
  Sequence next = 0;
};

// Asks the index which records may be meant, and judges each as a look at every record would.
// Fails: as the index and the journal; kCancelled when nobody waits any more.
absl::StatusOr<FoundRecords> FindRecords(const IndexMoment& moment, const RecordWish& wish);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_FIND_RECORDS_H_
