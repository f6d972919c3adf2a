// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_TABLE_SET_H_
#define PUHUI_LEDGER_ENGINE_TABLE_SET_H_

#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// How soon a row will be wanted: kSoon first, some work later kNext.
enum class Coming { kSoon, kNext };

// All tables of one writer, and the group of changes that they are collecting.
// A failed read ends the process: a decision made without its state would be worse. Who opened the
// ledger hears of it first, so that the next process does not end in the same place.
// Threads: the writer's alone, but for `retired` and `store`, and for const functions while nobody
// changes anything. Borrows: the store.
class TableSet {
 public:
  explicit TableSet(const Readable* store) : store_(store) {}
  TableSet(const TableSet&) = delete;
  TableSet& operator=(const TableSet&) = delete;

  class Member {
   public:
    virtual ~Member() = default;
    virtual const TableSpec& spec() const = 0;
    // How many rows there are, the keys of at most `count` of them, whichever, and a row as it
    // would be stored, if there is one. Require: no row was ever dropped, and every one was changed
    // here.
    virtual std::size_t CountRows() const = 0;
    virtual std::vector<std::string> SomeKeys(std::size_t count) const = 0;
    virtual absl::optional<std::string> Encoded(absl::string_view key) const = 0;
    // Brings the row of a key into the processor's caches: first its place, then itself.
    virtual void ExpectEncoded(absl::string_view key, Coming coming) const = 0;
    // Shows every row that a group after `retired` changed, as it would be stored, in no order.
    virtual void EachChanged(
        std::uint64_t retired,
        absl::FunctionRef<void(std::string key, absl::optional<std::string> value)> show) const = 0;

   private:
    friend class TableSet;
    // Adds the rows that the current group changed.
    virtual void Collect(WriteBatch* views, WriteBatch* vault) = 0;
    // Ends the current group without that. Returns the memory of all rows that are here.
    virtual std::size_t Keep() = 0;
    // Drops every row. Requires: all groups are retired.
    virtual void Drop() = 0;
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

  // Ends the current group as CloseGroup does, but its rows stay here, written nowhere, until
  // WriteKept. Returns the memory of all rows that are here.
  std::size_t KeepGroup();
  // Writes the rows of all kept groups but the vault's, in pieces, retires the groups and drops all
  // rows. Fails: as `write`; some are written then.
  absl::Status WriteKept(absl::FunctionRef<absl::Status(const WriteBatch&)> write);
  const std::vector<Member*>& tables() const { return tables_; }
  // What index tables were given and is written nowhere, oldest first.
  const WriteBatch& kept_directly() const { return direct_; }

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
  WriteBatch direct_;        // Of the current and of kept groups: rows of index tables,
  WriteBatch direct_vault_;  // and of those in the vault.
  std::uint64_t group_ = 1;
  std::atomic<std::uint64_t> retired_ = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_TABLE_SET_H_
