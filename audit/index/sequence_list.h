// SPDX-License-Identifier: Apache-2.0
// Ascending lists of sequences, walked in either direction, one beside the other.
#ifndef PUHUI_AUDIT_INDEX_SEQUENCE_LIST_H_
#define PUHUI_AUDIT_INDEX_SEQUENCE_LIST_H_

#include "audit/core/filter.h"
#include "audit/index/index_rows.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <memory>
#include <string>
#include <vector>

namespace puhui::audit {

enum class Direction { kForward, kBackward };

// Threads: none.
class SequenceList {
 public:
  virtual ~SequenceList() = default;
  // The first in the list from `from` on, itself included; 0: there is none. From one call to the
  // next `from` moves in the list's direction only. Fails: as the index; kDataLoss.
  virtual absl::StatusOr<Sequence> Seek(Sequence from) = 0;
};
using SequenceListPtr = std::unique_ptr<SequenceList>;

// The records that have one value of one dimension. Borrows: the index.
SequenceListPtr PostingsOf(const ledger::Readable& index, const ListName& list,
                           Direction direction);
// The records that moved an account. Borrows: the index.
SequenceListPtr MovementsOf(const ledger::Readable& index, const AccountName& account,
                            Direction direction);
// What is in any of the lists.
SequenceListPtr AnyOf(std::vector<SequenceListPtr> lists, Direction direction);
// What is in each of the lists; without lists, every sequence.
SequenceListPtr AllOf(std::vector<SequenceListPtr> lists);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_SEQUENCE_LIST_H_
