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

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

enum class Direction { kForward, kBackward };

// Whether nobody waits for the answer any more. Empty: somebody does.
using CancelCheck = std::function<bool()>;

// Seeks in lists for each record that may be looked at: they cost less than a record does.
inline constexpr std::size_t kSeeksPerRecord = 10;
// Seeks between two looks whether somebody still waits.
inline constexpr std::size_t kSeeksAtOnce = 4'096;

// Threads: none.
class SequenceList {
 public:
  virtual ~SequenceList() = default;
  // The first in the list from `from` on, itself included; 0: there is none. From one call to the
  // next `from` moves in the list's direction only. Fails: as the index; kDataLoss.
  virtual absl::StatusOr<Sequence> Seek(Sequence from) = 0;
  // How often lists that are stored were sought in for it until now.
  std::size_t seeks() const { return seeks_; }

 protected:
  std::size_t seeks_ = 0;
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

// What is in each of several lists. Lists that never meet are walked through to their ends, step by
// step; so whoever asks says how many steps it waits for. Threads: none. Owns: the lists.
class CommonList {
 public:
  // What is outside of it is in no list.
  struct Range {
    Sequence first = 1;
    Sequence last = 0;
  };
  // Without lists: every sequence of the range. Requires: it begins with 1 or later (checked).
  CommonList(std::vector<SequenceListPtr> lists, Range range);
  // From the next Seek on, one list more. Requires: it was not sought in.
  void Add(SequenceListPtr list) { lists_.push_back(std::move(list)); }
  // From the next Seek on, without the list that came last. Requires: there is one.
  void DropLast() { lists_.pop_back(); }

  struct Place {
    Sequence sequence = 0;  // 0: there is none.
    bool in_all = false;    // False: so far it came, and none before it is in all.
    std::size_t seeks = 0;  // In stored lists, that it took.
  };
  // The first that is in all of them from `from` on, itself included, or how far it came when it
  // took `seeks_max` seeks or more: farther than `from`, so that whoever goes on there arrives.
  // How many seeks it takes depends on what is in the range alone. `from` moves as in the lists.
  // Fails: as they do.
  absl::StatusOr<Place> Seek(Sequence from, std::size_t seeks_max);

 private:
  bool Within(Sequence at) const { return at >= range_.first && at <= range_.last; }

  std::vector<SequenceListPtr> lists_;
  Range range_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_SEQUENCE_LIST_H_
