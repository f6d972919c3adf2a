// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/budget_commands.h"

#include "issuing/app/budget_lines.h"
#include "issuing/app/records.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

Refusal TooSmall(std::int64_t needed, std::int64_t available) {
  Refusal refusal =
      Refuse(Reason::kBudgetTooSmall, "points",
             absl::StrCat("the transfer needs ", needed, " points, the budget has ", available));
  refusal.metadata = {{"available", absl::StrCat(available)}, {"needed", absl::StrCat(needed)}};
  return refusal;
}

// The union's funding; null: there is none such. Good until the next call on the fundings.
const FundingRow* FundingOf(Tables& tables, const UnionId& union_id, Sequence proposal) {
  const absl::optional<UnionNumber> number = tables.FindUnion(union_id);
  const FundingRow* row = number.has_value() ? tables.fundings.Find(proposal) : nullptr;
  return row != nullptr && row->union_number == *number ? row : nullptr;
}

// Absent: it still waits for a decision.
absl::optional<Refusal> RefuseDecided(const FundingRow& funding) {
  switch (funding.state()) {
    case FundingState::kProposed:
      return absl::nullopt;
    case FundingState::kConfirmed:
      return Refuse(Reason::kFundingAlreadyConfirmed, "name", "the funding is confirmed already");
    case FundingState::kRejected:
      break;
  }
  return Refuse(Reason::kFundingRejected, "name", "the funding was rejected or withdrawn");
}

// What a transfer takes from a budget.
class Taking {
 public:
  Taking(Tables& tables, const BudgetTransferWish& wish, UnionNumber from) : wish_(wish) {
    if (!wish.origin.has_value()) {
      // One more than an entry may have: whether there are more.
      lines_ = BudgetLines(&tables).First(from, BudgetSum::kOwn, kOriginsPerTransferMax + 1);
      return;
    }
    const absl::optional<UnionNumber> origin = tables.FindUnion(*wish.origin);
    if (!origin.has_value()) return;
    const BudgetLine* line = tables.budget_lines.Find({from, BudgetSum::kOwn, *origin});
    if (line != nullptr) lines_.push_back({*origin, line->points});
  }

  // An origin that the budget does not have is answered like one that is nobody.
  absl::optional<Refusal> CheckOrigin() const {
    if (!wish_.origin.has_value() || !lines_.empty()) return absl::nullopt;
    return Refuse(Reason::kNotFound, "origin", "the budget has no points of this origin");
  }

  // Adds the entry, or refuses.
  absl::optional<Refusal> Put(UnionNumber from, UnionNumber to, bool back, Decision& decision) {
    const std::size_t origins = std::min(lines_.size(), kOriginsPerTransferMax);
    std::int64_t left = wish_.points.value();
    std::size_t taken = 0;
    for (; taken < origins && left > 0; ++taken) {
      lines_[taken].points = std::min(lines_[taken].points, left);
      left -= lines_[taken].points;
    }
    if (left > 0 && origins < lines_.size()) {
      return Refuse(Reason::kOriginsPerEntryLimit, "points",
                    absl::StrCat("the points are of more than ", kOriginsPerTransferMax,
                                 " origins: transfer fewer at a time, or name an origin"));
    }
    if (left > 0) return TooSmall(wish_.points.value(), wish_.points.value() - left);
    jv1::Entry& entry = *decision.Add().mutable_entry();
    for (std::size_t i = 0; i < taken; ++i) {
      AddPosting(BudgetAccount(from, lines_[i].origin), -lines_[i].points, entry);
      AddPosting(BudgetAccount(to, lines_[i].origin), lines_[i].points, entry);
    }
    jv1::BudgetMoved& moved = back ? *entry.mutable_budget_return() : *entry.mutable_allocation();
    moved.set_from_union(NumberOf(from));
    moved.set_to_union(NumberOf(to));
    moved.set_points(wish_.points.value());
    return absl::nullopt;
  }

 private:
  const BudgetTransferWish& wish_;
  std::vector<OriginPoints> lines_;
};

}  // namespace

absl::optional<Refusal> ProposeFundingCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  if (tables_.bank_references.Find(wish_.bank_reference) != nullptr) {
    return Refuse(Reason::kBankReferenceUsed, "bank_reference",
                  "the bank reference was used for another funding");
  }
  if (!tables_.UnionOf(*number).open()) return UnionClosed("union");
  jv1::FundingProposed& proposed = *decision.Add().mutable_funding_proposed();
  proposed.set_union_number(NumberOf(*number));
  proposed.set_points(wish_.points.value());
  proposed.set_bank_reference(wish_.bank_reference);
  proposed.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ConfirmFundingCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const FundingRow* funding = FundingOf(tables_, wish_.union_id, wish_.proposal);
  if (funding == nullptr) return Refuse(Reason::kNotFound, "name", "there is no such funding");
  if (funding->person == wish_.person) {
    return Refuse(Reason::kSamePerson, "name", "a second person has to confirm");
  }
  if (auto refusal = RefuseDecided(*funding)) return refusal;
  const UnionNumber number = funding->union_number;
  if (!tables_.UnionOf(number).open()) return UnionClosed("name");
  const std::int64_t paid_in = -views_.Balance(FundingAccount(number));
  if (paid_in > Points::kMax - funding->points) {
    return Refuse(Reason::kAmountOverflow, "name",
                  absl::StrCat("the union would have paid in more than ", Points::kMax));
  }
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(FundingAccount(number), -funding->points, entry);
  AddPosting(BudgetAccount(number, number), funding->points, entry);
  entry.mutable_funding()->set_union_number(NumberOf(number));
  entry.mutable_funding()->set_proposal(wish_.proposal);
  entry.mutable_funding()->set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> RejectFundingCommand::Decide(const DecideContext& /*context*/,
                                                     Decision& decision) {
  const FundingRow* funding = FundingOf(tables_, wish_.union_id, wish_.proposal);
  if (funding == nullptr) return Refuse(Reason::kNotFound, "name", "there is no such funding");
  if (auto refusal = RefuseDecided(*funding)) return refusal;
  jv1::FundingRejected& rejected = *decision.Add().mutable_funding_rejected();
  rejected.set_union_number(NumberOf(funding->union_number));
  rejected.set_proposal(wish_.proposal);
  rejected.set_person(wish_.person);
  rejected.set_reason(wish_.reason);
  return absl::nullopt;
}

absl::optional<Refusal> AllocateBudgetCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<UnionNumber> from = tables_.FindUnion(wish_.union_id);
  if (!from.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  const absl::optional<UnionNumber> to = tables_.FindUnion(child_);
  if (!to.has_value()) return Refuse(Reason::kNotFound, "child", "there is no such union");
  Taking taking(tables_, wish_, *from);
  if (auto refusal = taking.CheckOrigin()) return refusal;
  if (!tables_.UnionOf(*from).open()) return UnionClosed("union");
  if (!tables_.UnionOf(*to).open()) return UnionClosed("child");
  if (tables_.UnionOf(*to).parent != *from) {
    return Refuse(Reason::kNotAChild, "child", "the union is not a child of the one that pays");
  }
  return taking.Put(*from, *to, /*back=*/false, decision);
}

absl::optional<Refusal> ReturnBudgetCommand::Decide(const DecideContext& /*context*/,
                                                    Decision& decision) {
  const absl::optional<UnionNumber> from = tables_.FindUnion(wish_.union_id);
  if (!from.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  Taking taking(tables_, wish_, *from);
  if (auto refusal = taking.CheckOrigin()) return refusal;
  if (!tables_.UnionOf(*from).open()) return UnionClosed("union");
  const UnionNumber to = tables_.UnionOf(*from).parent;
  if (to == UnionNumber{}) {
    return Refuse(Reason::kNotAChild, "union", "the union is a root: nothing is above it");
  }
  return taking.Put(*from, to, /*back=*/true, decision);
}

}  // namespace puhui::issuing
