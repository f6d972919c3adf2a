// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_WRITE_BACK_STORE_H_
#define PUHUI_LEDGER_STORAGE_WRITE_BACK_STORE_H_

#include "ledger/base/mutex.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// A store for views that are folded anew and then read once: changes of Family::kState, which come
// without an order and again and again to the same rows, wait in memory and go to the store below
// in the order of their keys, when they are many or when somebody walks the family. Everything else
// goes there at once. What waits is in no flush before it went below, so that a crash leaves no one
// moment: only what can be thrown away belongs here.
// Threads: as Store. Borrows: the store below, which must outlive it.
class WriteBackStore final : public Store {
 public:
  // `waiting_bytes_max` bounds what waits, the memory of its rows and their places included.
  WriteBackStore(Store* below, std::size_t waiting_bytes_max);

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override;
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override;
  std::unique_ptr<Cursor> NewCursor(Family family,
                                    CursorUse use = CursorUse::kLookUp) const override;

  absl::Status Commit(const WriteBatch& batch, Durability durability) override;
  std::unique_ptr<Readable> TakeSnapshot() const override;
  absl::Status FlushViews(bool wait) override;
  absl::Status ClearFamily(Family family) override;
  absl::StatusOr<std::string> FirstJournalKey() const override { return below_->FirstJournalKey(); }
  absl::Status DropJournalBefore(absl::string_view key) override {
    return below_->DropJournalBefore(key);
  }
  absl::StatusOr<std::uint64_t> FreeBytes() const override { return below_->FreeBytes(); }
  absl::Status ViewDamage() const override { return below_->ViewDamage(); }
  absl::Status Close() override;

 private:
  using Row = absl::optional<std::string>;  // Absent: deleted.

  void Take(const WriteBatch::Change& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Writes what waits to the store below. After a failure it still waits, and a later read of the
  // family fails in the same way.
  absl::Status WriteBack() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Store* const below_;
  const std::size_t waiting_bytes_max_;
  mutable Mutex mutex_;
  // Nothing of Family::kState is in the store below, which a look-up there would find out dearly.
  mutable bool nothing_below_ ABSL_GUARDED_BY(mutex_) = false;
  mutable absl::flat_hash_map<std::string, Row> waiting_ ABSL_GUARDED_BY(mutex_);
  mutable std::size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_WRITE_BACK_STORE_H_
