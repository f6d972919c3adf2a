// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/table_set.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/changes_by_key.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kKeptPieceRows = 4'096;

// What mostly says where a change goes, its family and the first bytes of its key, and the change.
// Short keys end with zeros here, so that changes with the same head have yet to be compared.
struct HeadedChange {
  std::uint64_t head = 0;
  WriteBatch::Change* change = nullptr;
};

std::uint64_t HeadOf(const WriteBatch::Change& change) {
  constexpr std::size_t kKeyBytes = 7;
  auto head = static_cast<std::uint64_t>(change.family);
  for (std::size_t i = 0; i < kKeyBytes; ++i) {
    const bool there = i < change.key.size();
    head = head << 8U | (there ? static_cast<std::uint8_t>(change.key[i]) : std::uint8_t{0});
  }
  return head;
}

// Inserting in key order costs a third of random order. The heads are sorted, which lie side by
// side: changes are large, and their keys lie elsewhere. Stable, so that of two writes of one key
// the later one wins.
void SortByKey(WriteBatch& batch) {
  std::vector<HeadedChange> headed;
  headed.reserve(batch.changes().size());
  for (WriteBatch::Change& change : batch.changes()) headed.push_back({HeadOf(change), &change});
  std::stable_sort(headed.begin(), headed.end(), [](const HeadedChange& a, const HeadedChange& b) {
    return a.head != b.head ? a.head < b.head : KeyComesBefore(*a.change, *b.change);
  });
  std::vector<WriteBatch::Change> sorted;
  sorted.reserve(headed.size());
  for (const HeadedChange& next : headed) sorted.push_back(std::move(*next.change));
  batch.changes() = std::move(sorted);
}

}  // namespace

void TableSet::CloseGroup(WriteBatch* views, WriteBatch* vault) {
  *views = std::exchange(direct_, WriteBatch());
  for (WriteBatch::Change& change : direct_vault_.changes()) {
    if (change.value.has_value()) {
      vault->Put(change.family, std::move(change.key), *std::move(change.value));
    } else {
      vault->Delete(change.family, std::move(change.key));
    }
  }
  direct_vault_.Clear();
  for (Member* table : tables_) table->Collect(views, vault);
  SortByKey(*views);
  SortByKey(*vault);
  ++group_;
}

std::size_t TableSet::KeepGroup() {
  direct_vault_.Clear();  // No view, and so nobody will want it.
  std::size_t bytes = direct_.bytes() + direct_.changes().capacity() * sizeof(WriteBatch::Change);
  for (Member* table : tables_) bytes += table->Keep();
  ++group_;
  return bytes;
}

absl::Status TableSet::WriteKept(absl::FunctionRef<absl::Status(const WriteBatch&)> write) {
  WriteBatch piece;
  absl::Status status;
  const auto write_when = [&](std::size_t rows) {
    if (piece.changes().size() < rows) return;
    if (status.ok()) status = write(piece);
    piece.Clear();
  };
  const auto add = [&](Family family, std::string key, absl::optional<std::string> value) {
    if (value.has_value()) {
      piece.Put(family, std::move(key), *std::move(value));
    } else {
      piece.Delete(family, std::move(key));
    }
    write_when(kKeptPieceRows);
  };
  for (WriteBatch::Change* row : PlacesByKey(direct_)) {
    add(row->family, std::move(row->key), std::move(row->value));
  }
  direct_ = WriteBatch();
  direct_vault_.Clear();
  for (const Member* table : tables_) {
    const Family family = table->spec().family;
    if (family == Family::kVault) continue;
    table->EachChanged(retired(), [&](std::string key, absl::optional<std::string> value) {
      add(family, std::move(key), std::move(value));
    });
  }
  write_when(1);
  PUHUI_RETURN_IF_ERROR(status);
  Retire(group_ - 1);
  for (Member* table : tables_) table->Drop();
  return absl::OkStatus();
}

void TableSet::Write(Family family, std::string key, absl::optional<std::string> value) {
  WriteBatch& batch = family == Family::kVault ? direct_vault_ : direct_;
  if (value.has_value()) {
    batch.Put(family, std::move(key), *std::move(value));
  } else {
    batch.Delete(family, std::move(key));
  }
}

absl::Status TableSet::CheckVault() const {
  for (const Member* table : tables_) PUHUI_RETURN_IF_ERROR(table->CheckVault(*store_));
  return absl::OkStatus();
}

absl::optional<std::string> TableSet::Read(const TableSpec& table, absl::string_view key) const {
  absl::StatusOr<absl::optional<std::string>> bytes = store_->Get(table.family, key);
  if (!bytes.ok()) Unreadable(table, key, bytes.status());
  return *std::move(bytes);
}

std::vector<absl::optional<std::string>> TableSet::ReadAll(
    const TableSpec& table, absl::Span<const std::string> keys) const {
  auto rows = store_->MultiGet(table.family, keys);
  if (rows.ok()) return *std::move(rows);
  for (const std::string& key : keys) Read(table, key);  // Finds the one.
  Unreadable(table, keys.front(), rows.status());
}

void TableSet::Unreadable(const TableSpec& table, absl::string_view key,
                          const absl::Status& status) const {
  const std::string where =
      table.family == Family::kVault ? "" : absl::StrCat(", row ", ToHex(key));
  const std::string what = absl::StrCat("table ", table.name, where, ": ", status.ToString());
  Doubt(what);
  CheckFailed(__FILE__, __LINE__, absl::StrCat("the writer cannot read ", what));
}

}  // namespace puhui::ledger
