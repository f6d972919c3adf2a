// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_ARCHIVED_STORE_H_
#define PUHUI_LEDGER_STORAGE_ARCHIVED_STORE_H_

#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <memory>
#include <string>

namespace puhui::ledger {

// Rows of Family::kJournal that lie outside the store and never change; more may follow after the
// last. Threads: safe.
class ColdRows {
 public:
  virtual ~ColdRows() = default;
  // No row has a key above this one; empty when there are none. Reads nothing.
  virtual std::string Bound() const = 0;
  // Whether the rows go on up to `key` with nothing missing between. Reads nothing. Fails:
  // kUnavailable, saying what is missing.
  virtual absl::Status CheckReaches(absl::string_view key) const = 0;
  // Whether no row, missing ones included, can be before `key`.
  virtual bool IsFirst(absl::string_view key) const = 0;
  // A cursor over what is there now. It must be destroyed before the rows.
  virtual std::unique_ptr<Cursor> NewCursor() const = 0;
};

// A store whose oldest rows of Family::kJournal lie elsewhere. Reads of that family see them below
// those of the store; where both have a key, the store's row counts. Everything else goes to the
// store as it is.
//
// Nothing cold is read, or looked at, for what the store's own rows answer. A read that comes to
// where rows are missing, between the cold ones and the store's, fails with kUnavailable.
// Threads: as Store. Borrows: the store and the rows, which must outlive it.
class ArchivedStore final : public Store {
 public:
  ArchivedStore(Store* hot, const ColdRows* cold) : hot_(hot), cold_(cold) {}

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override;
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override;
  std::unique_ptr<Cursor> NewCursor(Family family,
                                    CursorUse use = CursorUse::kLookUp) const override;

  absl::Status Commit(const WriteBatch& batch, Durability durability) override {
    return hot_->Commit(batch, durability);
  }
  std::unique_ptr<Readable> TakeSnapshot() const override;
  absl::Status FlushViews(bool wait) override { return hot_->FlushViews(wait); }
  absl::Status ClearFamily(Family family) override { return hot_->ClearFamily(family); }
  absl::StatusOr<std::string> FirstJournalKey() const override { return hot_->FirstJournalKey(); }
  absl::Status DropJournalBefore(absl::string_view key) override {
    return hot_->DropJournalBefore(key);
  }
  absl::StatusOr<std::uint64_t> FreeBytes() const override { return hot_->FreeBytes(); }
  absl::Status ViewDamage() const override { return hot_->ViewDamage(); }
  absl::Status Close() override { return hot_->Close(); }

 private:
  Store* const hot_;
  const ColdRows* const cold_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_ARCHIVED_STORE_H_
