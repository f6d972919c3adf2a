// SPDX-License-Identifier: Apache-2.0
#include "tests/model/market_model.h"

#include "tests/model/fee_model.h"

namespace puhui::testing {

using ledger::Reason;

Verdict MarketModel::PlaceOrder(const TillCall& call, const Wished& wished,
                                const OfferRules& rules) {
  const MemberId member = wished.member;
  if (const Verdict refused = CheckMerchant(call)) return refused;
  if (members.at(member).standing != Standing::kActive) return Reason::kMemberNotActive;
  if (rules.state.has_value()) return rules.state;
  const std::vector<Taken> taken = LotsFor(call, member, wished.points);
  std::int64_t sum = 0;
  for (const Taken& part : taken) sum += part.points;
  const bool enough = sum == wished.points;
  if (enough && taken.size() > 64) return Reason::kLotsPerPurchaseLimit;
  const bool is_held = wished.expiry.has_value();
  if (is_held && members[member].holds.size() >= 32) {
    return Reason::kAuthorizationsPerWalletLimit;
  }
  if (rules.uses.has_value()) return rules.uses;
  const Payer payer{.member = member};
  if (const Verdict refused = CheckLimits(call, payer, wished.points)) return refused;
  if (rules.stock.has_value()) return rules.stock;
  const Wish wish{.points = wished.points};
  if (!is_held) return Take(call, payer, wish);
  return Reserve(call, payer, wish, *wished.expiry);
}

void MarketModel::AcceptOrder(const TillCall& call, Sequence order) {
  Carry(call, order, holds.at(order).points, {});
}

void MarketModel::EndOrder(const TillCall& call, Sequence order) {
  End(order, HoldState::kVoided, {}, call.now);
  // No till finds what it could reverse under such a request.
  requests.emplace(call.request, std::pair(Call::kVoid, call.sequence));
}

void MarketModel::ReturnOrder(const TillCall& call, Sequence order, std::int64_t points) {
  GiveBack(purchases.at(order), points, call.now);
  BoundFees(this, order);
  requests.emplace(call.request, std::pair(Call::kRefund, call.sequence));
}

Verdict MarketModel::RedeemVoucher(const TillCall& call, bool is_known, const Verdict& voucher) {
  const Verdict verdict = [&]() -> Verdict {
    ModelGuesses& tried = voucher_guesses[std::get<0>(call.keys)];
    if (tried.blocked_until > call.now) return Reason::kVouchersBlocked;
    if (!is_known) {
      CountGuess(call, &tried);
      return Reason::kVoucherUnknown;
    }
    if (const Verdict refused = CheckCall(call)) return refused;
    if (const Verdict refused = CheckMerchant(call)) return refused;
    if (const Verdict refused = CheckBatch(call)) return refused;
    return voucher;
  }();
  // Like a refund it is not reversed, whichever way it is named.
  const Call outcome = verdict.has_value() ? Call::kDeclined : Call::kVoid;
  calls.emplace(call.keys, std::pair(outcome, call.sequence));
  requests.emplace(call.request, std::pair(outcome, call.sequence));
  return verdict;
}

}  // namespace puhui::testing
