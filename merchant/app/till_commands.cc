// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/till_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/business_days.h"
#include "merchant/app/discounted_bill.h"
#include "merchant/app/refund_window.h"
#include "merchant/app/sale_entries.h"
#include "merchant/app/spending.h"
#include "merchant/core/purchase.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> TillCommand::Decide(const ledger::DecideContext& context,
                                            ledger::Decision& decision) {
  auto found = FindTill();
  if (Refusal* unknown = absl::get_if<Refusal>(&found)) return std::move(*unknown);
  const Till& till = absl::get<Till>(found);
  const absl::optional<Refusal> refusal = Carry(till, context, decision);
  if (!refusal.has_value()) {
    for (jv1::Record* record : decision.records()) {
      if (!record->has_entry()) continue;
      AssignBusinessDay(*state_.tables, till.merchant_number, state_.merchant_zone, context.now,
                        *record->mutable_entry());
    }
    return absl::nullopt;
  }
  PUHUI_CHECK(decision.records().empty());
  jv1::Declined& declined = *decision.Add().mutable_declined();
  *declined.mutable_till() = till.record;
  declined.set_reason(static_cast<std::uint32_t>(refusal->reason));
  Describe(declined);
  NameUnion(declined);
  for (const auto& [key, value] : refusal->metadata) {
    std::int64_t available = 0;
    if (key == "available" && absl::SimpleAtoi(value, &available)) {
      declined.set_available(available);
    }
    std::uint32_t line = 0;
    if (key == "line" && absl::SimpleAtoi(value, &line)) declined.set_line(line + 1);
  }
  return absl::nullopt;
}

// No posting says whose decline it is, and where the member is later is another matter.
void TillCommand::NameUnion(jv1::Declined& declined) const {
  if (state_.places == nullptr || declined.member().empty()) return;
  const std::vector<UnionNumber> unions = state_.places->Of(MemberId::FromBytes(declined.member()));
  if (!unions.empty()) declined.set_union_number(static_cast<std::uint32_t>(unions.front()));
}

absl::variant<TillCommand::Till, Refusal> TillCommand::FindTill() {
  Tables& tables = *state_.tables;
  const MerchantNumber* merchant = tables.merchant_ids.Find(call_.merchant_id);
  const TerminalNumber* terminal =
      merchant == nullptr ? nullptr : tables.terminal_ids.Find({*merchant, call_.terminal_id});
  if (terminal == nullptr) {
    return Refusal{.reason = Reason::kUnknownTerminal,
                   .field = "till.terminal",
                   .message = "the terminal is not enrolled with this merchant"};
  }
  return TillOf({*terminal, call_.batch_number, call_.trace_number}, call_.local_time);
}

TillCommand::Till TillCommand::TillOf(const TillKey& key, absl::Time local_time) const {
  Till till{.terminal_number = key.terminal,
            .terminal = state_.tables->terminals.Find(key.terminal)};
  PUHUI_CHECK(till.terminal != nullptr);
  till.merchant_number = till.terminal->merchant;
  till.merchant = state_.tables->merchants.Find(till.merchant_number);
  PUHUI_CHECK(till.merchant != nullptr);
  till.record.set_merchant(static_cast<std::uint32_t>(till.merchant_number));
  till.record.set_terminal(static_cast<std::uint32_t>(till.terminal_number));
  till.record.set_batch_number(key.batch_number);
  till.record.set_trace_number(key.trace_number);
  till.record.set_local_time_micros(absl::ToUnixMicros(local_time));
  return till;
}

absl::optional<Refusal> TillCommand::CheckCallIsNew(const Till& till) {
  const TillRow* known =
      state_.tables->FindCall({till.terminal_number, call_.batch_number, call_.trace_number});
  const bool buried =
      (known != nullptr && known->outcome == TillOutcome::kTombstone) ||
      (request.has_value() && state_.tables->tombstones.Find(state_.views->RequestKey(
                                  request->caller, request->request_id)) != nullptr);
  if (buried) {
    return Refusal{.reason = Reason::kReversedBeforeArrival,
                   .message = "the till reversed this call before it arrived"};
  }
  if (known != nullptr) {
    return Refusal{.reason = Reason::kTraceNumberUsed,
                   .field = "till.trace_number",
                   .message = "the terminal used this trace number in this batch"};
  }
  return absl::nullopt;
}

absl::optional<Refusal> TillCommand::CheckTerminal(const Till& till) {
  if (till.terminal->state == TerminalState::kActive) return absl::nullopt;
  return Refusal{.reason = Reason::kTerminalNotActive,
                 .message = "the terminal is blocked or retired"};
}

absl::optional<Refusal> TillCommand::CheckMerchant(const Till& till) {
  return RefuseMerchant(till.merchant->state);
}

absl::optional<Refusal> TillCommand::CheckBatch(const Till& till) const {
  const BatchRow* batch =
      state_.tables->batches.Find({till.terminal_number, till.record.batch_number()});
  if (batch == nullptr || batch->closed == 0) return absl::nullopt;
  return Refusal{.reason = Reason::kBatchClosed,
                 .field = "till.batch_number",
                 .message = "the batch was closed"};
}

absl::optional<Refusal> TillCommand::CheckLines(const Till& till,
                                                const std::vector<ledger::BasketLine>& lines,
                                                absl::Time now) const {
  if (lines.empty()) return absl::nullopt;
  const StoreRow* store = state_.tables->stores.Find({till.merchant_number, till.terminal->store});
  PUHUI_CHECK(store != nullptr);
  return RefuseLines(lines, *till.merchant, store->region, now);
}

absl::optional<Refusal> RefundCommand::CheckRefunds(const MerchantRow& merchant, absl::Time now) {
  if (!IsPastRefunds(merchant, now)) return absl::nullopt;
  return Refusal{.reason = Reason::kMerchantNotActive,
                 .message = "the merchant was closed too long ago to give anything back"};
}

absl::optional<Refusal> SpendCommand::FindWallet(const Till& till, absl::Time now,
                                                 const ledger::Wallet** wallet) {
  if (auto refusal = payer_.Find(*state_.tables, *state_.views, till.terminal_number, now)) {
    return refusal;
  }
  if (auto refusal = FindOffer(till)) return refusal;
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckParties(till, now, wallet)) return refusal;
  return CheckBatch(till);
}

absl::optional<Refusal> SpendCommand::FindOffer(const Till& till) {
  if (wish_.offer == OfferNumber{}) return absl::nullopt;
  const OfferRow* offer = state_.tables->offers.Find(wish_.offer);
  offer_found_ = offer != nullptr && offer->merchant == till.merchant_number;
  if (offer_found_) return absl::nullopt;
  return Refusal{.reason = Reason::kOfferNotFound,
                 .field = "offer",
                 .message = "the merchant has no such offer"};
}

absl::optional<Refusal> SpendCommand::CheckParties(const Till& till, absl::Time now,
                                                   const ledger::Wallet** wallet) {
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckMerchant(till)) return refusal;
  return payer_.Check(*state_.tables, *state_.views, now, wallet);
}

absl::optional<Refusal> SpendCommand::CheckLimits(const Till& till, std::int64_t points,
                                                  absl::Time now) {
  limit_ = FindLimit(*state_.tables,
                     {.terminal = till.terminal_number,
                      .merchant = till.merchant_number,
                      .member = payer_.member(),
                      .card = payer_.card()},
                     Points::FromStored(points), now);
  if (!limit_.has_value()) return absl::nullopt;
  return RefuseLimit(limit_->subject, limit_->broken.window, limit_->broken.of_points);
}

ledger::Asked SpendCommand::AskedBy(const Till& till, const ledger::Wallet& wallet,
                                    absl::Time now) {
  const StoreRow* store = state_.tables->stores.Find({till.merchant_number, till.terminal->store});
  PUHUI_CHECK(store != nullptr);
  const ledger::Line line = LineAt({.merchant = till.merchant_number,
                                    .category = till.merchant->category,
                                    .region = store->region,
                                    .time_zone = store->time_zone},
                                   wallet, now);
  spent_ = ledger::SpentOn(wallet, line.day);
  return {.line = line, .spent = spent_};
}

void SpendCommand::Describe(jv1::Declined& declined) const {
  declined.set_points(wish_.points.value());
  payer_.Describe(declined);
  if (offer_found_) declined.set_offer(static_cast<std::uint32_t>(wish_.offer));
  if (!limit_.has_value()) return;
  jv1::LimitHit& hit = *declined.mutable_limit();
  hit.set_window(static_cast<std::uint32_t>(limit_->broken.window));
  hit.set_of_points(limit_->broken.of_points);
  hit.set_allowed(limit_->broken.allowed);
}

absl::optional<Refusal> PurchaseCommand::Carry(const Till& till,
                                               const ledger::DecideContext& context,
                                               ledger::Decision& decision) {
  const ledger::Wallet* wallet = nullptr;
  if (auto refusal = FindWallet(till, context.now, &wallet)) return refusal;
  return Buy(till, *wallet, context.now, decision);
}

absl::optional<Refusal> SpendCommand::Buy(const Till& till, const ledger::Wallet& wallet,
                                          absl::Time now, ledger::Decision& decision) {
  if (auto refusal = CheckLines(till, wish_.lines, now)) return refusal;
  const ledger::Asked asked = AskedBy(till, wallet, now);
  const DiscountedBill bill(state_, {.offer = wish_.offer,
                                     .points = wish_.points,
                                     .lines = LinesAt(asked.line, wish_.lines),
                                     .region = asked.line.region});
  if (auto refusal = bill.CheckState(now)) return refusal;
  const Charge charge = till.merchant->ChargeAt(now);
  auto chosen = ChooseBought(
      wallet, {.amount = bill.points(), .asked = asked, .accept_partial = wish_.accept_partial},
      bill.lines(), {.member = member(), .merchant = till.merchant_number, .fee_rate = charge.rate},
      *state_.views, [&](std::int64_t points) {
        auto refusal = bill.CheckRules(member());
        return refusal.has_value() ? refusal : CheckLimits(till, points, now);
      });
  if (const auto* refusal = absl::get_if<Refusal>(&chosen)) return *refusal;
  auto& payment = absl::get<Payment>(chosen);
  payment.lines = bill.WholeLines(std::move(payment.lines));
  jv1::Purchase& purchase = SaleWriter(state_.views, now, &decision)
                                .Sell(payment, charge, {.member = member(), .day = asked.line.day});
  *purchase.mutable_till() = till.record;
  if (payment.Points() < bill.points().value()) purchase.set_asked_points(bill.points().value());
  purchase.set_authorization_code(wish_.authorization_code);
  purchase.set_card_last_four(wallet.card_last_four);
  DescribePayer(purchase);
  bill.Describe(purchase);
  return absl::nullopt;
}

absl::optional<Refusal> RefundCommand::Carry(const Till& till, const ledger::DecideContext& context,
                                             ledger::Decision& decision) {
  const PurchaseRow* purchase = state_.tables->purchases.Find(purchase_);
  // What was ordered comes back as an order, and no till had it.
  const bool of_till = purchase != nullptr && purchase->terminal != TerminalNumber{};
  if (!of_till || purchase->merchant != till.merchant_number) {
    return Refusal{.reason = Reason::kNotFound,
                   .field = "purchase_reference",
                   .message = "this merchant made no such purchase"};
  }
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckRefunds(*till.merchant, context.now)) return refusal;
  if (purchase->state == PurchaseState::kReversed) {
    return Refusal{.reason = Reason::kPurchaseReversed, .message = "the purchase was reversed"};
  }
  if (auto refusal = CheckBatch(till)) return refusal;
  if (auto refusal = CheckAmount(*purchase, context.now)) return refusal;
  GiveBack back{.purchase = purchase, .points = points_.value(), .lines = lines_};
  const bool is_basket = !purchase->lines.empty();
  if (is_basket && lines_.empty()) back.lines = LinesToRefund(purchase->lines, points_.value());
  *SaleWriter(state_.views, context.now, &decision).Refund(back, purchase_).mutable_till() =
      till.record;
  return absl::nullopt;
}

absl::optional<Refusal> RefundCommand::CheckAmount(const PurchaseRow& purchase,
                                                   absl::Time now) const {
  const auto above = [](std::int64_t wanted, std::int64_t left) {
    return Refusal{.reason = Reason::kRefundAbovePurchase,
                   .field = "points",
                   .message = absl::StrCat("want ", wanted, " points, ", left,
                                           " of the purchase can be given back"),
                   .metadata = {{"available", absl::StrCat(left)}}};
  };
  const std::int64_t left = purchase.points - purchase.refunded;
  if (points_.value() > left) return above(points_.value(), left);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const LineRefund& wish = lines_[i];
    // Nothing can be given back of a line that there is not.
    std::int64_t line_left = 0;
    if (wish.line < purchase.lines.size()) {
      line_left = purchase.lines[wish.line].Paid() - purchase.lines[wish.line].refunded;
    }
    if (wish.points <= line_left) continue;
    Refusal refusal = above(wish.points, line_left);
    refusal.metadata.emplace_back("line", absl::StrCat(i));
    return refusal;
  }
  if (!IsPastRefunds(purchase, now)) return absl::nullopt;
  return Refusal{.reason = Reason::kRefundWindowClosed,
                 .message = "the purchase was made too long ago"};
}

void RefundCommand::Describe(jv1::Declined& declined) const {
  declined.set_points(points_.value());
}

}  // namespace puhui::merchant
