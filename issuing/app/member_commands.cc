// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/member_commands.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include <cstddef>
#include <cstdint>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

CreateMembersCommand::CreateMembersCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
    : tables_(*tables), wish_(std::move(wish)), enrolment_(tables, views) {
  PUHUI_CHECK(!wish_.rows.empty() && wish_.rows.size() <= kRowsPerImportCallMax);
}

// Rows that repeat a row of this batch have nothing to be unchanged from.
void CreateMembersCommand::SkipJoined() {
  absl::flat_hash_set<MemberId> joined;
  for (const Enrolment::Verdict& verdict : verdicts_) {
    if (verdict.joins()) joined.insert(verdict.member);
  }
  for (Enrolment::Verdict& verdict : verdicts_) {
    if (!verdict.member.none() && joined.contains(verdict.member)) {
      verdict = {.outcome = MemberOutcome::kSkipped};
    }
  }
}

absl::optional<Refusal> CreateMembersCommand::Decide(const DecideContext& /*context*/,
                                                     Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return UnionNotFound("union");
  if (!tables_.UnionOf(*number).open()) return UnionClosed("union");
  enrolment_.Prefetch(wish_.rows);
  for (const NewMember& row : wish_.rows) {
    if (auto refusal = enrolment_.CheckVaultKey(row)) return refusal;
  }
  bool any_refused = false;
  for (const NewMember& row : wish_.rows) {
    const Enrolment::Verdict& verdict = verdicts_.emplace_back(enrolment_.Judge(*number, row));
    any_refused = any_refused || verdict.outcome == MemberOutcome::kRefused;
  }
  if (wish_.all_or_nothing && any_refused) SkipJoined();
  AddRecords(*number, decision);
  return absl::nullopt;
}

void CreateMembersCommand::AddRecords(UnionNumber of, Decision& decision) const {
  jv1::MemberBatch& batch = *decision.Add().mutable_member_batch();
  batch.set_union_number(NumberOf(of));
  batch.set_rows(static_cast<std::uint32_t>(wish_.rows.size()));
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    const Enrolment::Verdict& verdict = verdicts_[i];
    if (verdict.joins()) {
      enrolment_.AddRecord(of, wish_.rows[i], decision);
      continue;
    }
    jv1::MemberBatchRow& other = *batch.add_others();
    other.set_row(static_cast<std::uint32_t>(i));
    other.set_outcome(NumberOf(verdict.outcome));
    if (verdict.outcome == MemberOutcome::kUnchanged) other.set_member(verdict.member.ToBytes());
    if (verdict.outcome != MemberOutcome::kRefused) continue;
    other.set_reason(NumberOf(verdict.refusal.reason));
    other.set_field(verdict.refusal.field);
  }
}

void CreateMembersCommand::StorePersonalData() {
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    if (verdicts_[i].joins()) enrolment_.Store(wish_.rows[i]);
  }
}

absl::optional<Refusal> CreateMemberCommand::Decide(const DecideContext& /*context*/,
                                                    Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return UnionNotFound("union");
  if (!tables_.UnionOf(*number).open()) return UnionClosed("union");
  const Enrolment::Verdict verdict = enrolment_.Judge(*number, wish_.person);
  if (auto refusal = RefuseUnlessJoins(verdict, "member")) return refusal;
  if (auto refusal = enrolment_.CheckVaultKey(wish_.person)) return refusal;
  enrolment_.AddRecord(*number, wish_.person, decision);
  return absl::nullopt;
}

absl::optional<Refusal> RefuseUnlessJoins(const Enrolment::Verdict& verdict,
                                          absl::string_view person) {
  if (verdict.joins()) return absl::nullopt;
  if (verdict.outcome != MemberOutcome::kRefused) {
    return Refuse(Reason::kAlreadyExists, absl::StrCat(person, ".external_id"),
                  "the person is a member already");
  }
  const Reason reason = verdict.refusal.reason;
  absl::string_view message = "it is taken";
  if (reason == Reason::kDuplicatePerson) {
    message = "a person with this identity document is a member already";
  }
  if (reason == Reason::kEtagMismatch) message = "the member changed meanwhile: ask again";
  return Refuse(reason, absl::StrCat(person, ".", verdict.refusal.field), message);
}

}  // namespace puhui::issuing
