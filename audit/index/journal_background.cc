// SPDX-License-Identifier: Apache-2.0
#include "audit/index/journal_background.h"

#include "audit/index/index_rows.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::audit {

absl::StatusOr<Owner> JournalBackground::OwnerOf(const Owned& owned) {
  const auto known = owners_.find(owned);
  if (known != owners_.end()) return known->second;
  const auto row = ledger::Find(index_, kOwnersTable, owned);
  index_failed_ = index_failed_ || !row.ok();
  PUHUI_RETURN_IF_ERROR(row.status());
  return owners_[owned] = row->value_or(Owner{});
}

absl::StatusOr<journal::v1::Record> JournalBackground::Earlier(Sequence sequence) {
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(journal_, sequence));
  return ledger::ParseRecord(sequence, bytes);
}

absl::StatusOr<std::string> JournalBackground::CallerOf(Sequence first) {
  if (first == first_) return caller_;
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, Earlier(first));
  first_ = first;
  caller_ = record.request().caller();
  return caller_;
}

void JournalBackground::Learn(const journal::v1::Record& record) {
  if (record.index_in_command() == 0) {
    first_ = record.sequence();
    caller_ = record.request().caller();
  }
  if (auto owner = OwnerIn(record); owner.has_value()) {
    owners_[owner->first] = std::move(owner->second);
  }
}

}  // namespace puhui::audit
