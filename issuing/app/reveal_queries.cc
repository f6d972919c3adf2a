// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/reveal_queries.h"

#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::issuing {

absl::StatusOr<absl::optional<std::vector<Sequence>>> RevealsOf(const ledger::Readable& from,
                                                                const UnionId& of, Sequence before,
                                                                std::size_t limit) {
  PUHUI_ASSIGN_OR_RETURN(const auto number, ledger::Find(from, kUnionIdTable, of.text()));
  if (!number.has_value()) return absl::optional<std::vector<Sequence>>();
  ledger::Range range{.prefix = ledger::EncodeKeyPrefix(kRevealTable.id, *number),
                      .after_from = true,
                      .backward = true};
  if (before != 0) range.from = ledger::EncodeKey(kRevealTable.id, UnionRevealKey{*number, before});
  PUHUI_ASSIGN_OR_RETURN(const auto rows,
                         ledger::List(from, kRevealTable, std::move(range), limit));
  std::vector<Sequence> reveals;
  reveals.reserve(rows.size());
  for (const auto& row : rows) reveals.push_back(row.key.reveal);
  return absl::make_optional(std::move(reveals));
}

}  // namespace puhui::issuing
