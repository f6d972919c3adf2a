// SPDX-License-Identifier: Apache-2.0
#include "tests/model/ledger_model.h"

#include "issuing/app/issue_run.h"
#include "ledger/base/limits.h"
#include "tests/model/fee_model.h"
#include "tests/model/offer_model.h"

#include <algorithm>
#include <iterator>

namespace puhui::testing {

using ledger::Reason;

namespace {

std::int64_t SumOf(const std::vector<LedgerModel::Taken>& taken) {
  std::int64_t sum = 0;
  for (const LedgerModel::Taken& part : taken) sum += part.points;
  return sum;
}

// What a reversal undoes, and what it does not.
bool Takes(LedgerModel::Call call) {
  return call == LedgerModel::Call::kPurchase || call == LedgerModel::Call::kAuthorization ||
         call == LedgerModel::Call::kCapture;
}
bool GivesBack(LedgerModel::Call call) {
  return call == LedgerModel::Call::kRefund || call == LedgerModel::Call::kVoid;
}

}  // namespace

Verdict LedgerModel::CreateUnion(std::uint32_t number, absl::optional<std::uint32_t> parent) {
  if (parent.has_value() && !unions.contains(*parent)) return Reason::kNotFound;
  if (unions.contains(number)) return Reason::kAlreadyExists;
  if (parent.has_value() && unions[*parent].closed) return Reason::kUnionClosed;
  if (parent.has_value() && DepthOf(*parent) + 1 > 8) return Reason::kUnionDepthLimit;
  unions[number] = {.parent = parent.value_or(0)};
  return absl::nullopt;
}

Verdict LedgerModel::Confirm(std::uint32_t of, Sequence proposal, const std::string& person) {
  const auto at = fundings.find(proposal);
  const bool found = at != fundings.end() && at->second.of == of;
  if (found && at->second.person == person) return Reason::kSamePerson;
  if (!found) return Reason::kNotFound;
  if (at->second.confirmed) return Reason::kFundingAlreadyConfirmed;
  if (at->second.rejected) return Reason::kFundingRejected;
  if (unions[of].closed) return Reason::kUnionClosed;
  at->second.confirmed = true;
  unions[of].funded += at->second.points;
  AddToBudget(of, of, at->second.points);
  return absl::nullopt;
}

void LedgerModel::Issue(std::uint32_t number, std::size_t rows, absl::Time now) {
  Campaign& campaign = campaigns[number];
  const absl::Duration delay = now - campaign.run_start;
  const bool other_year = DayAt(now).year() != campaign.run_day.year();
  const bool late =
      delay >= kApprovalsKeptFor || (other_year && delay >= issuing::kRunIntoNextYear);
  if (campaign.rows_done == 0 && (late || IsStale(campaign, campaign.run_day))) {
    campaign.all_or_nothing = false;
    BackToDraft(campaign);
    return;
  }
  const auto granted = [&](std::size_t row) {
    const MemberId id = campaign.plan[row].first;
    const Member& member = members[id];
    if (member.standing != Standing::kActive) return false;
    const std::size_t opened = campaign.earmark_share == 0 ? 1 : 2;
    if (campaign.expiry <= now || member.lots.size() + opened > 256) return false;
    return KeepsTheRules(campaign, id, campaign.plan[row].second);
  };
  if (campaign.all_or_nothing) {
    for (std::size_t row = campaign.rows_done; row < campaign.rows_done + rows; ++row) {
      if (!granted(row)) ++campaign.bad_rows;
    }
    campaign.paused = campaign.bad_rows > 0;
    if (campaign.paused) return;
  }
  for (; rows > 0; --rows) {
    const std::size_t row = campaign.rows_done++;
    if (!granted(row)) continue;
    const auto& [id, points] = campaign.plan[row];
    Member& member = members[id];
    Receive(campaign, id, points);
    campaign.reserved -= points;
    campaign.figures.granted += points;
    ++campaign.figures.grants;
    ++campaign.rows_granted;
    receivers[number].insert(id);
    ++member.lots_ever;
    const std::int64_t bound = (points * campaign.earmark_share + 9'999) / 10'000;
    for (const auto& [lot, part] : {std::pair(member.lots_ever, points - bound),
                                    std::pair(member.lots_ever | kBound, bound)}) {
      if (part == 0) continue;
      member.lots[lot] = {
          .campaign = number, .granted = part, .remaining = part, .expiry = campaign.expiry};
    }
  }
  if (campaign.rows_done < campaign.plan.size()) return;
  GiveBack(campaign);
  campaign.state = State::kIssued;
}

void LedgerModel::Expire(std::uint32_t number, absl::Time now) {
  Campaign& campaign = campaigns[number];
  for (const auto& [id, row_points] : campaign.plan) {
    for (auto lot = members[id].lots.begin(); lot != members[id].lots.end();) {
      if (lot->second.campaign != number || lot->second.expiry > now) {
        ++lot;
        continue;
      }
      const std::int64_t held = Held(id, lot->first);
      ExpireRest(lot->second, held);
      lot = held == 0 ? members[id].lots.erase(lot) : std::next(lot);
    }
  }
}

void LedgerModel::ExpireRest(Lot& lot, std::int64_t kept) {
  Campaign& campaign = campaigns[lot.campaign];
  const std::int64_t gone = lot.remaining - kept;
  campaign.figures.expired += gone;
  if (campaign.expire_to_union) {
    unions[campaign.of].expired[campaign.origin] += gone;
  } else {
    ComeHome(campaign.of, campaign.origin, gone);
  }
  lot.remaining = kept;
}

void LedgerModel::Reopen(Lot& lot, std::int64_t kept, absl::Time now) {
  if (lot.expiry > now) return;
  ExpireRest(lot, kept);
  lot.expiry = now + absl::Hours(24 * 30);
}

// A refusal at the till is an outcome: the call is remembered as declined.
Verdict LedgerModel::Judge(const TillCall& call, Call kind, Verdict verdict) {
  const Call outcome = verdict.has_value() ? Call::kDeclined : kind;
  calls.emplace(call.keys, std::pair(outcome, call.sequence));
  requests.emplace(call.request, std::pair(outcome, call.sequence));
  return verdict;
}

Verdict LedgerModel::CheckCall(const TillCall& call) const {
  const auto known = calls.find(call.keys);
  if (buried.contains(call.request)) return Reason::kReversedBeforeArrival;
  if (known != calls.end()) {
    return known->second.first == Call::kTombstone ? Reason::kReversedBeforeArrival
                                                   : Reason::kTraceNumberUsed;
  }
  const Terminal& terminal = terminals.at(std::get<0>(call.keys));
  if (terminal.blocked || terminal.retired) return Reason::kTerminalNotActive;
  return absl::nullopt;
}

Verdict LedgerModel::Buy(const TillCall& call, std::uint64_t card, const Wish& wish) {
  Verdict verdict = CheckCardCall(call, card);
  // What does not exist comes before what stands otherwise than it has to.
  const bool found = !verdict.has_value() || *verdict >= Reason::kReversedBeforeArrival;
  if (const Verdict refused = FindOffer(*this, call, wish); found && refused.has_value()) {
    verdict = refused;
  }
  if (!verdict.has_value()) {
    verdict = Take(call, {.member = cards[card].member, .card = card}, wish);
  }
  return Judge(call, Call::kPurchase, verdict);
}

Verdict LedgerModel::CheckCard(std::uint64_t card) const {
  const Card& known = cards.at(card);
  if (members.at(known.member).standing != Standing::kActive) return Reason::kMemberNotActive;
  if (known.blocked) return Reason::kCardBlocked;
  return absl::nullopt;
}

Verdict LedgerModel::FindCard(const TillCall& call, std::uint64_t card) {
  ModelGuesses& tried = card_guesses[std::get<0>(call.keys)];
  if (tried.blocked_until > call.now) return Reason::kCardsBlocked;
  if (cards.contains(card)) return absl::nullopt;
  CountGuess(call, &tried);
  return Reason::kCardNotFound;
}

Verdict LedgerModel::CheckCardCall(const TillCall& call, std::uint64_t card) {
  if (const Verdict refused = FindCard(call, card)) return refused;
  if (const Verdict refused = CheckCall(call)) return refused;
  if (const Verdict refused = CheckMerchant(call)) return refused;
  if (const Verdict refused = CheckCard(card)) return refused;
  return CheckBatch(call);
}

Verdict LedgerModel::Take(const TillCall& call, const Payer& payer, const Wish& wish) {
  const MemberId member = payer.member;
  if (const Verdict refused = CheckOfferState(*this, call, wish)) return refused;
  const Wish left = LessTheOffer(*this, wish);
  Purchase purchase{.merchant = terminals[std::get<0>(call.keys)].merchant,
                    .member = member,
                    .taken = LotsFor(call, member, left.points),
                    .rate = RateOf(terminals[std::get<0>(call.keys)].merchant, call.now),
                    .day = DayOf(call.now),
                    .ordered = std::get<0>(call.keys) > kNoTill,
                    .offer = wish.offer};
  purchase.points = SumOf(purchase.taken);
  const bool enough = purchase.points == left.points || (wish.partial && purchase.points > 0);
  if (enough && purchase.taken.size() > 64) return Reason::kLotsPerPurchaseLimit;
  if (const Verdict refused = CheckOfferRules(*this, call, member, wish)) return refused;
  const std::int64_t asked = enough ? purchase.points : left.points;
  if (const Verdict refused = CheckLimits(call, payer, asked)) return refused;
  if (!enough) return Reason::kInsufficientPoints;
  for (const Taken& taken : purchase.taken) {
    Lot& lot = members[member].lots[taken.lot];
    lot.remaining -= taken.points;
    if (lot.remaining == 0) members[member].lots.erase(taken.lot);
  }
  purchase.lines = SplitOver(purchase.taken, left.lines);
  CountPaid(call, payer, purchase.points);
  CountCall(call, CountedKind::kPurchase, purchase.points);
  purchases[call.sequence] = std::move(purchase);
  return absl::nullopt;
}

std::vector<LedgerModel::Line> LedgerModel::SplitOver(const std::vector<Taken>& taken,
                                                      const std::vector<std::int64_t>& lines) {
  std::vector<std::int64_t> left;
  for (const Taken& part : taken) left.push_back(part.points);
  std::vector<Line> split;
  for (std::int64_t missing : lines) {
    Line line;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const std::int64_t pays = std::min(left[i], missing);
      if (pays > 0) line.parts.emplace_back(i, pays);
      left[i] -= pays;
      missing -= pays;
      line.left += pays;
    }
    split.push_back(std::move(line));
  }
  return split;
}

// Point by point: to the last line first, and for each to the last lot first.
void LedgerModel::GiveBack(Purchase& purchase, std::int64_t points, absl::Time now) {
  for (auto line = purchase.lines.rbegin(); line != purchase.lines.rend(); ++line) {
    const std::int64_t back = std::min(points, line->left);
    GiveBackLine(purchase, *line, back, now);
    points -= back;
  }
  for (std::size_t i = purchase.taken.size(); i-- > 0 && purchase.lines.empty();) {
    const std::int64_t back = std::min(points, purchase.taken[i].points - purchase.taken[i].back);
    GiveBackLot(purchase, i, back, now);
    points -= back;
  }
}

void LedgerModel::GiveBackLine(Purchase& purchase, Line& line, std::int64_t points,
                               absl::Time now) {
  line.left -= points;
  for (auto part = line.parts.rbegin(); part != line.parts.rend(); ++part) {
    const std::int64_t back = std::min(points, part->second);
    GiveBackLot(purchase, part->first, back, now);
    part->second -= back;
    points -= back;
  }
}

void LedgerModel::GiveBackLot(Purchase& purchase, std::size_t place, std::int64_t points,
                              absl::Time now) {
  if (points == 0) return;
  Taken& taken = purchase.taken[place];
  taken.back += points;
  purchase.given_back += points;
  auto& lots = members[purchase.member].lots;
  if (!lots.contains(taken.lot)) {
    lots[taken.lot] = taken.from;
    lots[taken.lot].remaining = 0;
  }
  Lot& lot = lots[taken.lot];
  Reopen(lot, Held(purchase.member, taken.lot), now);
  lot.remaining += points;
}

Verdict LedgerModel::Refund(const TillCall& call, Sequence number, std::int64_t points,
                            absl::optional<std::size_t> line) {
  const auto at = purchases.find(number);
  const Verdict verdict = [&]() -> Verdict {
    if (at == purchases.end() || at->second.ordered ||
        at->second.merchant != terminals[std::get<0>(call.keys)].merchant) {
      return Reason::kNotFound;
    }
    if (const Verdict refused = CheckCall(call)) return refused;
    if (merchants[at->second.merchant].refunds_until <= call.now) return Reason::kMerchantNotActive;
    if (at->second.reversed) return Reason::kPurchaseReversed;
    if (const Verdict refused = CheckBatch(call)) return refused;
    Purchase& purchase = at->second;
    if (points > purchase.points - purchase.given_back) return Reason::kRefundAbovePurchase;
    if (line.has_value()) {
      const bool has_it = *line < purchase.lines.size() && points <= purchase.lines[*line].left;
      if (!has_it) return Reason::kRefundAbovePurchase;
      GiveBackLine(purchase, purchase.lines[*line], points, call.now);
    } else {
      GiveBack(purchase, points, call.now);
    }
    BoundFees(this, at->first);
    CountCall(call, CountedKind::kRefund, points);
    return absl::nullopt;
  }();
  return Judge(call, Call::kRefund, verdict);
}

Verdict LedgerModel::ReverseByKeys(const TillCall& call, std::uint32_t batch, std::uint32_t trace) {
  const TillKeys keys{std::get<0>(call.keys), batch, trace};
  const auto known = calls.find(keys);
  if (known != calls.end() && GivesBack(known->second.first)) {
    return Judge(call, Call::kReversal, Reason::kNotFound);
  }
  if (terminals[std::get<0>(call.keys)].retired) {
    return Judge(call, Call::kReversal, Reason::kTerminalNotActive);
  }
  const bool took =
      known != calls.end() && (Takes(known->second.first) || known->second.first == Call::kBill);
  if (!took) calls.emplace(keys, std::pair(Call::kTombstone, call.sequence));
  Undo(call, took ? known->second.second : 0);
  return Judge(call, Call::kReversal, absl::nullopt);
}

Verdict LedgerModel::ReverseByRequest(const TillCall& call, std::uint64_t request) {
  const auto known = requests.find(request);
  if (known != requests.end() && GivesBack(known->second.first)) {
    return Judge(call, Call::kReversal, Reason::kNotFound);
  }
  if (terminals[std::get<0>(call.keys)].retired) {
    return Judge(call, Call::kReversal, Reason::kTerminalNotActive);
  }
  const std::uint32_t merchant = terminals[std::get<0>(call.keys)].merchant;
  bool ours = false;
  if (known != requests.end() && Takes(known->second.first)) {
    const Sequence number = known->second.second;
    ours = purchases.contains(number) ? purchases[number].merchant == merchant
                                      : holds.at(number).merchant == merchant;
  } else if (known != requests.end() && known->second.first == Call::kBill) {
    const Sequence number = known->second.second;
    const Terminal& presented = terminals.at(std::get<0>(bills.at(number).keys));
    ours = presented.merchant == merchant && (purchases.contains(number) || KeepsBill(number));
  }
  if (!ours) buried.insert(request);
  Undo(call, ours ? known->second.second : 0);
  return Judge(call, Call::kReversal, absl::nullopt);
}

void LedgerModel::Undo(const TillCall& call, Sequence number) {
  if (const auto hold = holds.find(number);
      hold != holds.end() && hold->second.state == HoldState::kHeld) {
    CountCall(call, CountedKind::kReversal, hold->second.points);
    End(number, HoldState::kVoided, {}, call.now);
    return;
  }
  const auto at = purchases.find(number);
  if (at == purchases.end() && KeepsBill(number)) {
    Bill& bill = bills[number];
    bill.cancelled = bill.cancelled || bill.expiry > call.now;
  }
  if (at == purchases.end() || at->second.given_back == at->second.points) return;
  const std::int64_t left = at->second.points - at->second.given_back;
  CountCall(call, CountedKind::kReversal, left);
  GiveBack(at->second, left, call.now);
  BoundFees(this, number);
  at->second.reversed = true;
}

bool LedgerModel::IsWithin(std::uint32_t of, std::uint32_t ancestor) const {
  for (; of != 0; of = unions.at(of).parent) {
    if (of == ancestor) return true;
  }
  return false;
}

}  // namespace puhui::testing
