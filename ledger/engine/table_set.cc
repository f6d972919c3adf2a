// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/table_set.h"

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace puhui::ledger {

void TableSet::CloseGroup(WriteBatch* views, WriteBatch* vault) {
  *views = std::exchange(direct_, WriteBatch());
  for (Member* table : tables_) table->Collect(views, vault);
  // Inserting in key order costs a third of random order. Stable, so that of two writes of one key
  // the later one wins.
  std::stable_sort(views->changes().begin(), views->changes().end(),
                   [](const WriteBatch::Change& a, const WriteBatch::Change& b) {
                     return std::tie(a.family, a.key) < std::tie(b.family, b.key);
                   });
  ++group_;
}

void TableSet::Write(Family family, std::string key, absl::optional<std::string> value) {
  if (value.has_value()) {
    direct_.Put(family, std::move(key), *std::move(value));
  } else {
    direct_.Delete(family, std::move(key));
  }
}

absl::optional<std::string> TableSet::Read(const TableSpec& table, absl::string_view key) const {
  absl::StatusOr<absl::optional<std::string>> bytes = store_->Get(table.family, key);
  CheckDecoded(table, bytes.status());
  return *std::move(bytes);
}

std::vector<absl::optional<std::string>> TableSet::ReadAll(
    const TableSpec& table, absl::Span<const std::string> keys) const {
  auto rows = store_->MultiGet(table.family, keys);
  CheckDecoded(table, rows.status());
  return *std::move(rows);
}

void TableSet::CheckDecoded(const TableSpec& table, const absl::Status& status) const {
  if (status.ok()) return;
  CheckFailed(__FILE__, __LINE__,
              absl::StrCat("the writer cannot read table ", table.name, ": ", status.ToString()));
}

}  // namespace puhui::ledger
