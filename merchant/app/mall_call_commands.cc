// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/mall_call_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/spending.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

struct FoundMall {
  MerchantNumber merchant{};
  const MallRow* row = nullptr;
  TillKey key() const { return {row->terminal, 0, row->calls + 1}; }
};

absl::variant<FoundMall, Refusal> FindMall(Tables& tables, const MallCall& call) {
  const MerchantNumber* merchant = tables.merchant_ids.Find(call.merchant_id);
  const MallRow* row = merchant == nullptr ? nullptr : tables.malls.Find(*merchant);
  if (row == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "merchant", .message = "there is no such mall"};
  }
  return FoundMall{.merchant = *merchant, .row = row};
}

// Of a call that found its mall.
const MallRow& MallOf(Tables& tables, MerchantNumber merchant) {
  const MallRow* row = tables.malls.Find(merchant);
  PUHUI_CHECK(row != nullptr);
  return *row;
}

Refusal Used(const char* field) {
  return {.reason = Reason::kMallOrderUsed,
          .field = field,
          .message = "the mall used this number for something else"};
}

}  // namespace

absl::optional<MallWindow> FindMallLimit(const MallRow& mall, std::int64_t points, absl::Time now) {
  if (points > mall.limits.payment_max) return MallWindow::kPayment;
  if (points > mall.limits.day_max - mall.PaidOn(DayAtStore(now, ""))) return MallWindow::kDay;
  return absl::nullopt;
}

std::int64_t MostTaken(const MallRow& mall, absl::Time now) {
  const std::int64_t today = mall.limits.day_max - mall.PaidOn(DayAtStore(now, ""));
  return std::max<std::int64_t>(0, std::min(mall.limits.payment_max, today));
}

Refusal RefuseMallLimit(MallWindow window) {
  const bool of_day = window == MallWindow::kDay;
  return {.reason = Reason::kMallLimit,
          .field = "points",
          .message = of_day ? "the mall takes no more points today"
                            : "the mall takes no more points by one payment",
          .metadata = {{"window", of_day ? "DAY" : "PAYMENT"}}};
}

absl::optional<Refusal> RefuseMall(MallState state) {
  if (state == MallState::kActive) return absl::nullopt;
  return Refusal{.reason = Reason::kMallBlocked, .message = "the mall is blocked"};
}

absl::variant<TillCommand::Till, Refusal> LinkMallCommand::FindTill() {
  auto found = FindMall(*state_.tables, mall_call_);
  if (Refusal* unknown = absl::get_if<Refusal>(&found)) return std::move(*unknown);
  return TillOf(absl::get<FoundMall>(found).key(), mall_call_.time);
}

absl::optional<Refusal> LinkMallCommand::Carry(const Till& till,
                                               const ledger::DecideContext& context,
                                               ledger::Decision& decision) {
  Tables& tables = *state_.tables;
  if (auto refusal = payer_.Find(tables, *state_.views, till.terminal_number, context.now)) {
    return refusal;
  }
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckMerchant(till)) return refusal;
  const ledger::Wallet* wallet = nullptr;
  if (auto refusal = payer_.Check(tables, *state_.views, context.now, &wallet)) return refusal;
  if (auto refusal = RefuseMall(MallOf(tables, till.merchant_number).state)) return refusal;
  const MemberMalls* own = tables.member_malls.Find(payer_.member());
  const bool again = own != nullptr && std::any_of(own->links.begin(), own->links.end(),
                                                   [&till](const MallLink& link) {
                                                     return link.merchant == till.merchant_number;
                                                   });
  if (own != nullptr && !again && own->links.size() >= kMallsPerMemberMax) {
    return Refusal{.reason = Reason::kMallLinksLimit,
                   .message = absl::StrCat("a member links at most ", kMallsPerMemberMax, " malls"),
                   .metadata = {{"malls_max", absl::StrCat(kMallsPerMemberMax)}}};
  }
  jv1::MallLinked& linked = *decision.Add().mutable_mall_linked();
  *linked.mutable_till() = till.record;
  linked.set_member(payer_.member().ToBytes());
  payer_.Describe(linked);
  linked.set_nonce(token_.nonce);
  linked.set_token_hash(std::string(ledger::TagBytes(token_.hash)));
  return absl::nullopt;
}

MallPayCommand::MallPayCommand(TillState state, MallCall call, Payment payment)
    : SpendCommand(state, payment.member),
      mall_call_(std::move(call)),
      token_(payment.token),
      order_number_(std::move(payment.order_number)) {
  wish_.points = payment.points;
  wish_.lines = std::move(payment.lines);
  wish_.authorization_code = std::move(payment.authorization_code);
}

absl::variant<TillCommand::Till, Refusal> MallPayCommand::FindTill() {
  auto found = FindMall(*state_.tables, mall_call_);
  if (Refusal* unknown = absl::get_if<Refusal>(&found)) return std::move(*unknown);
  return TillOf(absl::get<FoundMall>(found).key(), mall_call_.time);
}

// A line that names no goods is of the merchant's category and the store's region. Neither ever
// changes, so what was paid tells what was asked.
bool MallPayCommand::IsSame(const Till& till, const MallOrderRow& order) const {
  if (order.token != token_ || order.points != wish_.points.value()) return false;
  const PurchaseRow* paid = state_.tables->purchases.Find(order.purchase);
  const StoreRow* store = state_.tables->stores.Find({till.merchant_number, till.terminal->store});
  PUHUI_CHECK(paid != nullptr && store != nullptr);
  ledger::Line place;
  place.category = till.merchant->category;
  place.region = store->region;
  const std::vector<ledger::BasketLine> asked = LinesAt(place, wish_.lines);
  return std::equal(paid->lines.begin(), paid->lines.end(), asked.begin(), asked.end(),
                    [](const PaidLine& line, const ledger::BasketLine& other) {
                      return line.category == other.category && line.region == other.region &&
                             line.points == other.points;
                    });
}

absl::optional<Refusal> MallPayCommand::Carry(const Till& till,
                                              const ledger::DecideContext& context,
                                              ledger::Decision& decision) {
  Tables& tables = *state_.tables;
  const MallOrderRow* order =
      tables.mall_orders.Find({till.merchant_number, MallOrderKind::kPayment, order_number_});
  // Whatever has happened since: a copy of a call is answered as the call was.
  if (order != nullptr && IsSame(till, *order)) return absl::nullopt;
  const MallLinkRow* link = tables.mall_tokens.Find(token_);
  if (link == nullptr || link->merchant != till.merchant_number || link->member != member()) {
    return Refusal{.reason = Reason::kMallLinkUnknown,
                   .field = "member_token",
                   .message = "the token names nobody who has linked this mall"};
  }
  if (order != nullptr) return Used("order_number");
  const ledger::Wallet* wallet = nullptr;
  if (auto refusal = CheckParties(till, context.now, &wallet)) return refusal;
  if (auto refusal = CheckLines(till, wish_.lines, context.now)) return refusal;
  if (auto refusal = RefuseMall(MallOf(tables, till.merchant_number).state)) return refusal;
  if (auto refusal = Buy(till, *wallet, context.now, decision)) return refusal;
  jv1::Purchase& purchase = *decision.records().front()->mutable_entry()->mutable_purchase();
  purchase.set_mall_order(order_number_);
  // A mall learns of no card: neither by an answer, nor from its merchant's statements.
  purchase.clear_card_last_four();
  return absl::nullopt;
}

absl::optional<Refusal> MallPayCommand::CheckLimits(const Till& till, std::int64_t points,
                                                    absl::Time now) {
  limit_ = FindMallLimit(MallOf(*state_.tables, till.merchant_number), points, now);
  if (limit_.has_value()) return RefuseMallLimit(*limit_);
  return SpendCommand::CheckLimits(till, points, now);
}

void MallPayCommand::Describe(jv1::Declined& declined) const {
  SpendCommand::Describe(declined);
  if (!limit_.has_value()) return;
  jv1::LimitHit& hit = *declined.mutable_limit();
  hit.set_of_points(true);
  if (*limit_ == MallWindow::kDay) hit.set_window(static_cast<std::uint32_t>(LimitWindow::kDay));
}

MallRefundCommand::MallRefundCommand(TillState state, MallCall call, Refund refund)
    : RefundCommand(state, TillCall(), refund.purchase, refund.points, refund.lines),
      mall_call_(std::move(call)),
      refund_(std::move(refund)) {}

absl::variant<TillCommand::Till, Refusal> MallRefundCommand::FindTill() {
  auto found = FindMall(*state_.tables, mall_call_);
  if (Refusal* unknown = absl::get_if<Refusal>(&found)) return std::move(*unknown);
  return TillOf(absl::get<FoundMall>(found).key(), mall_call_.time);
}

// Who names no lines leaves it to us where points go back to, and that is where they went. The
// order of lines says nothing: each is named once.
bool MallRefundCommand::IsSame(const MallOrderRow& known) const {
  if (known.purchase != refund_.purchase || known.points != refund_.points.value()) return false;
  return refund_.lines.empty() || std::is_permutation(refund_.lines.begin(), refund_.lines.end(),
                                                      known.lines.begin(), known.lines.end());
}

absl::optional<Refusal> MallRefundCommand::Carry(const Till& till,
                                                 const ledger::DecideContext& context,
                                                 ledger::Decision& decision) {
  Tables& tables = *state_.tables;
  const MallOrderRow* order = tables.mall_orders.Find(
      {till.merchant_number, MallOrderKind::kPayment, refund_.order_number});
  if (order == nullptr || order->purchase != refund_.purchase) {
    return Refusal{.reason = Reason::kNotFound,
                   .field = "order_number",
                   .message = "nothing was paid for such an order"};
  }
  const MallOrderRow* known = tables.mall_orders.Find(
      {till.merchant_number, MallOrderKind::kRefund, refund_.refund_number});
  if (known != nullptr) {
    return IsSame(*known) ? absl::nullopt : absl::make_optional(Used("refund_number"));
  }
  if (auto refusal = RefundCommand::Carry(till, context, decision)) return refusal;
  jv1::Refund& refund = *decision.records().front()->mutable_entry()->mutable_refund();
  refund.set_mall_refund(refund_.refund_number);
  refund.set_mall_order(refund_.order_number);
  return absl::nullopt;
}

}  // namespace puhui::merchant
