// SPDX-License-Identifier: Apache-2.0
// The model's authorisations.
#include "tests/model/ledger_model.h"

#include <algorithm>

namespace puhui::testing {

using ledger::Reason;

std::int64_t LedgerModel::Held(MemberId member, std::uint32_t lot) const {
  std::int64_t held = 0;
  for (const Sequence number : members.at(member).holds) {
    for (const Taken& taken : holds.at(number).taken) {
      if (taken.lot == lot) held += taken.points;
    }
  }
  return held;
}

Verdict LedgerModel::Authorize(const TillCall& call, std::uint64_t card, std::int64_t points,
                               absl::Time expiry) {
  return Judge(call, Call::kAuthorization, JudgeAuthorize(call, card, points, expiry));
}

Verdict LedgerModel::JudgeAuthorize(const TillCall& call, std::uint64_t card, std::int64_t points,
                                    absl::Time expiry) {
  if (!cards.contains(card)) return Reason::kCardNotFound;
  if (const Verdict refused = CheckCall(call)) return refused;
  if (const Verdict refused = CheckCard(card)) return refused;
  const MemberId member = cards[card].member;
  Hold hold{.merchant = terminals[std::get<0>(call.keys)].merchant,
            .member = member,
            .taken = LotsFor(call, member, points),
            .points = points,
            .expiry = expiry,
            .day = DayOf(call.now)};
  std::int64_t covered = 0;
  for (const Taken& taken : hold.taken) covered += taken.points;
  if (covered == points && hold.taken.size() > 64) return Reason::kLotsPerPurchaseLimit;
  if (members[member].holds.size() >= 32) return Reason::kAuthorizationsPerWalletLimit;
  if (covered < points) return Reason::kInsufficientPoints;
  holds[call.sequence] = std::move(hold);
  members[member].holds.insert(call.sequence);
  return absl::nullopt;
}

Verdict LedgerModel::JudgeEnding(const TillCall& call, Sequence number) const {
  const auto hold = holds.find(number);
  if (hold == holds.end() ||
      hold->second.merchant != terminals.at(std::get<0>(call.keys)).merchant) {
    return Reason::kNotFound;
  }
  if (const Verdict refused = CheckCall(call)) return refused;
  switch (hold->second.state) {
    case HoldState::kHeld:
      if (hold->second.expiry <= call.now) return Reason::kAuthorizationExpired;
      return absl::nullopt;
    case HoldState::kCaptured:
      return Reason::kAuthorizationCaptured;
    case HoldState::kVoided:
      return Reason::kAuthorizationVoided;
    case HoldState::kExpired:
      return Reason::kAuthorizationExpired;
  }
  return absl::nullopt;
}

Verdict LedgerModel::Capture(const TillCall& call, Sequence number, std::int64_t points) {
  Verdict verdict = JudgeEnding(call, number);
  if (!verdict.has_value() && points > holds[number].points) {
    verdict = Reason::kCaptureAboveAuthorization;
  }
  if (!verdict.has_value()) {
    const Hold& hold = holds[number];
    purchases[number] = {.merchant = hold.merchant,
                         .member = hold.member,
                         .taken = End(number, HoldState::kCaptured, points, call.now),
                         .points = points,
                         .day = hold.day};
  }
  TillCall of_the_purchase = call;
  of_the_purchase.sequence = number;
  return Judge(of_the_purchase, Call::kCapture, verdict);
}

Verdict LedgerModel::Void(const TillCall& call, Sequence number) {
  const Verdict verdict = JudgeEnding(call, number);
  if (!verdict.has_value()) End(number, HoldState::kVoided, 0, call.now);
  return Judge(call, Call::kVoid, verdict);
}

std::size_t LedgerModel::ExpireHolds(const std::vector<Sequence>& of, absl::Time now) {
  std::size_t ended = 0;
  for (const Sequence number : of) {
    const Hold& hold = holds[number];
    if (hold.state != HoldState::kHeld || hold.expiry > now) continue;
    End(number, HoldState::kExpired, 0, now);
    ++ended;
  }
  return ended;
}

std::vector<LedgerModel::Taken> LedgerModel::End(Sequence number, HoldState as,
                                                 std::int64_t captured, absl::Time now) {
  Hold& hold = holds[number];
  hold.state = as;
  members[hold.member].holds.erase(number);
  std::vector<Taken> taken;
  for (const Taken& part : hold.taken) {
    auto& lots = members[hold.member].lots;
    Lot& lot = lots[part.lot];
    const std::int64_t gone = std::min(captured, part.points);
    captured -= gone;
    if (gone < part.points && lot.expiry <= now) lot.expiry = now + absl::Hours(24 * 30);
    if (gone > 0) taken.push_back({part.lot, lot, gone});
    lot.remaining -= gone;
    if (lot.remaining == 0) lots.erase(part.lot);
  }
  return taken;
}

}  // namespace puhui::testing
