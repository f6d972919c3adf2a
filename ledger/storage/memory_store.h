// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_MEMORY_STORE_H_
#define PUHUI_LEDGER_STORAGE_MEMORY_STORE_H_

#include "ledger/base/mutex.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"

#include <array>
#include <functional>
#include <map>
#include <string>

namespace puhui::ledger {

// The obvious twin of RocksStore, for tests: six sorted maps. A family that a snapshot or a cursor
// looks at is copied by the next commit that changes it, so what they see stands still. Threads:
// safe. Snapshots and cursors must be destroyed before the store.
class MemoryStore final : public Store {
 public:
  using Rows = std::map<std::string, std::string, std::less<>>;
  using Families = std::array<std::shared_ptr<Rows>, kFamilies>;

  MemoryStore();
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

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
  absl::StatusOr<std::string> FirstJournalKey() const override;
  absl::Status DropJournalBefore(absl::string_view key) override;
  absl::StatusOr<std::uint64_t> FreeBytes() const override;
  absl::Status ViewDamage() const override;
  absl::Status Close() override;

  // What ViewDamage says from now on.
  void SetViewDamage(absl::Status damage);
  // What FreeBytes says from now on; 1 TiB at first.
  void SetFreeBytes(std::uint64_t bytes);

 private:
  friend class MemorySnapshot;
  friend class MemoryCursor;

  // Families are shared and let go under the mutex only, so that their use counts can be trusted
  // there.
  Families Pin() const;
  void Unpin(Families* families) const;
  std::shared_ptr<Rows> PinOne(Family family) const;
  void UnpinOne(std::shared_ptr<Rows>* rows) const;
  Rows& Writable(Family family) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  Families families_ ABSL_GUARDED_BY(mutex_);
  absl::Status view_damage_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t free_bytes_ ABSL_GUARDED_BY(mutex_) = std::uint64_t{1} << 40;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_MEMORY_STORE_H_
