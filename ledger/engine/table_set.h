// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_TABLE_SET_H_
#define PUHUI_LEDGER_ENGINE_TABLE_SET_H_

#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// All tables of one writer, and the group of changes that they are collecting.
// A failed read ends the process: a decision made without its state would be worse. Who opened the
// ledger hears of it first, so that the next process does not end in the same place.
// Threads: the writer's alone, but for `retired` and `store`. Borrows: the store.
class TableSet {
 public:
  explicit TableSet(const Readable* store) : store_(store) {}
  TableSet(const TableSet&) = delete;
  TableSet& operator=(const TableSet&) = delete;

  class Member {
   public:
    virtual ~Member() = default;

   private:
    friend class TableSet;
    // Adds the rows that the current group changed.
    virtual void Collect(WriteBatch* views, WriteBatch* vault) = 0;
    // Reads every row, when they are the vault's. Fails: as Scan.
    virtual absl::Status CheckVault(const Readable& store) const = 0;
  };

  // The group that changes belong to now, from 1.
  std::uint64_t group() const { return group_; }
  // Every group up to this one is in the store; earlier ones again for a while after a start.
  // Threads: any.
  std::uint64_t retired() const { return retired_.load(std::memory_order_acquire); }
  const Readable& store() const { return *store_; }

  // Ends the current group and begins the next. `views` gets its rows in key order, `vault` its
  // personal data.
  void CloseGroup(WriteBatch* views, WriteBatch* vault);
  void Retire(std::uint64_t group) { retired_.store(group, std::memory_order_release); }

  // Called with why the views are not to be believed, when something shows that.
  void OnDoubt(std::function<void(absl::string_view why)> tell) { tell_doubt_ = std::move(tell); }
  void Doubt(absl::string_view why) const {
    if (tell_doubt_) tell_doubt_(why);
  }
  // Reads every row of the vault: nothing else holds what is in it. Fails: kDataLoss, naming the
  // table; kUnavailable.
  absl::Status CheckVault() const;

  // For the tables.
  void Add(Member* table) { tables_.push_back(table); }
  void Write(Family family, std::string key, absl::optional<std::string> value);
  absl::optional<std::string> Read(const TableSpec& table, absl::string_view key) const;
  std::vector<absl::optional<std::string>> ReadAll(const TableSpec& table,
                                                   absl::Span<const std::string> keys) const;
  // Ends the process. Names the key, but for the vault's tables.
  [[noreturn]] void Unreadable(const TableSpec& table, absl::string_view key,
                               const absl::Status& status) const;

 private:
  const Readable* store_;
  std::function<void(absl::string_view)> tell_doubt_;
  std::vector<Member*> tables_;
  WriteBatch direct_;        // Of the current group: rows of index tables,
  WriteBatch direct_vault_;  // and of those in the vault.
  std::uint64_t group_ = 1;
  std::atomic<std::uint64_t> retired_ = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_TABLE_SET_H_
