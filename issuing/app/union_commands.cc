// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_commands.h"

#include "issuing/app/participation.h"
#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/etag.h"
#include "ledger/crypto/hash.h"

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

Refusal TooDeep() {
  return Refuse(Reason::kUnionDepthLimit, "parent",
                absl::StrCat("a tree of unions has at most ", kUnionDepthMax, " levels"));
}

Refusal InUse(Reason reason, absl::string_view what, std::uint32_t count) {
  Refusal refusal = Refuse(reason, "name", absl::StrCat("the union still has ", what));
  if (count != 0) refusal.metadata = {{"count", absl::StrCat(count)}};
  return refusal;
}

absl::optional<Refusal> CheckEtag(UnionNumber number, const UnionRow& row, absl::string_view etag) {
  if (etag.empty() || etag == UnionEtag(number, row.changed)) return absl::nullopt;
  return Refuse(Reason::kEtagMismatch, "etag", "the union was changed since it was read");
}

void StoreProfile(const UnionRow& row, jv1::UnionProfile& profile) {
  profile.set_display_name(row.display_name);
  profile.set_kind(row.kind);
  Store(row.settings, *profile.mutable_settings());
}

}  // namespace

std::string UnionEtag(UnionNumber number, Sequence changed) {
  return ledger::EtagOf("union", NumberOf(number), changed);
}

absl::optional<Refusal> CreateUnionCommand::Decide(const DecideContext& /*context*/,
                                                   Decision& decision) {
  UnionNumber parent{};
  std::size_t depth = 1;
  if (wish_.parent.has_value()) {
    const absl::optional<UnionNumber> found = tables_.FindUnion(*wish_.parent);
    if (!found.has_value()) return UnionNotFound("parent");
    parent = *found;
    depth = tables_.Above(parent).size() + 2;
  }
  if (tables_.FindUnion(wish_.id).has_value()) {
    return Refuse(Reason::kAlreadyExists, "union_id", "a union has this id");
  }
  if (parent != UnionNumber{} && !tables_.UnionOf(parent).open()) return UnionClosed("parent");
  if (depth > kUnionDepthMax) return TooDeep();
  jv1::UnionCreated& created = *decision.Add().mutable_union_created();
  created.set_number(NumberOf(tables_.NextUnion()));
  created.set_id(wish_.id.text());
  created.set_parent(NumberOf(parent));
  created.set_kind(wish_.kind);
  created.set_display_name(wish_.display_name);
  created.set_time_zone(wish_.time_zone);
  created.set_depth(static_cast<std::uint32_t>(depth));
  return absl::nullopt;
}

absl::optional<Refusal> UpdateUnionCommand::Decide(const DecideContext& /*context*/,
                                                   Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.id);
  if (!number.has_value()) return UnionNotFound("union.name");
  const std::string rule_pack = wish_.rule_pack.value_or("");
  if (!rule_pack.empty() && tables_.rule_pack_versions.Find(rule_pack) == nullptr) {
    return Refuse(Reason::kNotFound, "union.settings.rule_pack", "no such rule pack is loaded");
  }
  const UnionRow& before = tables_.UnionOf(*number);
  if (!before.open()) return UnionClosed("union.name");
  if (auto refusal = CheckEtag(*number, before, wish_.etag)) {
    refusal->field = "union.etag";
    return refusal;
  }
  UnionRow after = before;
  if (wish_.display_name.has_value()) after.display_name = *wish_.display_name;
  if (wish_.kind.has_value()) after.kind = *wish_.kind;
  if (wish_.time_zone.has_value()) after.settings.time_zone = *wish_.time_zone;
  if (wish_.locale.has_value()) after.settings.locale = *wish_.locale;
  if (wish_.approval.has_value()) after.settings.approval = *wish_.approval;
  if (wish_.leave.has_value()) after.settings.leave = *wish_.leave;
  if (wish_.rule_pack.has_value()) after.settings.rule_pack = rule_pack;
  if (wish_.issuer_kind.has_value()) after.settings.issuer_kind = *wish_.issuer_kind;
  jv1::UnionUpdated& updated = *decision.Add().mutable_union_updated();
  updated.set_number(NumberOf(*number));
  updated.set_parent(NumberOf(before.parent));
  StoreProfile(before, *updated.mutable_before());
  StoreProfile(after, *updated.mutable_after());
  return absl::nullopt;
}

absl::optional<Refusal> MoveUnionCommand::Decide(const DecideContext& /*context*/,
                                                 Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.id);
  if (!number.has_value()) return UnionNotFound("name");
  UnionNumber parent{};
  if (wish_.parent.has_value()) {
    const absl::optional<UnionNumber> found = tables_.FindUnion(*wish_.parent);
    if (!found.has_value()) return UnionNotFound("parent");
    parent = *found;
  }
  const UnionRow row = tables_.UnionOf(*number);
  if (!row.open()) return UnionClosed("name");
  if (parent != UnionNumber{} && !tables_.UnionOf(parent).open()) return UnionClosed("parent");
  if (parent != UnionNumber{} && tables_.IsWithin(parent, *number)) {
    return Refuse(Reason::kUnionCycle, "parent", "the new parent is the union, or stands below it");
  }
  if (auto refusal = CheckEtag(*number, row, wish_.etag)) return refusal;
  if (auto refusal = CheckSize(*number, row, parent)) return refusal;
  jv1::UnionMoved& moved = *decision.Add().mutable_union_moved();
  moved.set_number(NumberOf(*number));
  moved.set_parent_before(NumberOf(row.parent));
  moved.set_parent_after(NumberOf(parent));
  return absl::nullopt;
}

absl::optional<Refusal> MoveUnionCommand::CheckSize(UnionNumber moved, const UnionRow& row,
                                                    UnionNumber parent) {
  const std::size_t above = parent == UnionNumber{} ? 0 : tables_.Above(parent).size() + 1;
  if (above + 1 + row.below.size() > kUnionDepthMax) return TooDeep();
  const std::size_t origins =
      lines_.First(moved, BudgetSum::kSubtree, kOriginsPerMoveMax + 1).size();
  if (origins <= kOriginsPerMoveMax) {
    if (auto refusal = CheckTrees(moved, parent)) return refusal;
    return CheckCombinations(moved, parent);
  }
  return Refuse(Reason::kOriginsPerMoveLimit, "name",
                absl::StrCat("its budgets hold points of more than ", kOriginsPerMoveMax,
                             " origins: move what is below it first, one by one"));
}

// What Participation::Move goes through on the writer's thread.
absl::optional<Refusal> MoveUnionCommand::CheckCombinations(UnionNumber moved, UnionNumber parent) {
  const std::vector<UnionNumber> before = tables_.Above(moved);
  std::vector<UnionNumber> after;
  if (parent != UnionNumber{}) {
    after = tables_.Above(parent);
    after.push_back(parent);
  }
  const auto stays = static_cast<std::size_t>(absl::c_count_if(
      before, [&after](UnionNumber number) { return absl::c_linear_search(after, number); }));
  const std::size_t changed = before.size() + after.size() - 2 * stays;
  if (changed == 0 ||
      PlacesToMove(tables_, moved, changed, kSetPlacesPerMoveMax) <= kSetPlacesPerMoveMax) {
    return absl::nullopt;
  }
  return Refuse(Reason::kCombinationsPerMoveLimit, "name",
                "members received points of too many combinations of unions of which one stands in "
                "the subtree: move what is below it first, one by one, or a shorter way");
}

absl::optional<Refusal> MoveUnionCommand::CheckTrees(UnionNumber moved, UnionNumber parent) {
  if (parent == UnionNumber{}) return absl::nullopt;
  const UnionNumber before = tables_.RootOf(moved);
  const UnionNumber after = tables_.RootOf(parent);
  if (before == after ||
      SearchRootsJoined(tables_.UnionOf(before).search_roots, tables_.UnionOf(after).search_roots)
              .size() <= kTreesJoinedMax) {
    return absl::nullopt;
  }
  return Refuse(Reason::kTreesJoinedLimit, "parent",
                absl::StrCat("a tree takes in unions of at most ", kTreesJoinedMax, " trees"));
}

absl::optional<Refusal> CloseUnionCommand::Decide(const DecideContext& /*context*/,
                                                  Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.id);
  if (!number.has_value()) return UnionNotFound("name");
  const UnionRow& row = tables_.UnionOf(*number);
  if (!row.open()) return UnionClosed("name");
  if (row.open_children != 0) {
    return InUse(Reason::kUnionHasChildren, "open unions below it", row.open_children);
  }
  if (row.members != 0) return InUse(Reason::kUnionHasMembers, "members", row.members);
  if (row.active_campaigns != 0) {
    return InUse(Reason::kUnionHasCampaigns, "active campaigns", row.active_campaigns);
  }
  if (!lines_.First(*number, BudgetSum::kOwn, 1).empty()) {
    return InUse(Reason::kUnionHasBudget, "points in its budget", 0);
  }
  if (auto refusal = CheckEtag(*number, row, wish_.etag)) return refusal;
  decision.Add().mutable_union_closed()->set_number(NumberOf(*number));
  return absl::nullopt;
}

}  // namespace puhui::issuing
