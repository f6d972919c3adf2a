// SPDX-License-Identifier: Apache-2.0
#include "audit/index/list_comparison.h"

#include "audit/index/account_cache.h"
#include "audit/index/index_rows.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/base/internal/endian.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

constexpr std::uint64_t kComparedRowsPerPace = 1'024;
// The table, and a byte and two numbers that name the list; then comes the sequence.
constexpr std::size_t kListNameBytes = 1 + 1 + 2 * sizeof(std::uint64_t);

// What a list has of one record, or of one of its postings.
struct ListItem {
  Sequence sequence = 0;
  UnionNumber origin{};  // Of a movement, as `points`.
  std::int64_t points = 0;

  friend bool operator==(const ListItem&, const ListItem&) = default;
};

// A row of a list, taken apart.
struct ListRow {
  absl::string_view list() const { return absl::string_view(key).substr(0, kListNameBytes); }

  std::string key{};
  Sequence first = 0;
  bool sound = false;  // Otherwise there are no items.
  std::vector<ListItem> items{};
  std::vector<OriginBalance> before{};  // Of movements.
};

bool TakePostings(absl::string_view value, ListRow* row) {
  const auto packed = ledger::DecodeRow<std::string>(kPostingsTable, value);
  if (!packed.ok()) return false;
  const auto sequences = UnpackSequences(row->first, *packed);
  if (!sequences.ok()) return false;
  for (const Sequence sequence : *sequences) row->items.push_back({.sequence = sequence});
  return true;
}

bool TakeMovements(absl::string_view value, ListRow* row) {
  auto stored = ledger::DecodeRow<MovementsRow>(kMovementsTable, value);
  if (!stored.ok() || stored->movements.empty() || stored->movements.front().beyond != 0) {
    return false;
  }
  Sequence sequence = row->first;
  for (const StoredMovement& movement : stored->movements) {
    sequence += movement.beyond;
    row->items.push_back(
        {.sequence = sequence, .origin = movement.origin, .points = movement.points});
  }
  row->before = std::move(stored->before);
  return true;
}

// A way through the rows of one table of lists, item by item. Borrows: the index and the pace.
class ListWalk {
 public:
  ListWalk(const ledger::Readable& index, ledger::Table table, const ledger::ComparisonPace& pace)
      : table_(table),
        pace_(pace),
        cursor_(index.NewCursor(ledger::Family::kIndex, ledger::CursorUse::kScan)) {}

  absl::Status Begin() {
    cursor_->Seek(ledger::EncodeKeyPrefix(table_));
    return Take();
  }
  absl::Status NextItem() { return ++at_ < row_.items.size() ? absl::OkStatus() : NextRow(); }
  absl::Status LeaveList(absl::string_view list) {
    while (In(list)) PUHUI_RETURN_IF_ERROR(NextRow());
    return absl::OkStatus();
  }

  bool valid() const { return valid_; }
  bool In(absl::string_view list) const { return valid_ && row_.list() == list; }
  const ListRow& row() const { return row_; }
  // Requires: the row is sound.
  const ListItem& item() const { return row_.items[at_]; }
  bool at_row_start() const { return at_ == 0; }
  std::uint64_t rows() const { return rows_; }

 private:
  absl::Status NextRow() {
    cursor_->Next();
    return Take();
  }

  absl::Status Take() {
    row_ = {};
    at_ = 0;
    valid_ = cursor_->Valid() && !cursor_->key().empty() &&
             static_cast<std::uint8_t>(cursor_->key().front()) == static_cast<std::uint8_t>(table_);
    if (!valid_) return cursor_->Valid() ? absl::OkStatus() : cursor_->status();
    row_.key = std::string(cursor_->key());
    if (row_.key.size() == kListNameBytes + sizeof(Sequence)) {
      row_.first = absl::big_endian::Load64(row_.key.data() + kListNameBytes);
      row_.sound = table_ == ledger::Table::kIndexPostings ? TakePostings(cursor_->value(), &row_)
                                                           : TakeMovements(cursor_->value(), &row_);
    }
    ++rows_;
    if (!pace_ || rows_ % kComparedRowsPerPace != 0) return absl::OkStatus();
    return pace_(kComparedRowsPerPace);
  }

  const ledger::Table table_;
  const ledger::ComparisonPace& pace_;
  const std::unique_ptr<ledger::Cursor> cursor_;
  bool valid_ = false;
  ListRow row_;
  std::size_t at_ = 0;
  std::uint64_t rows_ = 0;
};

class ListComparison {
 public:
  ListComparison(ListWalk* stored, ListWalk* rebuilt, IndexReport* report)
      : stored_(*stored), rebuilt_(*rebuilt), report_(*report) {}

  absl::Status Run() {
    PUHUI_RETURN_IF_ERROR(stored_.Begin());
    PUHUI_RETURN_IF_ERROR(rebuilt_.Begin());
    while (stored_.valid() || rebuilt_.valid()) {
      const bool stored_first =
          !rebuilt_.valid() || (stored_.valid() && stored_.row().list() < rebuilt_.row().list());
      const std::string list((stored_first ? stored_ : rebuilt_).row().list());
      PUHUI_RETURN_IF_ERROR(CompareList(list));
      PUHUI_RETURN_IF_ERROR(stored_.LeaveList(list));
      PUHUI_RETURN_IF_ERROR(rebuilt_.LeaveList(list));
    }
    report_.rows += stored_.rows();
    return absl::OkStatus();
  }

 private:
  using Kind = IndexDifference::Kind;

  // To the end of the list, or to the first difference.
  absl::Status CompareList(absl::string_view list) {
    held_.clear();
    record_ = 0;
    while (stored_.In(list) || rebuilt_.In(list)) {
      if (rebuilt_.In(list) && !rebuilt_.row().sound) {
        return absl::InternalError("a row of the rebuilt index cannot be taken apart");
      }
      if (auto difference = DifferenceHere(list); difference.has_value()) {
        report_.Add(*std::move(difference));
        return absl::OkStatus();
      }
      PUHUI_RETURN_IF_ERROR(stored_.NextItem());
      PUHUI_RETURN_IF_ERROR(rebuilt_.NextItem());
    }
    return absl::OkStatus();
  }

  absl::optional<IndexDifference> DifferenceHere(absl::string_view list) {
    const bool is_stored = stored_.In(list);
    const bool is_rebuilt = rebuilt_.In(list);
    if (is_stored && !stored_.row().sound) return Stored(Kind::kAltered, stored_.row().first);
    if (!is_stored || (is_rebuilt && rebuilt_.item().sequence < stored_.item().sequence)) {
      return IndexDifference{.kind = Kind::kMissing,
                             .key = KeyOf(list, rebuilt_.item().sequence),
                             .sequence = rebuilt_.item().sequence};
    }
    const ListItem& item = stored_.item();
    if (!is_rebuilt || item.sequence < rebuilt_.item().sequence) {
      return Stored(Kind::kAdded, item.sequence);
    }
    if (item != rebuilt_.item()) return Stored(Kind::kAltered, item.sequence);
    if (stored_.at_row_start() && !MayBeginHere()) return Stored(Kind::kAltered, item.sequence);
    record_ = item.sequence;
    AddPoints(item.origin, item.points, &held_);
    return absl::nullopt;
  }

  // A row may begin where no rebuilt one does, so what it says it began with is added up here; but
  // the movements of one record stay together: a balance is read from the last row alone.
  bool MayBeginHere() const {
    const std::vector<OriginBalance>& before = stored_.row().before;
    return stored_.item().sequence != record_ &&
           std::equal(before.begin(), before.end(), held_.begin(), held_.end());
  }

  IndexDifference Stored(Kind kind, Sequence sequence) const {
    return {.kind = kind, .key = stored_.row().key, .sequence = sequence};
  }

  static std::string KeyOf(absl::string_view list, Sequence sequence) {
    std::string key(list);
    key.resize(list.size() + sizeof(Sequence));
    absl::big_endian::Store64(key.data() + list.size(), sequence);
    return key;
  }

  ListWalk& stored_;
  ListWalk& rebuilt_;
  IndexReport& report_;
  HeldByOrigin held_;    // By the account whose movements these are, after the last of them.
  Sequence record_ = 0;  // Of the last item.
};

}  // namespace

absl::Status CompareLists(const ledger::Readable& stored, const ledger::Readable& rebuilt,
                          ledger::Table table, const ledger::ComparisonPace& pace,
                          IndexReport* report) {
  ListWalk stored_walk(stored, table, pace);
  ListWalk rebuilt_walk(rebuilt, table, pace);
  return ListComparison(&stored_walk, &rebuilt_walk, report).Run();
}

}  // namespace puhui::audit
