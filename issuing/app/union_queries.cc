// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_queries.h"

#include "issuing/app/tables.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include <string>
#include <utility>

namespace puhui::issuing {

using ledger::Readable;

absl::StatusOr<absl::optional<FoundUnion>> FindUnion(const Readable& from,
                                                     absl::string_view union_id) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<UnionNumber> number,
                         ledger::Find(from, kUnionIdTable, std::string(union_id)));
  if (!number.has_value()) return absl::optional<FoundUnion>();
  PUHUI_ASSIGN_OR_RETURN(UnionRow row, UnionByNumber(from, *number));
  return absl::make_optional(FoundUnion{*number, std::move(row)});
}

absl::StatusOr<UnionRow> UnionByNumber(const Readable& from, UnionNumber number) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<UnionRow> row, ledger::Find(from, kUnionTable, number));
  PUHUI_CHECK(row.has_value());
  return *std::move(row);
}

// Goes up to the first union that is known, or to the root.
absl::StatusOr<UnionSettings> SettingsReader::Of(UnionNumber number, const UnionRow& row) {
  if (const auto known = known_.find(number); known != known_.end()) return known->second;
  UnionSettings settings = row.settings;
  if (row.parent == UnionNumber{}) {
    settings.InheritFrom(DefaultSettings());
  } else {
    PUHUI_ASSIGN_OR_RETURN(const UnionRow parent, UnionByNumber(from_, row.parent));
    PUHUI_ASSIGN_OR_RETURN(const UnionSettings above, Of(row.parent, parent));
    settings.InheritFrom(above);
  }
  known_.emplace(number, settings);
  return settings;
}

absl::StatusOr<std::int64_t> BudgetTotal(const Readable& from, UnionNumber of, BudgetSum sum) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<BudgetLine> head,
                         ledger::Find(from, kBudgetLineTable, {of, sum, UnionNumber{}}));
  return head.has_value() ? head->points : 0;
}

absl::StatusOr<std::vector<OriginPoints>> ListBudgetLines(const Readable& from,
                                                          const BudgetLineKey& after,
                                                          std::size_t limit) {
  // The line of no origin, which heads the others, is the first of them.
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(from, kBudgetLineTable,
                   {.prefix = ledger::EncodeKeyPrefix(Table::kBudgetLines, after.of, after.sum),
                    .from = ledger::EncodeKey(Table::kBudgetLines, after),
                    .after_from = true},
                   limit));
  std::vector<OriginPoints> lines;
  lines.reserve(rows.size());
  for (const auto& [key, line] : rows) lines.push_back({key.origin, line.points});
  return lines;
}

absl::StatusOr<absl::optional<FundingRow>> FindFunding(const Readable& from, Sequence proposal) {
  return ledger::Find(from, kFundingTable, proposal);
}

absl::StatusOr<std::vector<Sequence>> ListFundings(const Readable& from, UnionNumber of,
                                                   Sequence after, std::size_t limit) {
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(from, kUnionFundingTable,
                   {.prefix = ledger::EncodeKeyPrefix(Table::kUnionFundings, of),
                    .from = ledger::EncodeKey(Table::kUnionFundings, UnionFundingKey{of, after}),
                    .after_from = true},
                   limit));
  std::vector<Sequence> proposals;
  proposals.reserve(rows.size());
  for (const auto& row : rows) proposals.push_back(row.key.proposal);
  return proposals;
}

}  // namespace puhui::issuing
