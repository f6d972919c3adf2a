// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/privacy_commands.h"

#include "issuing/app/records.h"
#include "issuing/app/rule_packs.h"
#include "ledger/base/limits.h"
#include "ledger/engine/record_day.h"

#include "absl/strings/str_cat.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

Refusal Erased() {
  return Refuse(Reason::kMemberErased, "name", "the personal data of the member is erased");
}

}  // namespace

absl::optional<Refusal> RevealMemberCommand::Change(const MemberRow& row,
                                                    const DecideContext& context,
                                                    Decision& decision) {
  if (row.erased) return Erased();
  absl::CivilDay day;
  if (wish_.break_glass) {
    day = DayOf(tables_.SettingsOf(row.union_number), context.now);
    const std::uint32_t* const count = tables_.reveal_counts.Find({wish_.person, day});
    if (count != nullptr && *count >= kRevealsPerDayMax) {
      return Refuse(Reason::kRevealsLimit, "name",
                    absl::StrCat("an auditor sees the data of ", kRevealsPerDayMax,
                                 " members a day at most"));
    }
  }
  jv1::MemberRevealed& revealed = *decision.Add().mutable_member_revealed();
  revealed.set_member(of_.member.ToBytes());
  for (const std::string& field : wish_.fields) revealed.add_fields(field);
  revealed.set_reason(wish_.reason);
  revealed.set_person(wish_.person);
  revealed.set_break_glass(wish_.break_glass);
  revealed.set_day(ledger::DayForRecord(day));
  return absl::nullopt;
}

absl::optional<Refusal> ExportMembersCommand::Decide(const DecideContext& /*context*/,
                                                     Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  jv1::MembersExported& exported = *decision.Add().mutable_members_exported();
  exported.set_union_number(NumberOf(*number));
  exported.set_reason(wish_.reason);
  exported.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ErasePersonalDataCommand::Change(const MemberRow& row,
                                                         const DecideContext& /*context*/,
                                                         Decision& decision) {
  if (row.state != MemberState::kLeft) return RefuseMemberState(row.state, "LEFT");
  if (row.erased) return Erased();
  if (row.revision != wish_.revision) {
    return Refuse(Reason::kEtagMismatch, "name", "the member changed meanwhile: ask again");
  }
  AddChange(row, decision).mutable_erased();
  return absl::nullopt;
}

void ErasePersonalDataCommand::StorePersonalData() {
  tables_.ErasePersonalData(of_.member);
  if (wish_.erase_elsewhere) wish_.erase_elsewhere(of_.member);
  for (const ledger::Tag& tag : wish_.external_ids) {
    const MemberId* holder = tables_.external_ids.Find(tag);
    if (holder != nullptr && *holder == of_.member) tables_.external_ids.Erase(tag);
  }
}

}  // namespace puhui::issuing
