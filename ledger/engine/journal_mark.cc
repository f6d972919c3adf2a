// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/journal_mark.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"

#include <string>

namespace puhui::ledger {

absl::StatusOr<JournalMark> MarkOf(const Readable& journal, Sequence last) {
  JournalMark mark{.sequence = last};
  if (last == 0) return mark;
  PUHUI_ASSIGN_OR_RETURN(const std::string record, ReadRecord(journal, last));
  mark.record = Sha256().Digest(record);
  return mark;
}

}  // namespace puhui::ledger
