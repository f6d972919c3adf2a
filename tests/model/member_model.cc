// SPDX-License-Identifier: Apache-2.0
// People in the model.
#include "tests/model/ledger_model.h"

#include <iterator>

namespace puhui::testing {

using ledger::Reason;

void LedgerModel::Join(MemberId id, std::uint32_t of, std::uint64_t card) {
  members[id] = {.of = of, .card = card};
  cards[card] = {.member = id};
}

Verdict LedgerModel::Suspend(MemberId id) {
  Member& member = members[id];
  if (member.standing != Standing::kActive) return Reason::kMemberState;
  member.standing = Standing::kSuspended;
  ++member.changes;
  return absl::nullopt;
}

Verdict LedgerModel::Reinstate(MemberId id) {
  Member& member = members[id];
  if (member.standing == Standing::kActive) return Reason::kMemberState;
  if (member.erased) return Reason::kMemberErased;
  if (unions[member.of].closed) return Reason::kUnionClosed;
  member.standing = Standing::kActive;
  ++member.changes;
  return absl::nullopt;
}

Verdict LedgerModel::Leave(MemberId id, absl::Time now) {
  Member& member = members[id];
  if (member.standing == Standing::kLeft) return Reason::kMemberState;
  member.standing = Standing::kLeft;
  ++member.changes;
  const bool returned = Returns(member.of);
  for (auto at = member.lots.begin(); returned && at != member.lots.end();) {
    Lot& lot = at->second;
    const std::int64_t held = Held(id, at->first);
    if (lot.expiry > now) {
      ComeHome(campaigns[lot.campaign].origin, campaigns[lot.campaign].origin,
               lot.remaining - held);
      Receive(campaigns[lot.campaign], id, held - lot.remaining);
      campaigns[lot.campaign].figures.returned += lot.remaining - held;
      lot.remaining = held;
    }
    at = lot.remaining == 0 ? member.lots.erase(at) : std::next(at);
  }
  return absl::nullopt;
}

void LedgerModel::ComeBack(MemberId id, std::uint32_t of) {
  Member& member = members[id];
  member.standing = Standing::kActive;
  member.of = of;
  member.erased = false;
  ++member.changes;
}

Verdict LedgerModel::Transfer(MemberId id, std::uint32_t to) {
  Member& member = members[id];
  if (!unions.contains(to)) return Reason::kNotFound;
  if (member.of == to) return Reason::kAlreadyExists;
  if (unions[to].closed) return Reason::kUnionClosed;
  if (member.standing == Standing::kLeft) return Reason::kMemberState;
  member.of = to;
  ++member.changes;
  return absl::nullopt;
}

Verdict LedgerModel::IssueCard(MemberId id, std::uint64_t card, bool replace) {
  Member& member = members[id];
  if (member.standing == Standing::kLeft) return Reason::kMemberState;
  if (!cards[member.card].blocked && !replace) return Reason::kCardState;
  cards[member.card].blocked = true;
  cards[card] = {.member = id};
  member.card = card;
  ++member.changes;
  return absl::nullopt;
}

Verdict LedgerModel::BlockCard(MemberId id) {
  Member& member = members[id];
  if (cards[member.card].blocked) return Reason::kCardState;
  cards[member.card].blocked = true;
  ++member.changes;
  return absl::nullopt;
}

Verdict LedgerModel::Erase(MemberId id) {
  Member& member = members[id];
  if (member.standing != Standing::kLeft) return Reason::kMemberState;
  if (member.erased) return Reason::kMemberErased;
  member.erased = true;
  ++member.changes;
  return absl::nullopt;
}

Verdict LedgerModel::Update(MemberId id, bool stale) {
  Member& member = members[id];
  if (member.erased) return Reason::kMemberErased;
  if (stale) return Reason::kEtagMismatch;
  ++member.changes;
  return absl::nullopt;
}

Verdict LedgerModel::DecideApplication(Sequence sequence, std::uint32_t of, bool accept,
                                       absl::optional<MemberId> known) {
  Application& application = applications[sequence];
  if (application.of != of) return Reason::kNotFound;
  if (application.decided) return Reason::kApplicationState;
  if (accept && known.has_value()) {
    const bool left = members[*known].standing == Standing::kLeft;
    return left ? Reason::kEtagMismatch : Reason::kDuplicatePerson;
  }
  if (accept && unions[of].closed) return Reason::kUnionClosed;
  application.decided = true;
  if (accept) Join(application.applicant, of, application.card);
  return absl::nullopt;
}

Verdict LedgerModel::StartRotation() {
  if (rotating) return Reason::kKeyRotationRunning;
  ++vault_key;
  rotating = true;
  rotation_reached = MemberId();
  return absl::nullopt;
}

}  // namespace puhui::testing
