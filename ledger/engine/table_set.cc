// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/table_set.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kKeptPieceRows = 4'096;

bool ComesBefore(const WriteBatch::Change& a, const WriteBatch::Change& b) {
  return std::tie(a.family, a.key) < std::tie(b.family, b.key);
}

// Inserting in key order costs a third of random order. Stable, so that of two writes of one key
// the later one wins.
void SortByKey(WriteBatch& batch) {
  std::stable_sort(batch.changes().begin(), batch.changes().end(), ComesBefore);
}

// The same, of places: rows of a whole journal are many.
std::vector<WriteBatch::Change*> SortedByKey(WriteBatch& batch) {
  std::vector<WriteBatch::Change*> rows;
  rows.reserve(batch.changes().size());
  for (WriteBatch::Change& change : batch.changes()) rows.push_back(&change);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto* a, const auto* b) { return ComesBefore(*a, *b); });
  return rows;
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
  for (WriteBatch::Change* row : SortedByKey(direct_)) {
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
