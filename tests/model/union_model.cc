// SPDX-License-Identifier: Apache-2.0
// The tree of unions and their budgets, as the model has them.
#include "tests/model/ledger_model.h"

#include <algorithm>

namespace puhui::testing {

using ledger::Reason;

std::size_t LedgerModel::DepthOf(std::uint32_t number) const {
  std::size_t depth = 0;
  for (; number != 0; number = unions.at(number).parent) ++depth;
  return depth;
}

std::size_t LedgerModel::HeightOf(std::uint32_t number) const {
  std::size_t height = 0;
  for (const auto& [other, row] : unions) {
    if (IsWithin(other, number)) height = std::max(height, DepthOf(other) - DepthOf(number) + 1);
  }
  return height;
}

std::int64_t LedgerModel::BudgetOf(std::uint32_t of, std::uint32_t origin) const {
  for (const auto& [other, points] : unions.at(of).budget) {
    if (other == origin) return points;
  }
  return 0;
}

void LedgerModel::AddToBudget(std::uint32_t of, std::uint32_t origin, std::int64_t points) {
  auto& budget = unions[of].budget;
  const auto line = std::find_if(budget.begin(), budget.end(),
                                 [&](const auto& known) { return known.first == origin; });
  if (line != budget.end()) {
    line->second += points;
    if (line->second == 0) budget.erase(line);
  } else if (points != 0) {
    budget.emplace_back(origin, points);
  }
}

void LedgerModel::ComeHome(std::uint32_t of, std::uint32_t origin, std::int64_t points) {
  std::uint32_t home = of;
  while (home != 0 && unions[home].closed) home = unions[home].parent;
  if (home == 0) {
    unions[of].expired[origin] += points;
  } else {
    AddToBudget(home, origin, points);
  }
}

Verdict LedgerModel::MoveUnion(std::uint32_t number, absl::optional<std::uint32_t> parent,
                               bool stale) {
  if (!unions.contains(number)) return Reason::kNotFound;
  if (parent.has_value() && !unions.contains(*parent)) return Reason::kNotFound;
  if (unions[number].closed) return Reason::kUnionClosed;
  if (parent.has_value() && unions[*parent].closed) return Reason::kUnionClosed;
  if (parent.has_value() && IsWithin(*parent, number)) return Reason::kUnionCycle;
  if (stale) return Reason::kEtagMismatch;
  const std::size_t above = parent.has_value() ? DepthOf(*parent) : 0;
  if (above + HeightOf(number) > 8) return Reason::kUnionDepthLimit;
  unions[number].parent = parent.value_or(0);
  return absl::nullopt;
}

Verdict LedgerModel::CloseUnion(std::uint32_t number, bool stale) {
  if (!unions.contains(number)) return Reason::kNotFound;
  if (unions[number].closed) return Reason::kUnionClosed;
  for (const auto& [other, row] : unions) {
    if (row.parent == number && !row.closed) return Reason::kUnionHasChildren;
  }
  for (const auto& [id, member] : members) {
    if (member.of == number && member.standing != Standing::kLeft) return Reason::kUnionHasMembers;
  }
  for (const auto& [other, campaign] : campaigns) {
    const bool active = campaign.state >= State::kSubmitted && campaign.state <= State::kIssuing;
    if (campaign.of == number && active) return Reason::kUnionHasCampaigns;
  }
  if (!unions[number].budget.empty()) return Reason::kUnionHasBudget;
  if (stale) return Reason::kEtagMismatch;
  unions[number].closed = true;
  return absl::nullopt;
}

Verdict LedgerModel::SetLocale(std::uint32_t number, const std::string& locale, bool stale) {
  if (!unions.contains(number)) return Reason::kNotFound;
  if (unions[number].closed) return Reason::kUnionClosed;
  if (stale) return Reason::kEtagMismatch;
  unions[number].locale = locale;
  return absl::nullopt;
}

Verdict LedgerModel::SetLeave(std::uint32_t number, absl::optional<bool> returns, bool stale) {
  const Verdict verdict =
      SetLocale(number, unions.contains(number) ? unions[number].locale : "", stale);
  if (!verdict.has_value()) unions[number].returns = returns;
  return verdict;
}

Verdict LedgerModel::SetApprovers(std::uint32_t number,
                                  absl::optional<std::pair<std::uint32_t, std::int64_t>> approvers,
                                  bool stale) {
  const Verdict verdict =
      SetLocale(number, unions.contains(number) ? unions[number].locale : "", stale);
  if (!verdict.has_value()) unions[number].approvers = approvers;
  return verdict;
}

std::size_t LedgerModel::ApproversFor(std::uint32_t of, std::int64_t points) const {
  for (; of != 0; of = unions.at(of).parent) {
    const auto& policy = unions.at(of).approvers;
    if (!policy.has_value()) continue;
    const auto [always, two_above] = *policy;
    return two_above != 0 && points > two_above ? std::max<std::size_t>(always, 2) : always;
  }
  return 1;
}

bool LedgerModel::Returns(std::uint32_t number) const {
  for (; number != 0; number = unions.at(number).parent) {
    if (unions.at(number).returns.has_value()) return *unions.at(number).returns;
  }
  return false;
}

std::string LedgerModel::LocaleOf(std::uint32_t number) const {
  for (; number != 0; number = unions.at(number).parent) {
    if (!unions.at(number).locale.empty()) return unions.at(number).locale;
  }
  return "zh-CN";
}

Verdict LedgerModel::Move(const BudgetTransfer& transfer,
                          std::vector<std::pair<std::uint32_t, std::int64_t>>* taken) {
  const auto [from, child, points, origin] = transfer;
  if (!unions.contains(from)) return Reason::kNotFound;
  if (child.has_value() && !unions.contains(*child)) return Reason::kNotFound;
  if (origin.has_value() && BudgetOf(from, *origin) == 0) return Reason::kNotFound;
  if (unions[from].closed) return Reason::kUnionClosed;
  if (child.has_value() && unions[*child].closed) return Reason::kUnionClosed;
  const std::uint32_t to = child.value_or(unions[from].parent);
  if (to == 0 || (child.has_value() && unions[to].parent != from)) return Reason::kNotAChild;
  std::int64_t left = points;
  for (const auto& [of, available] : unions[from].budget) {
    if (left == 0 || (origin.has_value() && of != *origin)) continue;
    taken->emplace_back(of, std::min(left, available));
    left -= taken->back().second;
  }
  if (left > 0) return Reason::kBudgetTooSmall;
  for (const auto& [of, part] : *taken) {
    AddToBudget(from, of, -part);
    AddToBudget(to, of, part);
  }
  return absl::nullopt;
}

Verdict LedgerModel::Propose(std::uint32_t of) const {
  if (!unions.contains(of)) return Reason::kNotFound;
  if (unions.at(of).closed) return Reason::kUnionClosed;
  return absl::nullopt;
}

Verdict LedgerModel::Join(std::uint32_t of) const { return Propose(of); }

Verdict LedgerModel::CreateCampaign(std::uint32_t number, const Campaign& campaign) {
  if (!unions.contains(campaign.of) || !unions.contains(campaign.origin)) return Reason::kNotFound;
  if (campaigns.contains(number)) return Reason::kAlreadyExists;
  if (unions[campaign.of].closed) return Reason::kUnionClosed;
  campaigns[number] = campaign;
  return absl::nullopt;
}

}  // namespace puhui::testing
