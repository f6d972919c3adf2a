// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/member_changes.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> MemberCommand::Decide(const DecideContext& context, Decision& decision) {
  const MemberRow* found = tables_.members.Find(of_.member);
  if (found == nullptr || found->union_number != of_.of) {
    return Refuse(Reason::kNotFound, "", "no such member");
  }
  const MemberRow row = *found;  // The tables may drop it while others are looked up.
  return Change(row, context, decision);
}

jv1::MemberChanged& MemberCommand::AddChange(const MemberRow& row, Decision& decision) const {
  jv1::MemberChanged& changed = *decision.Add().mutable_member_changed();
  changed.set_member(of_.member.ToBytes());
  changed.set_union_number(NumberOf(row.union_number));
  changed.set_state(NumberOf(row.state));
  changed.set_revision(row.revision + 1);
  return changed;
}

jv1::MemberChanged& MemberCommand::AddChange(const MemberRow& row, const Replacement& data,
                                             Decision& decision) {
  jv1::MemberChanged& changed = AddChange(row, decision);
  changed.set_commitment(std::string(ledger::AsBytes(data.sealed.commitment)));
  stored_ = &data;
  return changed;
}

void MemberCommand::StorePersonalData() {
  if (stored_ == nullptr) return;
  PersonalDataRow row = stored_->sealed.row;
  row.revision = stored_->revision + 1;
  tables_.ReplacePersonalData(of_.member, std::move(row));
  if (stored_->document.has_value()) tables_.id_numbers.Put(*stored_->document, of_.member);
  if (stored_->external_id.has_value()) tables_.external_ids.Put(*stored_->external_id, of_.member);
}

absl::optional<Refusal> MemberCommand::CheckKnown(const absl::optional<Replacement>& data) const {
  if (!data.has_value()) return absl::nullopt;
  const auto is_anothers = [this](auto& table, const absl::optional<ledger::Tag>& tag) {
    const MemberId* holder = tag.has_value() ? table.Find(*tag) : nullptr;
    return holder != nullptr && *holder != of_.member;
  };
  if (is_anothers(tables_.external_ids, data->external_id)) {
    return Refuse(Reason::kAlreadyExists, "external_id", "somebody else has this external id");
  }
  if (data->has_other_external_id) {
    return Refuse(Reason::kAlreadyExists, "external_id",
                  "the member has another external id of this HR system, and it never changes");
  }
  if (is_anothers(tables_.id_numbers, data->document)) {
    return Refuse(Reason::kDuplicatePerson, "id_number",
                  "a person with this identity document is a member already");
  }
  return absl::nullopt;
}

absl::optional<Refusal> MemberCommand::CheckReplacement(
    const MemberRow& row, const absl::optional<Replacement>& data) const {
  if (row.erased) {
    return Refuse(Reason::kMemberErased, "name", "the personal data of the member is erased");
  }
  if (!data.has_value() || data->revision != row.revision) {
    return Refuse(Reason::kEtagMismatch, "name", "the member changed meanwhile: ask again");
  }
  if (data->external_ids > kExternalIdsPerMemberMax) {
    return Refuse(Reason::kExternalIdsLimit, "external_id",
                  absl::StrCat("a person has at most ", kExternalIdsPerMemberMax, " external ids"));
  }
  return tables_.CheckVaultKey(data->sealed.row);
}

Refusal RefuseMemberState(MemberState state, absl::string_view wanted) {
  return {.reason = Reason::kMemberState,
          .field = "name",
          .message = absl::StrCat("the member is ", MemberStateName(state), ", not ", wanted),
          .metadata = {{"state", std::string(MemberStateName(state))}}};
}

absl::string_view MemberStateName(MemberState state) {
  switch (state) {
    case MemberState::kActive:
      return "ACTIVE";
    case MemberState::kSuspended:
      return "SUSPENDED";
    case MemberState::kLeft:
      return "LEFT";
  }
  return "unknown";
}

absl::optional<Refusal> SuspendMemberCommand::Change(const MemberRow& row,
                                                     const DecideContext& /*context*/,
                                                     Decision& decision) {
  if (row.state != MemberState::kActive) return RefuseMemberState(row.state, "ACTIVE");
  jv1::MemberChanged& changed = AddChange(row, decision);
  changed.set_state(NumberOf(MemberState::kSuspended));
  changed.mutable_suspended();
  return absl::nullopt;
}

absl::optional<Refusal> ReinstateMemberCommand::Change(const MemberRow& row,
                                                       const DecideContext& /*context*/,
                                                       Decision& decision) {
  if (row.state == MemberState::kActive) return RefuseMemberState(row.state, "SUSPENDED or LEFT");
  if (row.erased) {
    return Refuse(Reason::kMemberErased, "name",
                  "the personal data of the member is erased: enrol the person again");
  }
  if (!tables_.UnionOf(row.union_number).open()) return UnionClosed("name");
  jv1::MemberChanged& changed = AddChange(row, decision);
  changed.set_state(NumberOf(MemberState::kActive));
  changed.mutable_reinstated();
  return absl::nullopt;
}

absl::optional<Refusal> RemoveMemberCommand::Change(const MemberRow& row,
                                                    const DecideContext& context,
                                                    Decision& decision) {
  if (row.state == MemberState::kLeft) return RefuseMemberState(row.state, "ACTIVE or SUSPENDED");
  const bool returned = tables_.SettingsOf(row.union_number).leave == LeavePolicy::kReturn;
  jv1::MemberChanged& changed = AddChange(row, decision);
  changed.set_state(NumberOf(MemberState::kLeft));
  changed.mutable_left()->set_points_returned(returned);
  if (returned) ReturnLots(context.now, decision);
  return absl::nullopt;
}

void RemoveMemberCommand::ReturnLots(absl::Time now, Decision& decision) const {
  const ledger::Wallet* wallet = views_.wallets.Find(of_.member);
  PUHUI_CHECK(wallet != nullptr);
  for (const ledger::Lot& lot : wallet->lots) {
    const std::int64_t points = lot.available();
    if (points == 0 || lot.expiry <= now) continue;
    jv1::Entry& entry = *decision.Add().mutable_entry();
    AddWalletPosting(of_.member, lot.origin, -points, entry);
    AddPosting(tables_.HomeAccount(lot.origin, lot.origin), points, entry);
    entry.set_member(of_.member.ToBytes());
    jv1::LotChange& change = *entry.add_lots();
    change.set_lot(NumberOf(lot.number));
    change.set_points(-points);
    change.set_campaign(NumberOf(lot.campaign));
    change.set_origin(NumberOf(lot.origin));
    jv1::LotReturned& returned = *entry.mutable_lot_returned();
    returned.set_campaign(NumberOf(lot.campaign));
    returned.set_lot(NumberOf(lot.number));
    returned.set_points(points);
  }
}

absl::optional<Refusal> TransferMemberCommand::Change(const MemberRow& row,
                                                      const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<UnionNumber> to = tables_.FindUnion(wish_.to);
  if (!to.has_value()) return Refuse(Reason::kNotFound, "", "no such union");
  if (*to == row.union_number) {
    return Refuse(Reason::kAlreadyExists, "union", "the member belongs to this union already");
  }
  if (auto refusal = CheckKnown(wish_.data)) return refusal;
  if (!tables_.UnionOf(*to).open()) return UnionClosed("union");
  if (row.state == MemberState::kLeft) return RefuseMemberState(row.state, "ACTIVE or SUSPENDED");
  if (auto refusal = CheckReplacement(row, wish_.data)) return refusal;
  jv1::MemberChanged& changed = AddChange(row, *wish_.data, decision);
  changed.set_union_number(NumberOf(*to));
  changed.mutable_transferred()->set_from_union(NumberOf(row.union_number));
  return absl::nullopt;
}

absl::optional<Refusal> UpdateMemberCommand::Change(const MemberRow& row,
                                                    const DecideContext& /*context*/,
                                                    Decision& decision) {
  if (auto refusal = CheckKnown(wish_.data)) return refusal;
  if (!row.erased && wish_.revision.value_or(row.revision) != row.revision) {
    return Refuse(Reason::kEtagMismatch, "etag", "the member changed since it was read");
  }
  if (auto refusal = CheckReplacement(row, wish_.data)) return refusal;
  jv1::PersonalDataUpdated& updated = *AddChange(row, *wish_.data, decision).mutable_updated();
  for (const std::string& field : wish_.fields) updated.add_fields(field);
  return absl::nullopt;
}

}  // namespace puhui::issuing
