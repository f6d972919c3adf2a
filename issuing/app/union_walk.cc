// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_walk.h"

#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::issuing {

absl::StatusOr<bool> UnionWalk::Resume(std::vector<UnionNumber> path) {
  if (path.empty() || (top_ != UnionNumber{} && path.front() != top_)) return false;
  UnionNumber parent{};
  for (const UnionNumber number : path) {
    path_.push_back(number);
    PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from_, kUnionTable, number));
    const bool is_top = number == top_;
    if (!row.has_value() || (!is_top && row->parent != parent)) {
      descend_ = false;  // It hangs elsewhere now: on with what came after it.
      return true;
    }
    descend_ = !row->below.empty();
    parent = number;
  }
  return true;
}

absl::StatusOr<absl::optional<UnionWalk::Step>> UnionWalk::Next() {
  if (path_.empty() && top_ != UnionNumber{}) return Enter(top_);
  const bool deep_enough = levels_ != 0 && path_.size() > levels_;
  if (descend_ && !deep_enough) {
    const UnionNumber parent = path_.empty() ? UnionNumber{} : path_.back();
    PUHUI_ASSIGN_OR_RETURN(const UnionNumber child, ChildAfter(parent, UnionNumber{}));
    if (child != UnionNumber{}) return Enter(child);
  }
  descend_ = false;
  const std::size_t floor = top_ == UnionNumber{} ? 0 : 1;
  while (path_.size() > floor) {
    const UnionNumber last = path_.back();
    path_.pop_back();
    const UnionNumber parent = path_.empty() ? UnionNumber{} : path_.back();
    PUHUI_ASSIGN_OR_RETURN(const UnionNumber sibling, ChildAfter(parent, last));
    if (sibling != UnionNumber{}) return Enter(sibling);
  }
  return absl::optional<Step>();
}

absl::StatusOr<absl::optional<UnionWalk::Step>> UnionWalk::Enter(UnionNumber number) {
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(from_, kUnionTable, number));
  if (!row.has_value()) return absl::DataLossError("a union in the tree is missing");
  path_.push_back(number);
  descend_ = !row->below.empty();
  return absl::make_optional(Step{number, *std::move(row), path_.size() - 1});
}

absl::StatusOr<UnionNumber> UnionWalk::ChildAfter(UnionNumber parent, UnionNumber after) const {
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(from_, kUnionChildTable,
                   {.prefix = ledger::EncodeKeyPrefix(Table::kUnionChildren, parent),
                    .from = ledger::EncodeKey(Table::kUnionChildren, UnionChildKey{parent, after}),
                    .after_from = true},
                   1));
  return rows.empty() ? UnionNumber{} : rows.front().key.child;
}

}  // namespace puhui::issuing
