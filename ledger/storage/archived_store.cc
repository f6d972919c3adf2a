// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/archived_store.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/archived_cursor.h"

#include <utility>

namespace puhui::ledger {
namespace {

// The hot reader is asked first: a row is dropped from the store only when it is among the cold
// ones, so that whoever does not find it any more finds it there.
absl::StatusOr<absl::optional<std::string>> GetArchived(const Readable& hot, const ColdRows& cold,
                                                        Family family, absl::string_view key) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<std::string> row, hot.Get(family, key));
  if (row.has_value() || family != Family::kJournal) return row;
  ArchivedCursor cursor(hot.NewCursor(family, CursorUse::kScattered), &cold);
  cursor.SeekBackward(key);
  if (cursor.Valid() && cursor.key() == key) row = std::string(cursor.value());
  PUHUI_RETURN_IF_ERROR(cursor.status());
  return row;
}

absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGetArchived(
    const Readable& hot, const ColdRows& cold, Family family, absl::Span<const std::string> keys) {
  PUHUI_ASSIGN_OR_RETURN(auto rows, hot.MultiGet(family, keys));
  if (family != Family::kJournal) return rows;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    if (rows[at].has_value()) continue;
    PUHUI_ASSIGN_OR_RETURN(rows[at], GetArchived(hot, cold, family, keys[at]));
  }
  return rows;
}

std::unique_ptr<Cursor> NewArchivedCursor(const Readable& hot, const ColdRows& cold, Family family,
                                          CursorUse use) {
  std::unique_ptr<Cursor> cursor = hot.NewCursor(family, use);
  if (family != Family::kJournal) return cursor;
  return std::make_unique<ArchivedCursor>(std::move(cursor), &cold);
}

// Cold rows never change, so those of now will do for a moment that is past.
class ArchivedMoment final : public Readable {
 public:
  ArchivedMoment(std::unique_ptr<Readable> hot, const ColdRows* cold)
      : hot_(std::move(hot)), cold_(cold) {}

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override {
    return GetArchived(*hot_, *cold_, family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override {
    return MultiGetArchived(*hot_, *cold_, family, keys);
  }
  std::unique_ptr<Cursor> NewCursor(Family family, CursorUse use) const override {
    return NewArchivedCursor(*hot_, *cold_, family, use);
  }

 private:
  const std::unique_ptr<Readable> hot_;
  const ColdRows* const cold_;
};

}  // namespace

absl::StatusOr<absl::optional<std::string>> ArchivedStore::Get(Family family,
                                                               absl::string_view key) const {
  return GetArchived(*hot_, *cold_, family, key);
}

absl::StatusOr<std::vector<absl::optional<std::string>>> ArchivedStore::MultiGet(
    Family family, absl::Span<const std::string> keys) const {
  return MultiGetArchived(*hot_, *cold_, family, keys);
}

std::unique_ptr<Cursor> ArchivedStore::NewCursor(Family family, CursorUse use) const {
  return NewArchivedCursor(*hot_, *cold_, family, use);
}

std::unique_ptr<Readable> ArchivedStore::TakeSnapshot() const {
  return std::make_unique<ArchivedMoment>(hot_->TakeSnapshot(), cold_);
}

}  // namespace puhui::ledger
