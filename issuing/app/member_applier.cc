// SPDX-License-Identifier: Apache-2.0
// People in the views: who joined, and what became of them.
#include "issuing/app/applier.h"
#include "issuing/app/records.h"
#include "ledger/engine/record_day.h"

#include "absl/strings/str_cat.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;

void IssuingApplier::Join(const jv1::Record& record) {
  const jv1::MemberJoined& joined = record.member_joined();
  const MemberId member = MemberId::FromBytes(joined.member());
  const UnionNumber of{joined.union_number()};
  tables_.members.Put(member, MemberRow{.union_number = of,
                                        .state = MemberState::kActive,
                                        .create_time = absl::FromUnixMicros(record.time_micros()),
                                        .card_hash = ledger::TagFromBytes(joined.card_hash()),
                                        .commitment = ledger::HashFromBytes(joined.commitment())});
  tables_.union_members.Put({of, member}, true);
  unions_.CountMembers(of, +1);
}

// The ledger's views have seen the record before, and refused one without a member or of an unknown
// state.
absl::Status IssuingApplier::ChangeMember(const jv1::MemberChanged& changed) {
  const MemberId member = MemberId::FromBytes(changed.member());
  const MemberRow* const before = tables_.members.Find(member);
  if (before == nullptr || changed.revision() != before->revision + 1) {
    return absl::DataLossError(
        absl::StrCat("change ", changed.revision(), " of a member cannot follow"));
  }
  MemberRow& row = tables_.members.Edit(member);
  const UnionNumber of{changed.union_number()};
  if (row.state != MemberState::kLeft) unions_.CountMembers(row.union_number, -1);
  if (row.union_number != of) {
    tables_.union_members.Erase({row.union_number, member});
    tables_.union_members.Put({of, member}, true);
    row.union_number = of;
  }
  row.state = static_cast<MemberState>(changed.state());
  if (row.state != MemberState::kLeft) unions_.CountMembers(of, +1);
  row.revision = changed.revision();
  if (!changed.commitment().empty()) {
    row.commitment = ledger::HashFromBytes(changed.commitment());
    row.erased = false;
  }
  if (changed.has_card_issued()) {
    row.card_hash = ledger::TagFromBytes(changed.card_issued().card_hash());
  }
  if (changed.has_erased()) row.erased = true;
  return absl::OkStatus();
}

void IssuingApplier::SubmitApplication(const jv1::Record& record) {
  const jv1::ApplicationSubmitted& submitted = record.application_submitted();
  const UnionNumber of{submitted.union_number()};
  tables_.applications.Put(
      record.sequence(),
      ApplicationRow{.union_number = of,
                     .applicant = MemberId::FromBytes(submitted.member()),
                     .create_time = absl::FromUnixMicros(record.time_micros()),
                     .submitter = submitted.person(),
                     .commitment = ledger::HashFromBytes(submitted.commitment())});
  tables_.union_applications.Put({of, record.sequence()}, true);
}

absl::Status IssuingApplier::DecideApplication(const jv1::Record& record) {
  const jv1::ApplicationDecided& decided = record.application_decided();
  const ApplicationRow* const before = tables_.applications.Find(decided.application());
  if (before == nullptr || before->state != ApplicationState::kSubmitted) {
    return absl::DataLossError(
        absl::StrCat("the decision of application ", decided.application(), " cannot follow"));
  }
  ApplicationRow& row = tables_.applications.Edit(decided.application());
  row.state = decided.accepted() ? ApplicationState::kAccepted : ApplicationState::kRejected;
  row.decide_time = absl::FromUnixMicros(record.time_micros());
  row.decider = decided.person();
  row.reason = decided.reason();
  if (decided.accepted()) row.member = MemberId::FromBytes(decided.member());
  return absl::OkStatus();
}

// The union that the member was in then may know it for ever, whoever left or moved since.
absl::Status IssuingApplier::NoteReveal(const jv1::Record& record) {
  const jv1::MemberRevealed& revealed = record.member_revealed();
  const MemberId member = MemberId::FromBytes(revealed.member());
  const MemberRow* const row = tables_.members.Find(member);
  if (row == nullptr) {
    return absl::DataLossError(
        absl::StrCat("a look at members/", member.ToString(), ", whom nobody knows"));
  }
  tables_.reveals.Put({row->union_number, record.sequence()}, true);
  if (!revealed.break_glass()) return absl::OkStatus();
  const RevealCountKey key{revealed.person(), ledger::DayFromRecord(revealed.day())};
  const std::uint32_t* const count = tables_.reveal_counts.Find(key);
  tables_.reveal_counts.Put(key, count == nullptr ? 1 : *count + 1);
  return absl::OkStatus();
}

void IssuingApplier::StartKeyRotation(const jv1::Record& record) {
  const jv1::KeyRotationStarted& started = record.key_rotation_started();
  const absl::Time time = absl::FromUnixMicros(record.time_micros());
  tables_.key_rotations.Put(kLastKeyRotation,
                            KeyRotationRow{.key_id = started.key_id(),
                                           .check = ledger::TagFromBytes(started.check()),
                                           .start_time = time});
  views_.timers.Put({time, ledger::kTimerKeyRotation, started.key_id()}, true);
}

absl::Status IssuingApplier::AdvanceKeyRotation(const jv1::Record& record) {
  const jv1::KeyRotationAdvanced& advanced = record.key_rotation_advanced();
  const KeyRotationRow* const before = tables_.key_rotations.Find(kLastKeyRotation);
  if (before == nullptr || before->key_id != advanced.key_id() || before->finish_time.has_value()) {
    return absl::DataLossError(
        absl::StrCat("a step of the rotation to key ", advanced.key_id(), " cannot follow"));
  }
  KeyRotationRow& row = tables_.key_rotations.Edit(kLastKeyRotation);
  row.members += advanced.members();
  if (!advanced.member().empty()) row.reached = MemberId::FromBytes(advanced.member());
  if (!advanced.finished()) return absl::OkStatus();
  row.finish_time = absl::FromUnixMicros(record.time_micros());
  views_.timers.Erase({row.start_time, ledger::kTimerKeyRotation, row.key_id});
  return absl::OkStatus();
}

}  // namespace puhui::issuing
