// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/write_back_store.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/families.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

// Of a row's place in the table, while that grows in the old one and in the new, and of two
// allocations.
constexpr std::size_t kRowBytes = 256;
constexpr std::size_t kWriteBackStepRows = 4'096;

std::size_t BytesOf(const std::string& key, const absl::optional<std::string>& value) {
  return kRowBytes + key.size() + (value.has_value() ? value->size() : 0);
}

// What is walked when rows could not be written to where they are walked.
class FailedCursor final : public Cursor {
 public:
  explicit FailedCursor(absl::Status why) : why_(std::move(why)) {}
  void Seek(absl::string_view /*key*/) override {}
  void SeekBackward(absl::string_view /*key*/) override {}
  void SeekToLast() override {}
  void Next() override {}
  void Prev() override {}
  bool Valid() const override { return false; }
  absl::string_view key() const override { return {}; }
  absl::string_view value() const override { return {}; }
  absl::Status status() const override { return why_; }

 private:
  const absl::Status why_;
};

// A moment that could not be taken.
class FailedMoment final : public Readable {
 public:
  explicit FailedMoment(absl::Status why) : why_(std::move(why)) {}
  absl::StatusOr<absl::optional<std::string>> Get(Family /*family*/,
                                                  absl::string_view /*key*/) const override {
    return why_;
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family /*family*/, absl::Span<const std::string> /*keys*/) const override {
    return why_;
  }
  std::unique_ptr<Cursor> NewCursor(Family /*family*/, CursorUse /*use*/) const override {
    return std::make_unique<FailedCursor>(why_);
  }

 private:
  const absl::Status why_;
};

}  // namespace

WriteBackStore::WriteBackStore(Store* below, std::size_t waiting_bytes_max)
    : below_(below), waiting_bytes_max_(waiting_bytes_max) {
  const std::unique_ptr<Cursor> first = below->NewCursor(Family::kState);
  first->Seek("");
  nothing_below_ = !first->Valid() && first->status().ok();
}

absl::StatusOr<absl::optional<std::string>> WriteBackStore::Get(Family family,
                                                                absl::string_view key) const {
  if (family != Family::kState) return below_->Get(family, key);
  MutexLock lock(&mutex_);
  if (const auto row = waiting_.find(key); row != waiting_.end()) return row->second;
  if (nothing_below_) return absl::optional<std::string>();
  return below_->Get(family, key);
}

absl::StatusOr<std::vector<absl::optional<std::string>>> WriteBackStore::MultiGet(
    Family family, absl::Span<const std::string> keys) const {
  if (family != Family::kState) return below_->MultiGet(family, keys);
  PUHUI_CHECK(SortedAndDistinct(keys));
  MutexLock lock(&mutex_);
  std::vector<Row> rows(keys.size());
  std::vector<std::string> missing;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    if (const auto row = waiting_.find(keys[at]); row != waiting_.end()) {
      rows[at] = row->second;
    } else {
      missing.push_back(keys[at]);
      places.push_back(at);
    }
  }
  if (missing.empty() || nothing_below_) return rows;
  PUHUI_ASSIGN_OR_RETURN(std::vector<Row> found, below_->MultiGet(family, missing));
  for (std::size_t at = 0; at < found.size(); ++at) rows[places[at]] = std::move(found[at]);
  return rows;
}

std::unique_ptr<Cursor> WriteBackStore::NewCursor(Family family, CursorUse use) const {
  if (family != Family::kState) return below_->NewCursor(family, use);
  MutexLock lock(&mutex_);
  if (absl::Status status = WriteBack(); !status.ok()) {
    return std::make_unique<FailedCursor>(std::move(status));
  }
  return below_->NewCursor(family, use);
}

absl::Status WriteBackStore::Commit(const WriteBatch& batch, Durability durability) {
  CheckFamilies(batch, durability);
  if (durability == Durability::kSynced) return below_->Commit(batch, durability);
  WriteBatch at_once;
  for (const WriteBatch::Change& change : batch.changes()) {
    if (change.family == Family::kState) continue;
    if (change.value.has_value()) {
      at_once.Put(change.family, change.key, *change.value);
    } else {
      at_once.Delete(change.family, change.key);
    }
  }
  MutexLock lock(&mutex_);
  PUHUI_RETURN_IF_ERROR(below_->Commit(at_once, durability));
  for (const WriteBatch::Change& change : batch.changes()) {
    if (change.family == Family::kState) Take(change);
  }
  return waiting_bytes_ <= waiting_bytes_max_ ? absl::OkStatus() : WriteBack();
}

void WriteBackStore::Take(const WriteBatch::Change& change) {
  const auto [row, added] = waiting_.try_emplace(change.key);
  if (!added) waiting_bytes_ -= BytesOf(row->first, row->second);
  row->second = change.value;
  waiting_bytes_ += BytesOf(row->first, row->second);
}

absl::Status WriteBackStore::WriteBack() const {
  std::vector<const std::pair<const std::string, Row>*> rows;
  rows.reserve(waiting_.size());
  for (const auto& row : waiting_) rows.push_back(&row);
  std::sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->first < b->first; });
  WriteBatch step;
  if (!rows.empty()) nothing_below_ = false;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (rows[at]->second.has_value()) {
      step.Put(Family::kState, rows[at]->first, *rows[at]->second);
    } else {
      step.Delete(Family::kState, rows[at]->first);
    }
    if (step.changes().size() < kWriteBackStepRows && at + 1 < rows.size()) continue;
    PUHUI_RETURN_IF_ERROR(below_->Commit(step, Durability::kView));
    step.Clear();
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  return absl::OkStatus();
}

std::unique_ptr<Readable> WriteBackStore::TakeSnapshot() const {
  MutexLock lock(&mutex_);
  if (absl::Status status = WriteBack(); !status.ok()) {
    return std::make_unique<FailedMoment>(std::move(status));
  }
  return below_->TakeSnapshot();
}

absl::Status WriteBackStore::FlushViews(bool wait) {
  MutexLock lock(&mutex_);
  PUHUI_RETURN_IF_ERROR(WriteBack());
  return below_->FlushViews(wait);
}

absl::Status WriteBackStore::ClearFamily(Family family) {
  MutexLock lock(&mutex_);
  if (family == Family::kState) {
    waiting_.clear();
    waiting_bytes_ = 0;
  }
  return below_->ClearFamily(family);
}

absl::Status WriteBackStore::Close() {
  MutexLock lock(&mutex_);
  PUHUI_RETURN_IF_ERROR(WriteBack());
  return below_->Close();
}

}  // namespace puhui::ledger
