// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_JOURNAL_MARK_H_
#define PUHUI_LEDGER_ENGINE_JOURNAL_MARK_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"

namespace puhui::ledger {

// How far a view beside the writer has followed the journal: the last record that it knows of, and
// which record that was, so that a view of another ledger is known as one.
struct JournalMark {
  Sequence sequence = 0;
  Hash record{};  // SHA-256 of its bytes; zeros for 0.

  template <class F>
  void Fields(F& f) {
    f(sequence, record);
  }
  friend bool operator==(const JournalMark&, const JournalMark&) = default;
};

// The mark of a view that has followed `journal` up to `last`. Fails: as ReadRecord.
absl::StatusOr<JournalMark> MarkOf(const Readable& journal, Sequence last);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_JOURNAL_MARK_H_
