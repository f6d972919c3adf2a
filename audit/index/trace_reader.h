// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_TRACE_READER_H_
#define PUHUI_AUDIT_INDEX_TRACE_READER_H_

#include "audit/index/index_moment.h"
#include "audit/index/sequence_list.h"
#include "ledger/base/id.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace puhui::audit {

// Looks at records for whoever follows points, and not at too many, nor for too many seeks.
// Threads: none. Borrows: the moment.
class TraceReader {
 public:
  TraceReader(const IndexMoment* moment, std::size_t records_max, CancelCheck cancelled)
      : moment_(*moment),
        left_(records_max),
        seeks_left_(records_max * kSeeksPerRecord),
        cancelled_(std::move(cancelled)) {}

  const IndexMoment& moment() const { return moment_; }
  // Whether one more may be looked at.
  bool Take() {
    if (left_ % kLookedAtBetween == 0) cut_ = cut_ || Cancelled();
    cut_ = cut_ || left_ == 0;
    if (!cut_) --left_;
    return !cut_;
  }
  // There was more to look at than may be, or nobody waits for it any more.
  bool cut() const { return cut_; }
  bool Cancelled() const { return cancelled_ != nullptr && cancelled_(); }

  // The first in `list` from `from` on; 0: there is none, or it would take too many seeks.
  // Fails: as the list.
  absl::StatusOr<Sequence> Seek(CommonList& list, Sequence from) {
    while (from != 0) {
      cut_ = cut_ || seeks_left_ == 0 || Cancelled();
      if (cut_) return 0;
      PUHUI_ASSIGN_OR_RETURN(const CommonList::Place place,
                             list.Seek(from, std::min(seeks_left_, kSeeksAtOnce)));
      seeks_left_ -= std::min(seeks_left_, place.seeks);
      if (place.in_all) return place.sequence;
      from = place.sequence;
    }
    return 0;
  }

  // Fails: as ReadRecord, ParseRecord.
  absl::StatusOr<journal::v1::Record> Read(Sequence sequence) const {
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(*moment_.journal, sequence));
    return ledger::ParseRecord(sequence, bytes);
  }
  // Requires: `sequences` ascend.
  absl::Status ReadAll(absl::Span<const Sequence> sequences,
                       absl::FunctionRef<absl::Status(const journal::v1::Record&)> visit) const {
    return ReadRecordsOf(moment_, sequences,
                         [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
                           PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                                                  ledger::ParseRecord(sequence, bytes));
                           PUHUI_RETURN_IF_ERROR(visit(record));
                           return true;
                         });
  }

 private:
  static constexpr std::size_t kLookedAtBetween = 256;  // Two looks whether somebody waits.

  const IndexMoment& moment_;
  std::size_t left_;
  std::size_t seeks_left_;
  const CancelCheck cancelled_;
  bool cut_ = false;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_TRACE_READER_H_
