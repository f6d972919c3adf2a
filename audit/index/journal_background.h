// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_JOURNAL_BACKGROUND_H_
#define PUHUI_AUDIT_INDEX_JOURNAL_BACKGROUND_H_

#include "audit/index/background.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include <string>

namespace puhui::audit {

// What the index has of owners, and the journal of the rest.
// Threads: none; make one per call. Borrows: the index and the journal.
class JournalBackground final : public Background {
 public:
  using Owners = absl::flat_hash_map<Owned, Owner>;
  // `owners`: what is known already.
  JournalBackground(const ledger::Readable* index, const ledger::Readable* journal,
                    Owners owners = {})
      : index_(*index), journal_(*journal), owners_(std::move(owners)) {}

  absl::StatusOr<Owner> OwnerOf(const Owned& owned) override;
  absl::StatusOr<journal::v1::Record> Earlier(Sequence sequence) override;
  absl::StatusOr<std::string> CallerOf(Sequence first) override;

  // For who reads records in order: what the next ones may ask for.
  void Learn(const journal::v1::Record& record);
  // It was the index that could not be read.
  bool index_failed() const { return index_failed_; }
  Owners& owners() { return owners_; }

 private:
  const ledger::Readable& index_;
  const ledger::Readable& journal_;
  Owners owners_;
  Sequence first_ = 0;  // Of the command that was asked for last.
  std::string caller_;
  bool index_failed_ = false;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_JOURNAL_BACKGROUND_H_
