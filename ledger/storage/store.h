// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_STORE_H_
#define PUHUI_LEDGER_STORAGE_STORE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// The families of docs/data-format.md. Only kJournal and kVault are written through the log; the
// others are views, folds of the journal that can be thrown away.
enum class Family : std::uint8_t { kJournal, kVault, kState, kIndex, kTiles, kMeta };
inline constexpr std::size_t kFamilies = 6;

// Puts and deletes that take effect together.
class WriteBatch {
 public:
  struct Change {
    Family family;
    std::string key;
    absl::optional<std::string> value;  // Absent: delete the key.
  };
  void Put(Family family, std::string key, std::string value);
  void Delete(Family family, std::string key);
  void Clear();
  const std::vector<Change>& changes() const { return changes_; }
  std::vector<Change>& changes() { return changes_; }
  std::size_t bytes() const { return bytes_; }
  bool empty() const { return changes_.empty(); }

 private:
  std::vector<Change> changes_;
  std::size_t bytes_ = 0;
};

// What a cursor leaves in the cache, and how far it reads ahead.
enum class CursorUse : std::uint8_t {
  kLookUp,     // What it reads is kept.
  kScan,       // Nothing is kept, so that no hot block is pushed out; it reads ahead.
  kScattered,  // Nothing is kept, and nothing is read that it is not moved to.
};

// Walks one family in key order. Starts unpositioned.
// Always look at status() when Valid() turns false: end of data and a failed read look alike
// otherwise.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual void Seek(absl::string_view key) = 0;          // First key >= `key`.
  virtual void SeekBackward(absl::string_view key) = 0;  // Last key <= `key`.
  virtual void SeekToLast() = 0;
  virtual void Next() = 0;
  virtual void Prev() = 0;
  virtual bool Valid() const = 0;
  virtual absl::string_view key() const = 0;    // Until the cursor moves.
  virtual absl::string_view value() const = 0;  // Until the cursor moves.
  virtual absl::Status status() const = 0;
};

// What can be read: the store as it is now, or one moment of it.
// Fails: kDataLoss when stored bytes do not match their checksum, kUnavailable on any other I/O
// error. Threads: safe, except that a Cursor belongs to one thread.
class Readable {
 public:
  virtual ~Readable() = default;
  // Absent keys are absl::nullopt, not an error.
  virtual absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                          absl::string_view key) const = 0;
  // Requires: `keys` are sorted and distinct. The answer has the order of `keys`; of a store that
  // is being written each row is as of some moment during the call, and not all of one.
  virtual absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const = 0;
  virtual std::unique_ptr<Cursor> NewCursor(Family family,
                                            CursorUse use = CursorUse::kLookUp) const = 0;
};

enum class Durability {
  kSynced,  // In the log and on the disk before Commit returns. For kJournal and kVault, and only
            // for them (checked).
  kView,    // In memory until the next flush; recovery replays the journal. For the other families
            // only (checked).
};

// One ordered store of six families.
// Threads: Commit may be called from one thread for kSynced and one for kView at the same time;
// reads from any.
class Store : public Readable {
 public:
  // Fails: kResourceExhausted when the disk is full, kDataLoss, kUnavailable for any other I/O
  // error. After a failure of a kSynced commit the outcome is unknown until the store has been
  // reopened.
  virtual absl::Status Commit(const WriteBatch& batch, Durability durability) = 0;
  // One moment of all families. Must be destroyed before the store.
  virtual std::unique_ptr<Readable> TakeSnapshot() const = 0;
  // Writes all views to disk in one atomic step. `wait` false: starts it and returns.
  virtual absl::Status FlushViews(bool wait) = 0;
  // Drops every row of a view family, damaged ones too, durably: the first step of a rebuild. Clear
  // kMeta first: a crash between two clears then finds no applied sequence. What earlier snapshots
  // and cursors show of the family is not said.
  virtual absl::Status ClearFamily(Family family) = 0;
  // The first key of Family::kJournal in this store itself; empty when it has none. Rows before it
  // may lie elsewhere, where they cost more to read.
  virtual absl::StatusOr<std::string> FirstJournalKey() const = 0;
  // Drops the rows of Family::kJournal before `key`, durably and in one step, while others commit.
  // Earlier snapshots and cursors go on showing them. Fails: as Commit.
  virtual absl::Status DropJournalBefore(absl::string_view key) = 0;
  // Bytes free on the disk of this store, for the admission of writes.
  virtual absl::StatusOr<std::uint64_t> FreeBytes() const = 0;
  // The first damage of a view that a read has met since the store was opened. OK: none has.
  virtual absl::Status ViewDamage() const = 0;
  // Flushes and closes; call once, last, with no reads under way.
  virtual absl::Status Close() = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_STORE_H_
