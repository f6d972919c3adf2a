// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/rocks_store.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_database.h"

#include "absl/strings/str_cat.h"
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/write_batch.h>

#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kProtectionBytes = 8;  // A checksum per key from here to the memtable.
constexpr std::size_t kBytesPerChangeExtra =
    24;  // What RocksDB adds to a key and its value, rounded up.
constexpr std::size_t kScanReadahead = std::size_t{1} << 20;

// Keys that stand together are read by walking from one to the next.
constexpr std::size_t kWalkedKeysMin = 32;      // Fewer are looked up.
constexpr std::size_t kStepsToKeyMax = 12;      // As dear as going there anew.
constexpr std::size_t kSeeksMin = 4;            // More than these, and one for
constexpr std::size_t kKeysPerSeekMin = 16;     // so many keys, are dearer than look-ups.
constexpr std::uint64_t kSkippedRowsMax = 256;  // Deleted or overwritten, in one step.

rocksdb::Slice SliceOf(absl::string_view text) { return {text.data(), text.size()}; }
absl::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::ReadOptions ReadAt(const rocksdb::Snapshot* at) {
  rocksdb::ReadOptions read;
  read.snapshot = at;
  return read;
}

// For iterators. RocksDB 7.8 forgets that a level could not be read on when it stands at the end of
// a file there and range deletions are to be heeded (mended in 8.6, facebook/rocksdb#11782): the
// rest of the level is passed over, with status OK. Only Family::kJournal has range deletions.
rocksdb::ReadOptions WalkAt(const rocksdb::Snapshot* at, Family family) {
  rocksdb::ReadOptions read = ReadAt(at);
  read.ignore_range_deletions = family != Family::kJournal;
  return read;
}

rocksdb::WriteOptions WriteAs(Durability durability) {
  rocksdb::WriteOptions write;
  write.sync = durability == Durability::kSynced;
  write.disableWAL = durability == Durability::kView;
  write.protection_bytes_per_key = kProtectionBytes;
  return write;
}

// Whether a snapshot is open that is from before the write with this number.
bool HasSnapshotBefore(rocksdb::DB& db, std::uint64_t write) {
  const rocksdb::ManagedSnapshot now(&db);  // The oldest of none would be 0.
  std::uint64_t oldest = 0;
  const bool known = db.GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest);
  return !known || oldest < write;
}

}  // namespace

// Looks twice before it says that Family::kJournal has ended: see WalkAt. (Segments that are passed
// over before others are missed by who reads them: each says what it follows.)
class RocksCursor final : public Cursor {
 public:
  RocksCursor(const RocksStore* store, Family family, std::unique_ptr<rocksdb::Iterator> iterator)
      : store_(store), family_(family), iterator_(std::move(iterator)) {}

  void Seek(absl::string_view key) override {
    Start();
    iterator_->Seek(SliceOf(key));
  }
  void SeekBackward(absl::string_view key) override {
    Start();
    iterator_->SeekForPrev(SliceOf(key));
  }
  void SeekToLast() override {
    Start();
    iterator_->SeekToLast();
  }
  void Next() override {
    NoteKey();
    iterator_->Next();
    if (PerhapsAtEnd()) {
      iterator_->SeekToLast();
      CheckEnd();
    }
  }
  void Prev() override {
    NoteKey();
    iterator_->Prev();
    if (PerhapsAtEnd()) {
      iterator_->SeekToFirst();
      CheckEnd();
    }
  }
  bool Valid() const override { return !ended_ && iterator_->Valid(); }
  absl::string_view key() const override { return ViewOf(iterator_->key()); }
  absl::string_view value() const override { return ViewOf(iterator_->value()); }
  absl::Status status() const override {
    if (!passed_over_.ok()) return passed_over_;
    return store_->ReadStatus(family_, iterator_->status(), "scan");
  }

 private:
  void Start() {
    ended_ = false;
    passed_over_ = absl::OkStatus();
  }
  void NoteKey() {
    if (family_ == Family::kJournal) last_key_ = iterator_->key().ToString();
  }
  bool PerhapsAtEnd() const {
    return family_ == Family::kJournal && !iterator_->Valid() && iterator_->status().ok();
  }
  // Requires: the iterator is at the end that it moved to, or could not be brought there.
  void CheckEnd() {
    ended_ = true;
    if (!iterator_->Valid() || iterator_->key() == last_key_) return;
    passed_over_ = absl::DataLossError("scan: rows that cannot be read were passed over");
  }

  const RocksStore* const store_;
  const Family family_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  std::string last_key_;      // Before the last move.
  bool ended_ = false;        // And the iterator stands somewhere all the same.
  absl::Status passed_over_;  // Fails when it was not the end.
};

class RocksSnapshot final : public Readable {
 public:
  explicit RocksSnapshot(const RocksStore* store) : store_(store), at_(store->db().GetSnapshot()) {}
  ~RocksSnapshot() override { store_->db().ReleaseSnapshot(at_); }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override {
    return store_->GetAt(at_, family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override {
    return store_->MultiGetAt(at_, family, keys);
  }
  std::unique_ptr<Cursor> NewCursor(Family family, CursorUse use) const override {
    return store_->NewCursorAt(at_, family, use);
  }

 private:
  const RocksStore* const store_;
  const rocksdb::Snapshot* const at_;
};

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::Open(const RocksOptions& options) {
  PUHUI_ASSIGN_OR_RETURN(RocksDatabase database, OpenDatabase(options));
  return std::unique_ptr<RocksStore>(new RocksStore(options, std::move(database)));
}

RocksStore::RocksStore(const RocksOptions& options, RocksDatabase database)
    : path_(options.path),
      read_only_(options.read_only),
      database_(std::make_unique<RocksDatabase>(std::move(database))) {}

RocksStore::~RocksStore() = default;

rocksdb::DB& RocksStore::db() const { return *database_->db; }

rocksdb::ColumnFamilyHandle* RocksStore::HandleOf(Family family) const {
  return database_->families[IndexOf(family)];
}

bool RocksStore::Compacting() const {
  using Properties = rocksdb::DB::Properties;
  for (const Family family : kAllFamilies) {
    for (const auto& one : {Properties::kCompactionPending, Properties::kNumRunningCompactions}) {
      std::uint64_t count = 0;
      if (db().GetIntProperty(HandleOf(family), one, &count) && count > 0) return true;
    }
  }
  return false;
}

absl::Status RocksStore::views_dropped() const { return database_->views_dropped; }

absl::Status RocksStore::ReadStatus(Family family, const rocksdb::Status& status,
                                    absl::string_view attempt) const {
  absl::Status result = ToStatus(status, attempt);
  if (!absl::IsDataLoss(result) || !IsView(family)) return result;
  MutexLock lock(&mutex_);
  if (view_damage_.ok()) view_damage_ = result;
  return result;
}

absl::Status RocksStore::ViewDamage() const {
  MutexLock lock(&mutex_);
  return view_damage_;
}

absl::StatusOr<absl::optional<std::string>> RocksStore::Get(Family family,
                                                            absl::string_view key) const {
  return GetAt(nullptr, family, key);
}

absl::StatusOr<std::vector<absl::optional<std::string>>> RocksStore::MultiGet(
    Family family, absl::Span<const std::string> keys) const {
  return MultiGetAt(nullptr, family, keys);
}

std::unique_ptr<Cursor> RocksStore::NewCursor(Family family, CursorUse use) const {
  return NewCursorAt(nullptr, family, use);
}

absl::StatusOr<absl::optional<std::string>> RocksStore::GetAt(const rocksdb::Snapshot* at,
                                                              Family family,
                                                              absl::string_view key) const {
  rocksdb::ReadOptions read = ReadAt(at);
  read.fill_cache = family != Family::kJournal;  // A segment is seldom wanted twice.
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db().Get(read, HandleOf(family), SliceOf(key), &value);
  if (status.IsNotFound()) return absl::optional<std::string>();
  PUHUI_RETURN_IF_ERROR(ReadStatus(family, status, "read"));
  return absl::optional<std::string>(value.ToString());
}

// A look-up asks the filter and the index of each file; a step to the next row does not. Gives up,
// as soon as it shows, on keys that stand far apart, and when it meets what it cannot read, which
// may be a row that nobody asked for. Returns how many keys it came to.
std::size_t RocksStore::Walk(const rocksdb::Snapshot* at, Family family,
                             absl::Span<const std::string> keys,
                             absl::Span<absl::optional<std::string>> values) const {
  rocksdb::ReadOptions read = WalkAt(at, family);
  read.max_skippable_internal_keys = kSkippedRowsMax;
  const std::unique_ptr<rocksdb::Iterator> row(db().NewIterator(read, HandleOf(family)));
  row->Seek(keys.front());
  std::size_t seeks = 1;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t steps = 0; row->Valid() && row->key().compare(keys[i]) < 0; ++steps) {
      if (steps < kStepsToKeyMax) {
        row->Next();
        continue;
      }
      if (++seeks > kSeeksMin + i / kKeysPerSeekMin) return i;
      row->Seek(keys[i]);
    }
    if (!row->status().ok()) return i;
    if (!row->Valid()) break;  // Nothing comes after these.
    if (row->key() == keys[i]) values[i] = row->value().ToString();
  }
  return keys.size();
}

absl::StatusOr<std::vector<absl::optional<std::string>>> RocksStore::MultiGetAt(
    const rocksdb::Snapshot* at, Family family, absl::Span<const std::string> keys) const {
  // RocksDB 7.8 answers duplicates wrongly.
  PUHUI_CHECK(SortedAndDistinct(keys));
  std::vector<absl::optional<std::string>> values(keys.size());
  // Not the journal's: where it heeds range deletions a walk may take damage for the end.
  const bool many = keys.size() >= kWalkedKeysMin && family != Family::kJournal;
  const std::size_t walked = many ? Walk(at, family, keys, absl::MakeSpan(values)) : 0;
  const auto left = keys.subspan(walked);
  if (left.empty()) return values;
  std::vector<rocksdb::Slice> slices(left.begin(), left.end());
  std::vector<rocksdb::PinnableSlice> found(left.size());
  std::vector<rocksdb::Status> statuses(left.size());
  constexpr bool kSorted = true;
  db().MultiGet(ReadAt(at), HandleOf(family), left.size(), slices.data(), found.data(),
                statuses.data(), kSorted);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    PUHUI_RETURN_IF_ERROR(ReadStatus(family, statuses[i], "read"));
    values[walked + i] = found[i].ToString();
  }
  return values;
}

std::unique_ptr<Cursor> RocksStore::NewCursorAt(const rocksdb::Snapshot* at, Family family,
                                                CursorUse use) const {
  rocksdb::ReadOptions read = WalkAt(at, family);
  read.fill_cache = use == CursorUse::kLookUp;
  if (use == CursorUse::kScan) read.readahead_size = kScanReadahead;
  return std::make_unique<RocksCursor>(
      this, family, std::unique_ptr<rocksdb::Iterator>(db().NewIterator(read, HandleOf(family))));
}

absl::Status RocksStore::Commit(const WriteBatch& batch, Durability durability) {
  CheckFamilies(batch, durability);
  if (batch.empty()) return absl::OkStatus();
  rocksdb::WriteBatch changes(batch.bytes() + batch.changes().size() * kBytesPerChangeExtra,
                              /*max_bytes=*/0, kProtectionBytes, /*default_cf_ts_sz=*/0);
  for (const WriteBatch::Change& change : batch.changes()) {
    rocksdb::ColumnFamilyHandle* const handle = HandleOf(change.family);
    const rocksdb::Status status = change.value.has_value()
                                       ? changes.Put(handle, change.key, *change.value)
                                       : changes.Delete(handle, change.key);
    PUHUI_RETURN_IF_ERROR(ToStatus(status, "gather a write"));
  }
  return ToStatus(db().Write(WriteAs(durability), &changes), "write");
}

std::unique_ptr<Readable> RocksStore::TakeSnapshot() const {
  return std::make_unique<RocksSnapshot>(this);
}

absl::Status RocksStore::FlushViews(bool wait) {
  std::vector<rocksdb::ColumnFamilyHandle*> views;
  for (const Family family : kAllFamilies) {
    if (IsView(family)) views.push_back(HandleOf(family));
  }
  rocksdb::FlushOptions flush;
  flush.wait = wait;
  flush.allow_write_stall = !wait;  // Else the call itself would wait for earlier flushes.
  return ToStatus(db().Flush(flush, views), "flush the views");
}

// A range tombstone would leave the files to compactions, which stop everything when they meet a
// damaged one. A family that is dropped takes its files with it.
absl::Status RocksStore::ClearFamily(Family family) {
  PUHUI_CHECK(IsView(family));
  const char* const name = kFamilyNames[IndexOf(family)];
  rocksdb::ColumnFamilyHandle*& handle = database_->families[IndexOf(family)];
  // Not a cursor of ours: damage that goes with the family is none to tell of.
  std::unique_ptr<rocksdb::Iterator> rows(db().NewIterator(ReadAt(nullptr), handle));
  rows->SeekToLast();
  if (!rows->Valid() && rows->status().ok()) return absl::OkStatus();
  rows.reset();
  const rocksdb::ColumnFamilyOptions tuning(db().GetOptions(handle));
  PUHUI_RETURN_IF_ERROR(
      ToStatus(db().DropColumnFamily(handle), absl::StrCat("drop the family ", name)));
  rocksdb::ColumnFamilyHandle* made = nullptr;
  PUHUI_RETURN_IF_ERROR(ToStatus(db().CreateColumnFamily(tuning, name, &made),
                                 absl::StrCat("make the family ", name)));
  db().DestroyColumnFamilyHandle(std::exchange(handle, made)).PermitUncheckedError();
  return absl::OkStatus();
}

absl::StatusOr<std::string> RocksStore::FirstJournalKey() const {
  const std::unique_ptr<Cursor> cursor = NewCursor(Family::kJournal, CursorUse::kScattered);
  cursor->Seek("");
  if (cursor->Valid()) return std::string(cursor->key());
  PUHUI_RETURN_IF_ERROR(cursor->status());
  return std::string();
}

// The rows are gone with the write; the files that held nothing else go at once, the rest of the
// space with the compactions that come anyway. Taking files away heeds no snapshot, so that they
// stay as long as one from before the write is open, and go with the next call or a compaction. A
// call that finds no rows writes nothing: what is read by then has not seen them.
absl::Status RocksStore::DropJournalBefore(absl::string_view key) {
  rocksdb::ColumnFamilyHandle* const journal = HandleOf(Family::kJournal);
  const rocksdb::Slice begin("", 0);
  const rocksdb::Slice end = SliceOf(key);
  MutexLock lock(&drop_mutex_);
  PUHUI_ASSIGN_OR_RETURN(const std::string first, FirstJournalKey());
  if (!first.empty() && first < key) {
    rocksdb::WriteBatch drop;
    PUHUI_RETURN_IF_ERROR(ToStatus(drop.DeleteRange(journal, begin, end), "gather a write"));
    PUHUI_RETURN_IF_ERROR(
        ToStatus(db().Write(WriteAs(Durability::kSynced), &drop), "drop a part of the journal"));
    last_drop_ = db().GetLatestSequenceNumber();
  }
  if (HasSnapshotBefore(db(), last_drop_)) return absl::OkStatus();
  constexpr bool kIncludeEnd = false;
  const rocksdb::RangePtr range(&begin, &end);
  return ToStatus(rocksdb::DeleteFilesInRanges(&db(), journal, &range, 1, kIncludeEnd),
                  "drop files of the journal");
}

absl::StatusOr<std::uint64_t> RocksStore::FreeBytes() const {
  std::uint64_t bytes = 0;
  const rocksdb::IOStatus status =
      db().GetFileSystem()->GetFreeSpace(path_, rocksdb::IOOptions(), &bytes, /*dbg=*/nullptr);
  PUHUI_RETURN_IF_ERROR(ToStatus(status, absl::StrCat("free space of ", path_)));
  return bytes;
}

absl::Status RocksStore::Close() {
  PUHUI_CHECK(database_->db != nullptr);
  absl::Status first = read_only_ ? absl::OkStatus() : FlushAll();
  rocksdb::CancelAllBackgroundWork(database_->db.get(), /*wait=*/true);
  database_->ReleaseHandles();
  first.Update(ToStatus(db().Close(), absl::StrCat("close ", path_)));
  database_->db.reset();
  return first;
}

absl::Status RocksStore::FlushAll() {
  PUHUI_RETURN_IF_ERROR(ToStatus(db().FlushWAL(/*sync=*/true), "sync the log"));
  const auto& families = database_->families;
  return ToStatus(db().Flush(rocksdb::FlushOptions(), {families.begin(), families.end()}), "flush");
}

}  // namespace puhui::ledger
