// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_applier.h"

#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::TimeOf;

namespace {

absl::Status UnionCannotFollow(absl::string_view what, std::uint32_t number) {
  return absl::DataLossError(absl::StrCat(what, " of union ", number, " cannot follow"));
}

// The union itself, and what is below it, level by level.
std::vector<std::uint32_t> LevelsOf(const UnionRow& row) {
  std::vector<std::uint32_t> levels = {1};
  levels.insert(levels.end(), row.below.begin(), row.below.end());
  return levels;
}

std::vector<UnionNumber> Without(const std::vector<UnionNumber>& all,
                                 const std::vector<UnionNumber>& others) {
  std::vector<UnionNumber> rest;
  std::copy_if(all.begin(), all.end(), std::back_inserter(rest),
               [&](UnionNumber number) { return !absl::c_linear_search(others, number); });
  return rest;
}

void Count(int change, std::uint32_t& count) {
  count = static_cast<std::uint32_t>(static_cast<std::int64_t>(count) + change);
}

}  // namespace

std::vector<UnionNumber> SearchRootsJoined(const std::vector<UnionNumber>& one,
                                           const std::vector<UnionNumber>& other) {
  std::vector<UnionNumber> joined;
  std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(joined));
  return joined;
}

absl::Status UnionApplier::Create(const jv1::Record& record) {
  tree_changed_.store(record.sequence(), std::memory_order_release);
  const jv1::UnionCreated& created = record.union_created();
  const UnionNumber number{created.number()};
  const UnionNumber parent{created.parent()};
  if (parent != UnionNumber{}) {
    if (tables_.unions.Find(parent) == nullptr) {
      return UnionCannotFollow("the creation", created.number());
    }
    ++tables_.unions.Edit(parent).open_children;
  }
  const bool is_root = parent == UnionNumber{};
  const UnionNumber search_root = is_root ? number : tables_.UnionOf(parent).search_root;
  tables_.unions.Put(number, UnionRow{.id = created.id(),
                                      .parent = parent,
                                      .kind = created.kind(),
                                      .display_name = created.display_name(),
                                      .settings = {.time_zone = created.time_zone()},
                                      .create_time = TimeOf(record),
                                      .changed = record.sequence(),
                                      .search_root = search_root,
                                      .search_roots = is_root ? std::vector<UnionNumber>{number}
                                                              : std::vector<UnionNumber>{}});
  CountBelow(tables_.Above(number), {1}, +1);
  tables_.union_ids.Put(created.id(), number);
  tables_.union_children.Put({parent, number}, true);
  tables_.counts.Put(kUnionCount, created.number());
  return absl::OkStatus();
}

absl::Status UnionApplier::Update(const jv1::Record& record) {
  const jv1::UnionUpdated& updated = record.union_updated();
  PUHUI_ASSIGN_OR_RETURN(UnionRow* const row, EditOpen(updated.number()));
  row->display_name = updated.after().display_name();
  row->kind = updated.after().kind();
  row->settings = SettingsFrom(updated.after().settings());
  row->changed = record.sequence();
  return absl::OkStatus();
}

absl::Status UnionApplier::Move(const jv1::Record& record) {
  tree_changed_.store(record.sequence(), std::memory_order_release);
  const jv1::UnionMoved& moved = record.union_moved();
  const UnionNumber number{moved.number()};
  const UnionNumber parent{moved.parent_after()};
  PUHUI_ASSIGN_OR_RETURN(UnionRow* const row, EditOpen(moved.number()));
  const UnionNumber former = row->parent;
  const std::vector<std::uint32_t> levels = LevelsOf(*row);
  const std::vector<UnionNumber> above_before = tables_.Above(number);
  const UnionNumber root_before = tables_.RootOf(number);
  row->parent = parent;
  row->changed = record.sequence();
  const bool nowhere = parent != UnionNumber{} && tables_.unions.Find(parent) == nullptr;
  if (NumberOf(former) != moved.parent_before() || nowhere || tables_.IsWithin(parent, number)) {
    return UnionCannotFollow("the move", moved.number());
  }
  const std::vector<UnionNumber> above_after = tables_.Above(number);
  if (above_after.size() + levels.size() > kUnionDepthMax) {
    return UnionCannotFollow("the move", moved.number());
  }
  CountBelow(above_before, levels, -1);
  CountBelow(above_after, levels, +1);
  if (former != UnionNumber{}) --tables_.unions.Edit(former).open_children;
  if (parent != UnionNumber{}) ++tables_.unions.Edit(parent).open_children;
  JoinTrees(root_before, number);
  tables_.union_children.Erase({former, number});
  tables_.union_children.Put({parent, number}, true);
  const std::vector<UnionNumber> left = Without(above_before, above_after);
  const std::vector<UnionNumber> joined = Without(above_after, above_before);
  figures_.Move(number, left, joined);
  participation_.Move(number, left, joined);
  return lines_.Move(number, left, joined);
}

void UnionApplier::JoinTrees(UnionNumber root_before, UnionNumber moved) {
  const UnionNumber root = tables_.RootOf(moved);
  if (root == root_before) return;
  const std::vector<UnionNumber> before = tables_.UnionOf(root_before).search_roots;
  tables_.unions.Edit(moved).search_roots.clear();
  std::vector<UnionNumber>& roots = tables_.unions.Edit(root).search_roots;
  roots = SearchRootsJoined(roots, before);
}

absl::Status UnionApplier::Close(const jv1::Record& record) {
  PUHUI_ASSIGN_OR_RETURN(UnionRow* const row, EditOpen(record.union_closed().number()));
  row->close_time = TimeOf(record);
  row->changed = record.sequence();
  const UnionNumber parent = row->parent;
  if (parent != UnionNumber{}) --tables_.unions.Edit(parent).open_children;
  return absl::OkStatus();
}

void UnionApplier::ProposeFunding(const jv1::Record& record) {
  const jv1::FundingProposed& proposed = record.funding_proposed();
  tables_.fundings.Put(record.sequence(),
                       FundingRow{.union_number = UnionNumber{proposed.union_number()},
                                  .points = proposed.points(),
                                  .bank_reference = proposed.bank_reference(),
                                  .person = proposed.person(),
                                  .create_time = TimeOf(record)});
  tables_.union_fundings.Put({UnionNumber{proposed.union_number()}, record.sequence()}, true);
  tables_.bank_references.Put(proposed.bank_reference(), record.sequence());
}

absl::Status UnionApplier::ConfirmFunding(const jv1::Record& record) {
  const jv1::FundingConfirmed& confirmed = record.entry().funding();
  PUHUI_ASSIGN_OR_RETURN(FundingRow* const row,
                         EditProposed(confirmed.union_number(), confirmed.proposal()));
  row->confirm_time = TimeOf(record);
  row->decider = confirmed.person();
  return absl::OkStatus();
}

absl::Status UnionApplier::RejectFunding(const jv1::Record& record) {
  const jv1::FundingRejected& rejected = record.funding_rejected();
  PUHUI_ASSIGN_OR_RETURN(FundingRow* const row,
                         EditProposed(rejected.union_number(), rejected.proposal()));
  row->reject_time = TimeOf(record);
  row->decider = rejected.person();
  row->reason = rejected.reason();
  tables_.bank_references.Erase(row->bank_reference);
  return absl::OkStatus();
}

absl::Status UnionApplier::AddUp(const jv1::Entry& entry) {
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_BUDGET) continue;
    PUHUI_RETURN_IF_ERROR(lines_.Add(UnionNumber{static_cast<std::uint32_t>(posting.owner())},
                                     UnionNumber{posting.origin()}, posting.points()));
  }
  return absl::OkStatus();
}

void UnionApplier::CountMembers(UnionNumber of, int change) {
  Count(change, tables_.unions.Edit(of).members);
}

void UnionApplier::CountActiveCampaigns(UnionNumber of, int change) {
  Count(change, tables_.unions.Edit(of).active_campaigns);
}

absl::StatusOr<UnionRow*> UnionApplier::EditOpen(std::uint32_t number) {
  const UnionRow* row = tables_.unions.Find(UnionNumber{number});
  if (row == nullptr || !row->open()) return UnionCannotFollow("a record", number);
  return &tables_.unions.Edit(UnionNumber{number});
}

absl::StatusOr<FundingRow*> UnionApplier::EditProposed(std::uint32_t union_number,
                                                       Sequence proposal) {
  const FundingRow* const row = tables_.fundings.Find(proposal);
  if (row == nullptr || row->union_number != UnionNumber{union_number} ||
      row->state() != FundingState::kProposed) {
    return absl::DataLossError(
        absl::StrCat("the decision of funding ", proposal, " cannot follow"));
  }
  return &tables_.fundings.Edit(proposal);
}

void UnionApplier::CountBelow(const std::vector<UnionNumber>& above,
                              const std::vector<std::uint32_t>& levels, int sign) {
  for (std::size_t distance = 0; distance < above.size(); ++distance) {
    std::vector<std::uint32_t>& below = tables_.unions.Edit(above[distance]).below;
    below.resize(std::max(below.size(), distance + levels.size()));
    for (std::size_t level = 0; level < levels.size(); ++level) {
      Count(sign * static_cast<int>(levels[level]), below[distance + level]);
    }
    while (!below.empty() && below.back() == 0) below.pop_back();
  }
}

}  // namespace puhui::issuing
