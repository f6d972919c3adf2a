// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/rocks_store.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_tuning.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>

#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kProtectionBytes = 8;  // A checksum per key from here to the memtable.
constexpr std::size_t kBytesPerChangeExtra =
    24;  // What RocksDB adds to a key and its value, rounded up.
constexpr std::size_t kScanReadahead = std::size_t{1} << 20;

rocksdb::Slice SliceOf(absl::string_view text) { return {text.data(), text.size()}; }
absl::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// RocksDB's own text is kept: it names the file.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view attempt) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(attempt, ": ", status.ToString());
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
    return absl::ResourceExhaustedError(text);
  }
  if (status.IsCorruption()) return absl::DataLossError(text);
  return absl::UnavailableError(text);
}

// RocksDB has no code for a lock that is taken, in this process or in another.
bool IsLockTaken(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (absl::StrContains(text, "lock hold by current process") ||
                                absl::StrContains(text, "While lock file"));
}

rocksdb::ReadOptions ReadAt(const rocksdb::Snapshot* at) {
  rocksdb::ReadOptions read;
  read.snapshot = at;
  return read;
}

rocksdb::WriteOptions WriteAs(Durability durability) {
  rocksdb::WriteOptions write;
  write.sync = durability == Durability::kSynced;
  write.disableWAL = durability == Durability::kView;
  write.protection_bytes_per_key = kProtectionBytes;
  return write;
}

}  // namespace

class RocksCursor final : public Cursor {
 public:
  explicit RocksCursor(std::unique_ptr<rocksdb::Iterator> iterator)
      : iterator_(std::move(iterator)) {}

  void Seek(absl::string_view key) override { iterator_->Seek(SliceOf(key)); }
  void SeekBackward(absl::string_view key) override { iterator_->SeekForPrev(SliceOf(key)); }
  void SeekToLast() override { iterator_->SeekToLast(); }
  void Next() override { iterator_->Next(); }
  void Prev() override { iterator_->Prev(); }
  bool Valid() const override { return iterator_->Valid(); }
  absl::string_view key() const override { return ViewOf(iterator_->key()); }
  absl::string_view value() const override { return ViewOf(iterator_->value()); }
  absl::Status status() const override { return ToStatus(iterator_->status(), "scan"); }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

class RocksSnapshot final : public Readable {
 public:
  explicit RocksSnapshot(const RocksStore* store) : store_(store), at_(store->db_->GetSnapshot()) {}
  ~RocksSnapshot() override { store_->db_->ReleaseSnapshot(at_); }
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
  std::unique_ptr<Cursor> NewCursor(Family family, bool fill_cache) const override {
    return store_->NewCursorAt(at_, family, fill_cache);
  }

 private:
  const RocksStore* const store_;
  const rocksdb::Snapshot* const at_;
};

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::Open(const RocksOptions& options) {
  PUHUI_CHECK(!options.path.empty());
  // A cache of its own: one that outlives a database can hide damage on the disk from the next.
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  for (const Family family : kAllFamilies) {
    families.emplace_back(kFamilyNames[IndexOf(family)], FamilyTuning(options, family, cache));
  }
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> opened;
  const rocksdb::DBOptions tuning = DatabaseTuning(options);
  const rocksdb::Status status =
      options.read_only ? rocksdb::DB::OpenForReadOnly(tuning, options.path, families, &opened, &db)
                        : rocksdb::DB::Open(tuning, options.path, families, &opened, &db);
  if (IsLockTaken(status)) {
    return absl::FailedPreconditionError(absl::StrCat("another process has the data directory ",
                                                      options.path, " open: ", status.ToString()));
  }
  PUHUI_RETURN_IF_ERROR(ToStatus(status, absl::StrCat("open ", options.path)));
  PUHUI_CHECK(opened.size() == kFamilies + 1);
  Handles handles{};
  for (std::size_t i = 0; i < kFamilies; ++i) handles[i] = opened[i + 1];
  return std::unique_ptr<RocksStore>(new RocksStore(
      options.path, options.read_only, std::unique_ptr<rocksdb::DB>(db), opened[0], handles));
}

RocksStore::RocksStore(std::string path, bool read_only, std::unique_ptr<rocksdb::DB> db,
                       rocksdb::ColumnFamilyHandle* default_handle, const Handles& handles)
    : path_(std::move(path)),
      read_only_(read_only),
      db_(std::move(db)),
      default_handle_(default_handle),
      handles_(handles) {}

RocksStore::~RocksStore() {
  if (db_ != nullptr) DestroyHandles();
}

absl::StatusOr<absl::optional<std::string>> RocksStore::Get(Family family,
                                                            absl::string_view key) const {
  return GetAt(nullptr, family, key);
}

absl::StatusOr<std::vector<absl::optional<std::string>>> RocksStore::MultiGet(
    Family family, absl::Span<const std::string> keys) const {
  return MultiGetAt(nullptr, family, keys);
}

std::unique_ptr<Cursor> RocksStore::NewCursor(Family family, bool fill_cache) const {
  return NewCursorAt(nullptr, family, fill_cache);
}

absl::StatusOr<absl::optional<std::string>> RocksStore::GetAt(const rocksdb::Snapshot* at,
                                                              Family family,
                                                              absl::string_view key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status =
      db_->Get(ReadAt(at), handles_[IndexOf(family)], SliceOf(key), &value);
  if (status.IsNotFound()) return absl::optional<std::string>();
  PUHUI_RETURN_IF_ERROR(ToStatus(status, "read"));
  return absl::optional<std::string>(value.ToString());
}

absl::StatusOr<std::vector<absl::optional<std::string>>> RocksStore::MultiGetAt(
    const rocksdb::Snapshot* at, Family family, absl::Span<const std::string> keys) const {
  // RocksDB 7.8 answers duplicates wrongly.
  PUHUI_CHECK(SortedAndDistinct(keys));
  std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  constexpr bool kSorted = true;
  db_->MultiGet(ReadAt(at), handles_[IndexOf(family)], keys.size(), slices.data(), found.data(),
                statuses.data(), kSorted);
  std::vector<absl::optional<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    PUHUI_RETURN_IF_ERROR(ToStatus(statuses[i], "read"));
    values[i] = found[i].ToString();
  }
  return values;
}

std::unique_ptr<Cursor> RocksStore::NewCursorAt(const rocksdb::Snapshot* at, Family family,
                                                bool fill_cache) const {
  rocksdb::ReadOptions read = ReadAt(at);
  read.fill_cache = fill_cache;
  if (!fill_cache) read.readahead_size = kScanReadahead;
  return std::make_unique<RocksCursor>(
      std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(read, handles_[IndexOf(family)])));
}

absl::Status RocksStore::Commit(const WriteBatch& batch, Durability durability) {
  CheckFamilies(batch, durability);
  if (batch.empty()) return absl::OkStatus();
  rocksdb::WriteBatch changes(batch.bytes() + batch.changes().size() * kBytesPerChangeExtra,
                              /*max_bytes=*/0, kProtectionBytes, /*default_cf_ts_sz=*/0);
  for (const WriteBatch::Change& change : batch.changes()) {
    rocksdb::ColumnFamilyHandle* const handle = handles_[IndexOf(change.family)];
    const rocksdb::Status status = change.value.has_value()
                                       ? changes.Put(handle, change.key, *change.value)
                                       : changes.Delete(handle, change.key);
    PUHUI_RETURN_IF_ERROR(ToStatus(status, "gather a write"));
  }
  return ToStatus(db_->Write(WriteAs(durability), &changes), "write");
}

std::unique_ptr<Readable> RocksStore::TakeSnapshot() const {
  return std::make_unique<RocksSnapshot>(this);
}

absl::Status RocksStore::FlushViews(bool wait) {
  std::vector<rocksdb::ColumnFamilyHandle*> views;
  for (const Family family : kAllFamilies) {
    if (IsView(family)) views.push_back(handles_[IndexOf(family)]);
  }
  rocksdb::FlushOptions flush;
  flush.wait = wait;
  flush.allow_write_stall = !wait;  // Else the call itself would wait for earlier flushes.
  return ToStatus(db_->Flush(flush, views), "flush the views");
}

absl::Status RocksStore::ClearFamily(Family family) {
  PUHUI_CHECK(IsView(family));
  const std::unique_ptr<Cursor> cursor = NewCursor(family, /*fill_cache=*/false);
  cursor->SeekToLast();
  if (!cursor->Valid()) return cursor->status();
  const std::string above_last = absl::StrCat(cursor->key(), absl::string_view("\0", 1));
  return ToStatus(db_->DeleteRange(WriteAs(Durability::kView), handles_[IndexOf(family)],
                                   rocksdb::Slice(), above_last),
                  absl::StrCat("clear the family ", kFamilyNames[IndexOf(family)]));
}

absl::StatusOr<std::uint64_t> RocksStore::FreeBytes() const {
  std::uint64_t bytes = 0;
  const rocksdb::IOStatus status =
      db_->GetFileSystem()->GetFreeSpace(path_, rocksdb::IOOptions(), &bytes, /*dbg=*/nullptr);
  PUHUI_RETURN_IF_ERROR(ToStatus(status, absl::StrCat("free space of ", path_)));
  return bytes;
}

absl::Status RocksStore::Close() {
  PUHUI_CHECK(db_ != nullptr);
  absl::Status first = read_only_ ? absl::OkStatus() : FlushAll();
  rocksdb::CancelAllBackgroundWork(db_.get(), /*wait=*/true);
  DestroyHandles();
  first.Update(ToStatus(db_->Close(), absl::StrCat("close ", path_)));
  db_.reset();
  return first;
}

absl::Status RocksStore::FlushAll() {
  PUHUI_RETURN_IF_ERROR(ToStatus(db_->FlushWAL(/*sync=*/true), "sync the log"));
  const std::vector<rocksdb::ColumnFamilyHandle*> all(handles_.begin(), handles_.end());
  return ToStatus(db_->Flush(rocksdb::FlushOptions(), all), "flush");
}

void RocksStore::DestroyHandles() {
  for (rocksdb::ColumnFamilyHandle* const handle : handles_) {
    db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->DestroyColumnFamilyHandle(default_handle_).PermitUncheckedError();
}

}  // namespace puhui::ledger
