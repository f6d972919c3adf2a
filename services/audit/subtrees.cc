// SPDX-License-Identifier: Apache-2.0
#include "services/audit/subtrees.h"

#include "issuing/app/union_queries.h"
#include "issuing/app/union_walk.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

absl::StatusOr<std::vector<UnionNumber>> WalkBelow(UnionNumber top, const ledger::Readable& store) {
  std::vector<UnionNumber> numbers;
  issuing::UnionWalk walk(&store, top, /*levels=*/0);
  while (numbers.size() <= kSubtreeUnionsMax) {
    PUHUI_ASSIGN_OR_RETURN(const auto step, walk.Next());
    if (!step.has_value()) break;
    numbers.push_back(step->number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

absl::StatusOr<std::vector<UnionNumber>> Subtrees::Of(const Principal& principal,
                                                      const std::string& name,
                                                      absl::string_view field,
                                                      const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, field));
  PUHUI_RETURN_IF_ERROR(AllowUnion(principal, id, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, id.text()));
  // One that is founded after the time of a mandate is in no record that the caller may know of.
  const bool too_late = found.has_value() && principal.mandate.has_value() &&
                        found->row.create_time >= principal.mandate->end;
  if (!found.has_value() || too_late) return NotFound("union");
  PUHUI_ASSIGN_OR_RETURN(const Numbers numbers, Below(found->number, store));
  if (numbers->size() > kSubtreeUnionsMax) {
    return InvalidField(field, absl::StrCat("want a union with at most ", kSubtreeUnionsMax,
                                            " below it, itself included"));
  }
  return *numbers;
}

// The record is asked for after the snapshot was taken: what is in the snapshot was told by then.
// When one was told that is not in it, others may not be either, and nobody can say which tree it
// has; then it is walked and nothing is kept.
absl::StatusOr<Subtrees::Numbers> Subtrees::Below(UnionNumber top, const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence applied, ledger::AppliedSequence(store));
  const Sequence changed = parts_.changed();
  const bool known = changed <= applied;
  if (known) {
    if (Numbers numbers = Find(top, changed); numbers != nullptr) return numbers;
  }
  PUHUI_ASSIGN_OR_RETURN(std::vector<UnionNumber> walked, WalkBelow(top, store));
  auto numbers = std::make_shared<const std::vector<UnionNumber>>(std::move(walked));
  if (known) Keep(top, changed, numbers);
  return numbers;
}

Subtrees::Numbers Subtrees::Find(UnionNumber top, Sequence changed) {
  MutexLock lock(&mutex_);
  if (changed != changed_) return nullptr;
  const auto found =
      std::find_if(kept_.begin(), kept_.end(), [top](const Kept& one) { return one.top == top; });
  if (found == kept_.end()) return nullptr;
  std::rotate(found, found + 1, kept_.end());
  return kept_.back().numbers;
}

void Subtrees::Keep(UnionNumber top, Sequence changed, Numbers numbers) {
  MutexLock lock(&mutex_);
  if (changed < changed_) return;  // Somebody else has asked since, and the tree had changed.
  if (changed > changed_) {
    kept_.clear();
    unions_ = 0;
    changed_ = changed;
  }
  const auto same =
      std::find_if(kept_.begin(), kept_.end(), [top](const Kept& one) { return one.top == top; });
  if (same != kept_.end()) return;  // Somebody else has walked it meanwhile.
  unions_ += numbers->size();
  kept_.push_back({.top = top, .numbers = std::move(numbers)});
  while (unions_ > parts_.unions_max || kept_.size() > parts_.subtrees_max) {
    unions_ -= kept_.front().numbers->size();
    kept_.erase(kept_.begin());
  }
}

}  // namespace puhui::services
