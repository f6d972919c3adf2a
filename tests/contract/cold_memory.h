// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CONTRACT_COLD_MEMORY_H_
#define PUHUI_TESTS_CONTRACT_COLD_MEMORY_H_

#include "ledger/base/check.h"
#include "ledger/storage/archived_store.h"
#include "ledger/storage/memory_store.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

namespace puhui::ledger {

// Cold rows in memory. They reach as far as they are said to, and count how often they are looked
// at. Threads: as MemoryStore.
class ColdMemory final : public ColdRows {
 public:
  void Put(std::string key, std::string value) {
    bound_ = std::max(bound_, key);
    WriteBatch batch;
    batch.Put(Family::kJournal, std::move(key), std::move(value));
    PUHUI_CHECK_OK(rows_.Commit(batch, Durability::kSynced));
  }
  // Rows with keys up to `key` are there or were never; those after it are missing.
  void Reach(std::string key) { reach_ = std::move(key); }
  int looks() const { return looks_; }

  std::string Bound() const override { return bound_; }
  absl::Status CheckReaches(absl::string_view key) const override {
    if (reach_.empty() || key <= reach_) return absl::OkStatus();
    return absl::UnavailableError("missing");
  }
  bool IsFirst(absl::string_view key) const override { return key.empty(); }
  std::unique_ptr<Cursor> NewCursor() const override {
    ++looks_;
    return rows_.NewCursor(Family::kJournal);
  }

 private:
  MemoryStore rows_;
  std::string bound_;
  std::string reach_;
  mutable std::atomic<int> looks_{0};
};

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_CONTRACT_COLD_MEMORY_H_
