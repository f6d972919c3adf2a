// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_TRACE_READER_H_
#define PUHUI_AUDIT_INDEX_TRACE_READER_H_

#include "audit/index/index_moment.h"
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

#include <cstddef>
#include <string>

namespace puhui::audit {

// Looks at records for whoever follows points, and not at too many.
// Threads: none. Borrows: the moment.
class TraceReader {
 public:
  TraceReader(const IndexMoment* moment, std::size_t records_max)
      : moment_(*moment), left_(records_max) {}

  const IndexMoment& moment() const { return moment_; }
  // Whether one more may be looked at.
  bool Take() {
    cut_ = cut_ || left_ == 0;
    if (!cut_) --left_;
    return !cut_;
  }
  // There was more to look at than may be.
  bool cut() const { return cut_; }

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
  const IndexMoment& moment_;
  std::size_t left_;
  bool cut_ = false;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_TRACE_READER_H_
