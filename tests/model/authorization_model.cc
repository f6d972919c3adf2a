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

Verdict LedgerModel::Authorize(const TillCall& call, std::uint64_t card, const Wish& wish,
                               absl::Time expiry) {
  Verdict verdict = CheckCardCall(call, card);
  if (!verdict.has_value()) {
    verdict = Reserve(call, {.member = cards[card].member, .card = card}, wish, expiry);
  }
  return Judge(call, Call::kAuthorization, verdict);
}

Verdict LedgerModel::Reserve(const TillCall& call, const Payer& payer, const Wish& wish,
                             absl::Time expiry) {
  const MemberId member = payer.member;
  Hold hold{.merchant = terminals[std::get<0>(call.keys)].merchant,
            .member = member,
            .taken = LotsFor(call, member, wish.points),
            .expiry = expiry,
            .day = DayOf(call.now),
            .ordered = std::get<0>(call.keys) > kNoTill};
  for (const Taken& taken : hold.taken) hold.points += taken.points;
  const bool enough = hold.points == wish.points || (wish.partial && hold.points > 0);
  if (enough && hold.taken.size() > 64) return Reason::kLotsPerPurchaseLimit;
  if (members[member].holds.size() >= 32) return Reason::kAuthorizationsPerWalletLimit;
  const std::int64_t asked = enough ? hold.points : wish.points;
  if (const Verdict refused = CheckLimits(call, payer, asked)) return refused;
  if (!enough) return Reason::kInsufficientPoints;
  hold.lines = SplitOver(hold.taken, wish.lines);
  CountPaid(call, payer, hold.points);
  CountCall(call, CountedKind::kAuthorization, hold.points);
  holds[call.sequence] = std::move(hold);
  members[member].holds.insert(call.sequence);
  return absl::nullopt;
}

Verdict LedgerModel::JudgeEnding(const TillCall& call, Sequence number) const {
  const auto hold = holds.find(number);
  if (hold == holds.end() || hold->second.ordered ||
      hold->second.merchant != terminals.at(std::get<0>(call.keys)).merchant) {
    return Reason::kNotFound;
  }
  if (const Verdict refused = CheckCall(call)) return refused;
  switch (hold->second.state) {
    case HoldState::kHeld:
      if (hold->second.expiry <= call.now) return Reason::kAuthorizationExpired;
      return CheckBatch(call);
    case HoldState::kCaptured:
      return Reason::kAuthorizationCaptured;
    case HoldState::kVoided:
      return Reason::kAuthorizationVoided;
    case HoldState::kExpired:
      return Reason::kAuthorizationExpired;
  }
  return absl::nullopt;
}

Verdict LedgerModel::Capture(const TillCall& call, Sequence number, std::int64_t points,
                             const std::map<std::size_t, std::int64_t>& lines) {
  Verdict verdict = JudgeEnding(call, number);
  if (!verdict.has_value()) {
    const Hold& hold = holds[number];
    bool above = points > hold.points;
    for (const auto& [line, wanted] : lines) {
      above = above || line >= hold.lines.size() || wanted > hold.lines[line].left;
    }
    if (above) verdict = Reason::kCaptureAboveAuthorization;
  }
  if (!verdict.has_value()) Carry(call, number, points, lines);
  TillCall of_the_purchase = call;
  of_the_purchase.sequence = number;
  return Judge(of_the_purchase, Call::kCapture, verdict);
}

// Of each line, or where there are none of all lots, what came first.
void LedgerModel::Carry(const TillCall& call, Sequence number, std::int64_t points,
                        const std::map<std::size_t, std::int64_t>& lines) {
  const Hold& hold = holds[number];
  Purchase purchase{.merchant = hold.merchant,
                    .member = hold.member,
                    .points = points,
                    .rate = RateOf(hold.merchant, call.now),
                    .day = hold.day,
                    .ordered = hold.ordered};
  std::vector<std::int64_t> captured(hold.taken.size(), 0);
  std::int64_t left = points;
  for (std::size_t i = 0; i < hold.lines.size(); ++i) {
    std::int64_t wanted = std::min(left, hold.lines[i].left);
    if (!lines.empty()) wanted = lines.contains(i) ? lines.at(i) : 0;
    Line line;
    for (const auto& [place, held] : hold.lines[i].parts) {
      const std::int64_t pays = std::min(held, wanted);
      if (pays > 0) line.parts.emplace_back(place, pays);
      captured[place] += pays;
      wanted -= pays;
      left -= pays;
      line.left += pays;
    }
    purchase.lines.push_back(std::move(line));
  }
  for (std::size_t i = 0; i < captured.size() && hold.lines.empty(); ++i) {
    captured[i] = std::min(left, hold.taken[i].points);
    left -= captured[i];
  }
  purchase.taken = End(number, HoldState::kCaptured, captured, call.now);
  purchases[number] = std::move(purchase);
  CountCall(call, CountedKind::kCapture, points);
}

Verdict LedgerModel::Void(const TillCall& call, Sequence number) {
  const Verdict verdict = JudgeEnding(call, number);
  if (!verdict.has_value()) {
    CountCall(call, CountedKind::kVoid, holds[number].points);
    End(number, HoldState::kVoided, {}, call.now);
  }
  return Judge(call, Call::kVoid, verdict);
}

std::size_t LedgerModel::ExpireHolds(const std::vector<Sequence>& of, absl::Time now) {
  std::size_t ended = 0;
  for (const Sequence number : of) {
    const Hold& hold = holds[number];
    if (hold.state != HoldState::kHeld || hold.expiry > now) continue;
    End(number, HoldState::kExpired, {}, now);
    ++ended;
  }
  return ended;
}

std::vector<LedgerModel::Taken> LedgerModel::End(Sequence number, HoldState as,
                                                 const std::vector<std::int64_t>& captured,
                                                 absl::Time now) {
  Hold& hold = holds[number];
  hold.state = as;
  members[hold.member].holds.erase(number);
  std::vector<Taken> taken;
  for (std::size_t i = 0; i < hold.taken.size(); ++i) {
    const Taken& part = hold.taken[i];
    auto& lots = members[hold.member].lots;
    Lot& lot = lots[part.lot];
    const std::int64_t gone = captured.empty() ? 0 : captured[i];
    if (gone < part.points) Reopen(lot, Held(hold.member, part.lot) + part.points, now);
    taken.push_back({part.lot, lot, gone});
    lot.remaining -= gone;
    if (lot.remaining == 0) lots.erase(part.lot);
  }
  return taken;
}

}  // namespace puhui::testing
