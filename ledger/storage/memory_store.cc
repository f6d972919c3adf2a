// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/memory_store.h"

#include "ledger/base/check.h"
#include "ledger/storage/families.h"

#include <iterator>
#include <utility>

namespace puhui::ledger {
namespace {

using Rows = MemoryStore::Rows;

absl::optional<std::string> GetFrom(const Rows& rows, absl::string_view key) {
  const auto row = rows.find(std::string(key));
  if (row == rows.end()) return absl::nullopt;
  return row->second;
}

std::vector<absl::optional<std::string>> MultiGetFrom(const Rows& rows,
                                                      absl::Span<const std::string> keys) {
  PUHUI_CHECK(SortedAndDistinct(keys));
  std::vector<absl::optional<std::string>> values;
  values.reserve(keys.size());
  for (const std::string& key : keys) values.push_back(GetFrom(rows, key));
  return values;
}

}  // namespace

class MemoryCursor final : public Cursor {
 public:
  MemoryCursor(const MemoryStore* store, std::shared_ptr<Rows> rows)
      : store_(store), rows_(std::move(rows)), at_(rows_->end()) {}
  ~MemoryCursor() override { store_->UnpinOne(&rows_); }

  void Seek(absl::string_view key) override { at_ = rows_->lower_bound(std::string(key)); }
  void SeekBackward(absl::string_view key) override {
    at_ = rows_->upper_bound(std::string(key));
    Prev();
  }
  void SeekToLast() override {
    at_ = rows_->end();
    Prev();
  }
  void Next() override { ++at_; }
  void Prev() override { at_ = at_ == rows_->begin() ? rows_->end() : std::prev(at_); }
  bool Valid() const override { return at_ != rows_->end(); }
  absl::string_view key() const override { return at_->first; }
  absl::string_view value() const override { return at_->second; }
  absl::Status status() const override { return absl::OkStatus(); }

 private:
  const MemoryStore* const store_;
  std::shared_ptr<Rows> rows_;
  Rows::const_iterator at_;
};

class MemorySnapshot final : public Readable {
 public:
  explicit MemorySnapshot(const MemoryStore* store) : store_(store), families_(store->Pin()) {}
  ~MemorySnapshot() override { store_->Unpin(&families_); }

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override {
    return GetFrom(*families_[IndexOf(family)], key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override {
    return MultiGetFrom(*families_[IndexOf(family)], keys);
  }
  std::unique_ptr<Cursor> NewCursor(Family family, CursorUse /*use*/) const override {
    return std::make_unique<MemoryCursor>(store_, families_[IndexOf(family)]);
  }

 private:
  const MemoryStore* const store_;
  MemoryStore::Families families_;
};

MemoryStore::MemoryStore() {
  for (std::shared_ptr<Rows>& rows : families_) rows = std::make_shared<Rows>();
}
MemoryStore::~MemoryStore() = default;

absl::StatusOr<absl::optional<std::string>> MemoryStore::Get(Family family,
                                                             absl::string_view key) const {
  MutexLock lock(&mutex_);
  return GetFrom(*families_[IndexOf(family)], key);
}

absl::StatusOr<std::vector<absl::optional<std::string>>> MemoryStore::MultiGet(
    Family family, absl::Span<const std::string> keys) const {
  MutexLock lock(&mutex_);
  return MultiGetFrom(*families_[IndexOf(family)], keys);
}

std::unique_ptr<Cursor> MemoryStore::NewCursor(Family family, CursorUse /*use*/) const {
  return std::make_unique<MemoryCursor>(this, PinOne(family));
}

absl::Status MemoryStore::Commit(const WriteBatch& batch, Durability durability) {
  CheckFamilies(batch, durability);
  MutexLock lock(&mutex_);
  for (const WriteBatch::Change& change : batch.changes()) {
    Rows& rows = Writable(change.family);
    if (change.value.has_value()) {
      rows.insert_or_assign(change.key, *change.value);
    } else {
      rows.erase(change.key);
    }
  }
  return absl::OkStatus();
}

std::unique_ptr<Readable> MemoryStore::TakeSnapshot() const {
  return std::make_unique<MemorySnapshot>(this);
}

absl::Status MemoryStore::FlushViews(bool /*wait*/) { return absl::OkStatus(); }

absl::Status MemoryStore::ClearFamily(Family family) {
  PUHUI_CHECK(IsView(family));
  MutexLock lock(&mutex_);
  families_[IndexOf(family)] = std::make_shared<Rows>();
  return absl::OkStatus();
}

absl::StatusOr<std::string> MemoryStore::FirstJournalKey() const {
  MutexLock lock(&mutex_);
  const Rows& rows = *families_[IndexOf(Family::kJournal)];
  return rows.empty() ? std::string() : rows.begin()->first;
}

absl::Status MemoryStore::DropJournalBefore(absl::string_view key) {
  MutexLock lock(&mutex_);
  Rows& rows = Writable(Family::kJournal);
  rows.erase(rows.begin(), rows.lower_bound(std::string(key)));
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> MemoryStore::FreeBytes() const {
  MutexLock lock(&mutex_);
  return free_bytes_;
}

absl::Status MemoryStore::ViewDamage() const {
  MutexLock lock(&mutex_);
  return view_damage_;
}

absl::Status MemoryStore::Close() { return absl::OkStatus(); }

void MemoryStore::SetViewDamage(absl::Status damage) {
  MutexLock lock(&mutex_);
  view_damage_ = std::move(damage);
}

void MemoryStore::SetFreeBytes(std::uint64_t bytes) {
  MutexLock lock(&mutex_);
  free_bytes_ = bytes;
}

MemoryStore::Families MemoryStore::Pin() const {
  MutexLock lock(&mutex_);
  return families_;
}

void MemoryStore::Unpin(Families* families) const {
  MutexLock lock(&mutex_);
  for (std::shared_ptr<Rows>& rows : *families) rows.reset();
}

std::shared_ptr<Rows> MemoryStore::PinOne(Family family) const {
  MutexLock lock(&mutex_);
  return families_[IndexOf(family)];
}

void MemoryStore::UnpinOne(std::shared_ptr<Rows>* rows) const {
  MutexLock lock(&mutex_);
  rows->reset();
}

Rows& MemoryStore::Writable(Family family) {
  std::shared_ptr<Rows>& rows = families_[IndexOf(family)];
  if (rows.use_count() > 1) rows = std::make_shared<Rows>(*rows);
  return *rows;
}

}  // namespace puhui::ledger
