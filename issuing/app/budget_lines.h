// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_BUDGET_LINES_H_
#define PUHUI_ISSUING_APP_BUDGET_LINES_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"

#include "absl/status/status.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::issuing {

// Points of one origin.
struct OriginPoints {
  UnionNumber origin{};
  std::int64_t points = 0;
};

// What the budget of each union holds, and what the budgets of each subtree come to, by origin:
// kept with every posting, so that nobody has to add up a federation. A posting changes one line at
// each level of the tree above it. An origin whose points are gone has no line; when it comes again
// it is the last one. Threads: the writer's alone. Borrows: the tables.
class BudgetLines {
 public:
  explicit BudgetLines(Tables* tables) : tables_(*tables) {}

  // The first `limit` lines of a sum, those that came first in front.
  std::vector<OriginPoints> First(UnionNumber of, BudgetSum sum, std::size_t limit) const;

  // Appliers only. Fails: kDataLoss when a line would go below zero.
  absl::Status Add(UnionNumber of, UnionNumber origin, std::int64_t points);
  // Appliers only: what `moved` and all below it hold counts no more for `left`, but for `joined`.
  // Fails: as Add. Cost: a line for each of its origins and each of those.
  absl::Status Move(UnionNumber moved, absl::Span<const UnionNumber> left,
                    absl::Span<const UnionNumber> joined);

 private:
  absl::Status Change(const BudgetLineKey& key, std::int64_t points);
  void Append(const BudgetLineKey& key, std::int64_t points);
  void Remove(const BudgetLineKey& key);

  Tables& tables_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_BUDGET_LINES_H_
