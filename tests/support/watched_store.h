// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WATCHED_STORE_H_
#define PUHUI_TESTS_SUPPORT_WATCHED_STORE_H_

#include "ledger/storage/memory_store.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"

#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// A memory store that counts commits, remembers what they wrote, and refuses them when it is told
// to. Threads: one.
class WatchedStore : public Store {
 public:
  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override {
    return rows_.Get(family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override {
    return rows_.MultiGet(family, keys);
  }
  std::unique_ptr<Cursor> NewCursor(Family family, CursorUse use) const override {
    return rows_.NewCursor(family, use);
  }
  absl::Status Commit(const WriteBatch& batch, Durability durability) override {
    ++commits;
    if (!fault.ok()) return fault;
    for (const WriteBatch::Change& change : batch.changes()) written.push_back(change.key);
    return rows_.Commit(batch, durability);
  }
  std::unique_ptr<Readable> TakeSnapshot() const override { return rows_.TakeSnapshot(); }
  absl::Status FlushViews(bool wait) override { return rows_.FlushViews(wait); }
  absl::Status ClearFamily(Family family) override { return rows_.ClearFamily(family); }
  absl::StatusOr<std::string> FirstJournalKey() const override { return rows_.FirstJournalKey(); }
  absl::Status DropJournalBefore(absl::string_view key) override {
    return rows_.DropJournalBefore(key);
  }
  absl::StatusOr<std::uint64_t> FreeBytes() const override { return rows_.FreeBytes(); }
  absl::Status ViewDamage() const override { return rows_.ViewDamage(); }
  absl::Status Close() override { return rows_.Close(); }

  absl::Status fault;                // What commits fail with from now on.
  int commits = 0;                   // Those that failed too.
  std::vector<std::string> written;  // The keys, in the order in which they came.

 private:
  MemoryStore rows_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_SUPPORT_WATCHED_STORE_H_
