// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/application_commands.h"

#include "issuing/app/member_commands.h"
#include "issuing/app/records.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> SubmitApplicationCommand::Decide(const DecideContext& /*context*/,
                                                         Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  if (!tables_.UnionOf(*number).open()) return UnionClosed("union");
  const MemberId applicant = wish_.applicant.member;
  if (tables_.members.Find(applicant) != nullptr ||
      tables_.personal_data.Find(applicant) != nullptr) {
    return Refuse(Reason::kAlreadyExists, "applicant", "the id drawn is taken: ask again");
  }
  if (auto refusal = tables_.CheckVaultKey(wish_.applicant.personal_data)) return refusal;
  jv1::ApplicationSubmitted& submitted = *decision.Add().mutable_application_submitted();
  submitted.set_member(applicant.ToBytes());
  submitted.set_union_number(NumberOf(*number));
  submitted.set_commitment(std::string(ledger::AsBytes(wish_.applicant.commitment)));
  submitted.set_person(wish_.person);
  return absl::nullopt;
}

// Nothing leads to somebody who has not joined.
void SubmitApplicationCommand::StorePersonalData() {
  PersonalDataRow row = wish_.applicant.personal_data;
  row.search_tags.clear();
  tables_.personal_data.Put(wish_.applicant.member, std::move(row));
}

absl::optional<Refusal> DecideApplicationCommand::Decide(const DecideContext& /*context*/,
                                                         Decision& decision) {
  const ApplicationRow* row = tables_.applications.Find(wish_.application);
  if (row == nullptr || row->union_number != wish_.of) {
    return Refuse(Reason::kNotFound, "", "no such application");
  }
  applicant_ = row->applicant;
  const bool pending = row->state == ApplicationState::kSubmitted;
  if (pending && wish_.accept && wish_.joining.has_value()) {
    const Enrolment::Verdict verdict = enrolment_.Judge(wish_.of, *wish_.joining);
    if (auto refusal = RefuseUnlessJoins(verdict, "applicant")) return refusal;
    if (auto refusal = tables_.CheckVaultKey(wish_.joining->personal_data)) return refusal;
  }
  if (!pending || (wish_.accept && !wish_.joining.has_value())) {
    return Refuse(Reason::kApplicationState, "name", "the application was decided before");
  }
  if (wish_.accept && !tables_.UnionOf(wish_.of).open()) return UnionClosed("name");
  jv1::ApplicationDecided& decided = *decision.Add().mutable_application_decided();
  decided.set_application(wish_.application);
  decided.set_accepted(wish_.accept);
  decided.set_reason(wish_.reason);
  decided.set_person(wish_.person);
  if (!wish_.accept) return absl::nullopt;
  decided.set_member(wish_.joining->member.ToBytes());
  enrolment_.AddRecord(wish_.of, *wish_.joining, decision);
  return absl::nullopt;
}

void DecideApplicationCommand::StorePersonalData() {
  tables_.ErasePersonalData(applicant_);
  if (wish_.accept) enrolment_.Store(*wish_.joining);
}

}  // namespace puhui::issuing
