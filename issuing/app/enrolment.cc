// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/enrolment.h"

#include "issuing/app/records.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::Reason;

namespace {

template <class K>
std::vector<K> Distinct(std::vector<K> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// What the table says, or else what the rows before have added.
template <class Stored>
absl::optional<MemberId> Known(Stored& stored,
                               const absl::flat_hash_map<ledger::Tag, MemberId>& added,
                               const ledger::Tag& tag) {
  if (const MemberId* member = stored.Find(tag)) return *member;
  const auto at = added.find(tag);
  return at == added.end() ? absl::nullopt : absl::make_optional(at->second);
}

Enrolment::Verdict Refused(Reason reason, const char* field) {
  return {.outcome = MemberOutcome::kRefused, .refusal = {reason, field}};
}

}  // namespace

void Enrolment::Prefetch(const std::vector<NewMember>& rows) {
  std::vector<ledger::Tag> id_numbers;
  std::vector<ledger::Tag> external_ids;
  std::vector<ledger::Tag> cards;
  std::vector<MemberId> members;
  for (const NewMember& row : rows) {
    if (row.shape.has_value()) continue;
    id_numbers.push_back(row.id_number);
    if (row.external_id.has_value()) external_ids.push_back(*row.external_id);
    if (!row.left_revision.has_value()) cards.push_back(row.card);
    members.push_back(row.member);
  }
  tables_.id_numbers.Prefetch(Distinct(std::move(id_numbers)));
  tables_.external_ids.Prefetch(Distinct(std::move(external_ids)));
  views_.cards.Prefetch(Distinct(std::move(cards)));
  tables_.members.Prefetch(Distinct(std::move(members)));
}

Enrolment::Verdict Enrolment::Judge(UnionNumber of, const NewMember& row) {
  if (row.shape.has_value()) {
    return {.outcome = MemberOutcome::kRefused, .refusal = *row.shape};
  }
  absl::optional<MemberId> by_external_id;
  if (row.external_id.has_value()) {
    by_external_id = Known(tables_.external_ids, external_ids_, *row.external_id);
  }
  const absl::optional<MemberId> known = Known(tables_.id_numbers, id_numbers_, row.id_number);
  Verdict verdict{.outcome = MemberOutcome::kCreated, .member = row.member};
  if (known.has_value()) {
    verdict = JudgeKnown(of, row, *known, by_external_id);
  } else if (row.left_revision.has_value()) {
    verdict = Refused(Reason::kEtagMismatch, "id_number");
  } else if (by_external_id.has_value()) {
    verdict = Refused(Reason::kAlreadyExists, "external_id");
  } else if (views_.cards.Find(row.card) != nullptr || cards_.contains(row.card) ||
             tables_.members.Find(row.member) != nullptr) {
    // Drawn at random, and with many millions of cards two will meet: the next try draws another.
    verdict = Refused(Reason::kAlreadyExists, "card_number");
  }
  if (!verdict.joins()) return verdict;
  id_numbers_.emplace(row.id_number, verdict.member);
  if (row.external_id.has_value()) external_ids_.emplace(*row.external_id, verdict.member);
  if (verdict.outcome == MemberOutcome::kCameBack) {
    came_back_.insert(verdict.member);
  } else {
    cards_.insert(row.card);
  }
  return verdict;
}

// Somebody who joined or came back in this batch has no row in the table yet, or an old one. An
// external id may be of before a transfer: whoever is a member elsewhere is not one here.
Enrolment::Verdict Enrolment::JudgeKnown(UnionNumber of, const NewMember& row, MemberId known,
                                         absl::optional<MemberId> by_external_id) const {
  const MemberRow* member = tables_.members.Find(known);
  const bool joined = member == nullptr || came_back_.contains(known);
  const bool left = !joined && member->state == MemberState::kLeft;
  const bool here = joined || member->union_number == of;
  if (!left && here && by_external_id == known) {
    return {.outcome = MemberOutcome::kUnchanged, .member = known};
  }
  if (by_external_id.has_value() && by_external_id != known) {
    return Refused(Reason::kAlreadyExists, "external_id");
  }
  if (!left) return Refused(Reason::kDuplicatePerson, "id_number");
  if (row.left_revision != member->revision || row.member != known) {
    return Refused(Reason::kEtagMismatch, "id_number");
  }
  return {.outcome = MemberOutcome::kCameBack, .member = known};
}

absl::optional<ledger::Refusal> Enrolment::CheckVaultKey(const NewMember& row) const {
  if (row.shape.has_value()) return absl::nullopt;
  return tables_.CheckVaultKey(row.personal_data);
}

void Enrolment::AddRecord(UnionNumber of, const NewMember& row, ledger::Decision& decision) const {
  if (!row.left_revision.has_value()) {
    jv1::MemberJoined& joined = *decision.Add().mutable_member_joined();
    joined.set_member(row.member.ToBytes());
    joined.set_union_number(NumberOf(of));
    joined.set_card_hash(std::string(ledger::TagBytes(row.card)));
    joined.set_card_last_four(row.card_last_four);
    joined.set_commitment(std::string(ledger::AsBytes(row.commitment)));
    return;
  }
  jv1::MemberChanged& changed = *decision.Add().mutable_member_changed();
  changed.set_member(row.member.ToBytes());
  changed.set_union_number(NumberOf(of));
  changed.set_state(NumberOf(MemberState::kActive));
  changed.set_revision(*row.left_revision + 1);
  changed.set_commitment(std::string(ledger::AsBytes(row.commitment)));
  changed.mutable_came_back()->set_from_union(
      NumberOf(tables_.members.Find(row.member)->union_number));
}

void Enrolment::Store(const NewMember& row) {
  PersonalDataRow data = row.personal_data;
  if (row.left_revision.has_value()) {
    data.revision = *row.left_revision + 1;
    tables_.ReplacePersonalData(row.member, std::move(data));
  } else {
    tables_.AddPersonalData(row.member, std::move(data));
  }
  tables_.id_numbers.Put(row.id_number, row.member);
  if (row.external_id.has_value()) tables_.external_ids.Put(*row.external_id, row.member);
}

}  // namespace puhui::issuing
