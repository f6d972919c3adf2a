// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_commands.h"

#include "issuing/app/records.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> CreateUnionCommand::Decide(const DecideContext& /*context*/,
                                                   Decision& decision) {
  UnionNumber parent{};
  std::uint32_t depth = 1;
  if (wish_.parent.has_value()) {
    const absl::optional<UnionNumber> found = tables_.FindUnion(*wish_.parent);
    if (!found.has_value()) return Refuse(Reason::kNotFound, "parent", "there is no such union");
    parent = *found;
    depth = tables_.UnionOf(parent).depth + 1;
  }
  if (tables_.FindUnion(wish_.id).has_value()) {
    return Refuse(Reason::kAlreadyExists, "union_id", "a union has this id");
  }
  if (depth > kUnionDepthMax) {
    return Refuse(Reason::kUnionDepthLimit, "parent",
                  absl::StrCat("a tree of unions has at most ", kUnionDepthMax, " levels"));
  }
  jv1::UnionCreated& created = *decision.Add().mutable_union_created();
  created.set_number(NumberOf(tables_.NextUnion()));
  created.set_id(wish_.id.text());
  created.set_parent(NumberOf(parent));
  created.set_kind(wish_.kind);
  created.set_display_name(wish_.display_name);
  created.set_time_zone(wish_.time_zone);
  created.set_depth(depth);
  return absl::nullopt;
}

absl::optional<Refusal> ProposeFundingCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  if (tables_.bank_references.Find(wish_.bank_reference) != nullptr) {
    return Refuse(Reason::kBankReferenceUsed, "bank_reference",
                  "the bank reference was used for another funding");
  }
  jv1::FundingProposed& proposed = *decision.Add().mutable_funding_proposed();
  proposed.set_union_number(NumberOf(*number));
  proposed.set_points(wish_.points.value());
  proposed.set_bank_reference(wish_.bank_reference);
  proposed.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ConfirmFundingCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  const FundingRow* funding = number.has_value() ? tables_.fundings.Find(wish_.proposal) : nullptr;
  const bool found = funding != nullptr && funding->union_number == *number;
  if (found && funding->person == wish_.person) {
    return Refuse(Reason::kSamePerson, "name", "a second person has to confirm");
  }
  if (!found) return Refuse(Reason::kNotFound, "name", "there is no such funding");
  if (funding->confirm_time.has_value()) {
    return Refuse(Reason::kFundingAlreadyConfirmed, "name", "the funding is confirmed already");
  }
  const std::int64_t paid_in = -views_.Balance(FundingAccount(*number));
  if (paid_in > Points::kMax - funding->points) {
    return Refuse(Reason::kAmountOverflow, "name",
                  absl::StrCat("the union would have paid in more than ", Points::kMax));
  }
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(FundingAccount(*number), -funding->points, entry);
  AddPosting(BudgetAccount(*number, *number), funding->points, entry);
  entry.mutable_funding()->set_union_number(NumberOf(*number));
  entry.mutable_funding()->set_proposal(wish_.proposal);
  return absl::nullopt;
}

}  // namespace puhui::issuing
