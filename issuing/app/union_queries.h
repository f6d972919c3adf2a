// SPDX-License-Identifier: Apache-2.0
// Reads of unions and their money, for handlers. Pass a snapshot where two reads must agree.
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_ISSUING_APP_UNION_QUERIES_H_
#define PUHUI_ISSUING_APP_UNION_QUERIES_H_

#include "issuing/app/budget_lines.h"
#include "issuing/app/funding_rows.h"
#include "issuing/app/union_rows.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::issuing {

struct FoundUnion {
  UnionNumber number{};
  UnionRow row{};
};
absl::StatusOr<absl::optional<FoundUnion>> FindUnion(const ledger::Readable& from,
                                                     absl::string_view union_id);
// Requires: there is a union with that number (checked).
absl::StatusOr<UnionRow> UnionByNumber(const ledger::Readable& from, UnionNumber number);

// What holds for unions, whoever of those above decides it. Looks each union up once.
// Threads: none; make one per call. Borrows: the moment that it reads.
class SettingsReader {
 public:
  explicit SettingsReader(const ledger::Readable* from) : from_(*from) {}
  // Everything is set. Requires: `row` is of `number`.
  absl::StatusOr<UnionSettings> Of(UnionNumber number, const UnionRow& row);

 private:
  const ledger::Readable& from_;
  absl::flat_hash_map<UnionNumber, UnionSettings> known_;
};

// All points of a sum, and its lines by the number of their origin, `after` excluded.
absl::StatusOr<std::int64_t> BudgetTotal(const ledger::Readable& from, UnionNumber of,
                                         BudgetSum sum);
absl::StatusOr<std::vector<OriginPoints>> ListBudgetLines(const ledger::Readable& from,
                                                          const BudgetLineKey& after,
                                                          std::size_t limit);

absl::StatusOr<absl::optional<FundingRow>> FindFunding(const ledger::Readable& from,
                                                       Sequence proposal);
// By their proposals: fundings of one union, oldest first, behind `after`.
absl::StatusOr<std::vector<Sequence>> ListFundings(const ledger::Readable& from, UnionNumber of,
                                                   Sequence after, std::size_t limit);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_QUERIES_H_
