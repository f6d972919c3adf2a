// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/budget_lines.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

namespace puhui::issuing {
namespace {

BudgetLineKey HeadOf(const BudgetLineKey& key) { return {key.of, key.sum, UnionNumber{}}; }

BudgetLineKey Beside(const BudgetLineKey& key, UnionNumber origin) {
  return {key.of, key.sum, origin};
}

// The total is for display, and no rule asks for it. Modulo 2^64, so that no sum of sound amounts
// can break it for good.
std::int64_t AddToTotal(std::int64_t total, std::int64_t points) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(total) +
                                   static_cast<std::uint64_t>(points));
}

}  // namespace

std::vector<OriginPoints> BudgetLines::First(UnionNumber of, BudgetSum sum,
                                             std::size_t limit) const {
  std::vector<OriginPoints> lines;
  const BudgetLine* line = tables_.budget_lines.Find({of, sum, UnionNumber{}});
  UnionNumber next = line == nullptr ? UnionNumber{} : line->next;
  while (next != UnionNumber{} && lines.size() < limit) {
    line = tables_.budget_lines.Find({of, sum, next});
    PUHUI_CHECK(line != nullptr);
    lines.push_back({next, line->points});
    next = line->next;
  }
  return lines;
}

absl::Status BudgetLines::Add(UnionNumber of, UnionNumber origin, std::int64_t points) {
  if (tables_.unions.Find(of) == nullptr) {
    return absl::DataLossError(absl::StrCat("a budget of union ", NumberOf(of), ", which is none"));
  }
  PUHUI_RETURN_IF_ERROR(Change({of, BudgetSum::kOwn, origin}, points));
  PUHUI_RETURN_IF_ERROR(Change({of, BudgetSum::kSubtree, origin}, points));
  for (const UnionNumber above : tables_.Above(of)) {
    PUHUI_RETURN_IF_ERROR(Change({above, BudgetSum::kSubtree, origin}, points));
  }
  return absl::OkStatus();
}

absl::Status BudgetLines::Move(UnionNumber moved, absl::Span<const UnionNumber> left,
                               absl::Span<const UnionNumber> joined) {
  for (const auto& [origin, points] : First(moved, BudgetSum::kSubtree, SIZE_MAX)) {
    for (const UnionNumber of : left) {
      PUHUI_RETURN_IF_ERROR(Change({of, BudgetSum::kSubtree, origin}, -points));
    }
    for (const UnionNumber of : joined) {
      PUHUI_RETURN_IF_ERROR(Change({of, BudgetSum::kSubtree, origin}, points));
    }
  }
  return absl::OkStatus();
}

absl::Status BudgetLines::Change(const BudgetLineKey& key, std::int64_t points) {
  const BudgetLine* line = tables_.budget_lines.Find(key);
  const std::int64_t before = line == nullptr ? 0 : line->points;
  if (before + points < 0) {
    return absl::DataLossError(absl::StrCat("the budgets of union ", NumberOf(key.of), " come to ",
                                            before + points, " points of origin ",
                                            NumberOf(key.origin)));
  }
  if (before == 0) {
    Append(key, points);
  } else if (before + points == 0) {
    Remove(key);
  } else {
    tables_.budget_lines.Edit(key).points += points;
  }
  std::int64_t& total = tables_.budget_lines.Edit(HeadOf(key)).points;
  total = AddToTotal(total, points);
  return absl::OkStatus();
}

// Between the last line and the head. Edits of one line at a time: the first line is its own
// neighbour's neighbour.
void BudgetLines::Append(const BudgetLineKey& key, std::int64_t points) {
  BudgetLine& head = tables_.budget_lines.Edit(HeadOf(key));
  const UnionNumber last = head.previous;
  head.previous = key.origin;
  tables_.budget_lines.Edit(Beside(key, last)).next = key.origin;
  tables_.budget_lines.Put(key, {.points = points, .next = UnionNumber{}, .previous = last});
}

void BudgetLines::Remove(const BudgetLineKey& key) {
  const BudgetLine line = tables_.budget_lines.Edit(key);
  tables_.budget_lines.Edit(Beside(key, line.previous)).next = line.next;
  tables_.budget_lines.Edit(Beside(key, line.next)).previous = line.previous;
  tables_.budget_lines.Erase(key);
}

}  // namespace puhui::issuing
