// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/place_order_command.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/core/spending_order.h"
#include "ledger/core/terms.h"
#include "merchant/app/business_days.h"
#include "merchant/app/limits.h"
#include "merchant/app/offers.h"
#include "merchant/app/sale_entries.h"
#include "merchant/app/spending.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <vector>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

// An order of which the voucher would be over sooner is waited for no longer than that.
absl::Duration LifetimeOf(const OfferContent& offer, bool has_voucher, absl::Time now) {
  if (!has_voucher) return kOrderLifetime;
  return std::max(kAuthorizationLifetimeMin,
                  std::min(kOrderLifetime, VoucherExpiry(offer, now) - now));
}

// No till: the merchant alone.
void SetMerchant(MerchantNumber merchant, jv1::Till& till) {
  till.set_merchant(static_cast<std::uint32_t>(merchant));
}

}  // namespace

PlaceOrderCommand::PlaceOrderCommand(TillState state, Wish wish)
    : state_(state), wish_(std::move(wish)) {
  PUHUI_CHECK(wish_.quantity >= 1 && wish_.quantity <= kOrderQuantityMax);
}

absl::optional<Refusal> PlaceOrderCommand::Decide(const ledger::DecideContext& context,
                                                  ledger::Decision& decision) {
  const auto found = FindDeal(context.now);
  if (const auto* refusal = absl::get_if<Refusal>(&found)) return *refusal;
  const Deal& deal = absl::get<Deal>(found);
  const MerchantNumber merchant = deal.offer->merchant;
  const bool at_once = wish_.fulfilment == FulfilmentKind::kECoupon;
  if (auto refusal =
          at_once ? Sell(deal, context.now, decision) : Hold(deal, context.now, decision)) {
    return refusal;
  }
  AssignBusinessDay(*state_.tables, merchant, state_.merchant_zone, context.now,
                    *decision.records().front()->mutable_entry());
  return absl::nullopt;
}

void PlaceOrderCommand::StorePersonalData() {
  if (wish_.address.has_value()) KeepAddress(wish_.member, *wish_.address, *state_.tables);
  if (gives_voucher_) state_.tables->voucher_digits.Put(wish_.voucher.digits, wish_.voucher.sealed);
}

absl::variant<PlaceOrderCommand::Deal, Refusal> PlaceOrderCommand::FindDeal(absl::Time now) {
  Tables& tables = *state_.tables;
  Deal deal{.offer = tables.offers.Find(wish_.offer),
            .wallet = state_.views->wallets.Find(wish_.member)};
  if (deal.wallet == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "parent", .message = "there is no such member"};
  }
  if (deal.offer != nullptr && !wish_.store.empty()) {
    deal.store = tables.stores.Find({deal.offer->merchant, wish_.store});
    if (deal.store == nullptr) {
      return Refusal{.reason = Reason::kNotFound,
                     .field = "store",
                     .message = "the merchant of the offer has no such store"};
    }
  }
  if (deal.offer == nullptr) {
    return Refusal{
        .reason = Reason::kOfferNotFound, .field = "offer", .message = "there is no such offer"};
  }
  deal.merchant = tables.merchants.Find(deal.offer->merchant);
  PUHUI_CHECK(deal.merchant != nullptr);
  if (auto refusal = CheckState(deal, now)) return *std::move(refusal);
  const auto points = Points::FromRequest(deal.offer->content.price * wish_.quantity, "quantity");
  if (!points.ok()) {
    return Refusal{.reason = Reason::kAmountOverflow,
                   .field = "quantity",
                   .message = "that is more points than there may be"};
  }
  deal.points = *points;
  return deal;
}

absl::optional<Refusal> PlaceOrderCommand::CheckState(const Deal& deal, absl::Time now) const {
  if (auto refusal = RefuseMerchant(deal.merchant->state)) return refusal;
  if (auto refusal = RefuseSpender(deal.wallet->state, ledger::CardState::kActive)) return refusal;
  if (auto refusal = CheckOffered(deal)) return refusal;
  if (auto refusal = RefuseOfferState(*deal.offer)) return refusal;
  auto refusal = RefuseOfferVersion(*deal.offer, wish_.version);
  if (refusal.has_value()) {
    refusal->metadata.emplace_back("points", absl::StrCat(deal.offer->content.price));
  } else {
    refusal = RefuseOfferTime(*deal.offer, now);
  }
  if (!refusal.has_value()) return absl::nullopt;
  const Audience& audience = deal.offer->content.audience;
  if (RefuseAudience(audience, wish_.member, *state_.profiles).has_value()) {
    // What the offer says now is for others to know.
    refusal->message = "the offer cannot be ordered so";
    refusal->metadata.clear();
  }
  return refusal;
}

absl::optional<Refusal> PlaceOrderCommand::CheckOffered(const Deal& deal) const {
  const OfferContent& offer = deal.offer->content;
  if (IsDiscount(offer.kind)) {
    return Refusal{.reason = Reason::kOrderNotOffered,
                   .field = "offer",
                   .message = "the offer takes something off a bill; it is not ordered"};
  }
  const auto& ways = offer.fulfilments;
  if (std::find(ways.begin(), ways.end(), wish_.fulfilment) == ways.end()) {
    return Refusal{.reason = Reason::kOrderNotOffered,
                   .field = "fulfilment",
                   .message = "the offer is not had in this way"};
  }
  const bool is_good_there = deal.store == nullptr || offer.regions.empty() ||
                             ledger::TakesIn(offer.regions, deal.store->region);
  if (is_good_there) return absl::nullopt;
  return Refusal{.reason = Reason::kOrderNotOffered,
                 .field = "store",
                 .message = "the offer is not good where the store is"};
}

absl::optional<Refusal> PlaceOrderCommand::CheckRules(const Deal& deal, std::int64_t points,
                                                      absl::Time now) {
  Tables& tables = *state_.tables;
  if (auto refusal = RefuseAudience(deal.offer->content.audience, wish_.member, *state_.profiles)) {
    return refusal;
  }
  if (auto refusal = RefuseUses(tables, wish_.offer, *deal.offer, wish_.member, wish_.quantity)) {
    return refusal;
  }
  const auto limit = FindLimit(tables, {.merchant = deal.offer->merchant, .member = wish_.member},
                               Points::FromStored(points), now);
  if (limit.has_value()) {
    return RefuseLimit(limit->subject, limit->broken.window, limit->broken.of_points);
  }
  const MemberAddresses* kept =
      wish_.address.has_value() ? tables.delivery_addresses.Find(wish_.member) : nullptr;
  if (kept != nullptr && kept->waiting.size() >= kOrderAddressesMax) {
    return Refusal{.reason = Reason::kOrderAddressesLimit,
                   .message = absl::StrCat("of a member's orders at most ", kOrderAddressesMax,
                                           " wait to be delivered")};
  }
  return CheckStock(deal.offer->content);
}

absl::optional<Refusal> PlaceOrderCommand::CheckStock(const OfferContent& offer) {
  const std::int64_t available = AvailableOf(offer, state_.tables->offer_stocks.Find(wish_.offer),
                                             state_.tables->offer_code_counts.Find(wish_.offer));
  if (available >= wish_.quantity) return absl::nullopt;
  return Refusal{.reason = Reason::kOutOfStock,
                 .field = "quantity",
                 .message = absl::StrCat("want ", wish_.quantity, ", there are ", available),
                 .metadata = {{"available", absl::StrCat(available)}}};
}

namespace {

// What the lots are asked to pay for. Borrows what was spent under caps.
struct Question {
  ledger::Line line{};
  std::vector<ledger::SpentToday> spent{};

  Question(const SellingPlace& place, const ledger::Wallet& wallet, absl::Time now)
      : line(LineAt(place, wallet, now)), spent(ledger::SpentOn(wallet, line.day)) {}
};

SellingPlace PlaceOf(const OfferRow& offer, const MerchantRow& merchant, const StoreRow* store) {
  SellingPlace place{.merchant = offer.merchant, .category = merchant.category};
  if (store != nullptr) {
    place.region = store->region;
    place.time_zone = store->time_zone;
  }
  return place;
}

}  // namespace

absl::optional<Refusal> PlaceOrderCommand::Hold(const Deal& deal, absl::Time now,
                                                ledger::Decision& decision) {
  const OfferContent& offer = deal.offer->content;
  const Question question(PlaceOf(*deal.offer, *deal.merchant, deal.store), *deal.wallet, now);
  const auto chosen = ChooseHeld(
      *deal.wallet, {.amount = deal.points, .asked = {question.line, question.spent}}, {},
      *state_.views, [&](std::int64_t points) { return CheckRules(deal, points, now); });
  if (const auto* refusal = absl::get_if<Refusal>(&chosen)) return *refusal;
  const bool has_voucher = HasVoucher(offer);
  jv1::Authorization& held =
      SaleWriter(state_.views, now, &decision)
          .Hold(absl::get<Reserved>(chosen), {.member = wish_.member, .day = question.line.day});
  SetMerchant(deal.offer->merchant, *held.mutable_till());
  held.set_authorization_code(wish_.authorization_code);
  held.set_expire_time_micros(
      absl::ToUnixMicros(ExpiryOfAuthorization(now, LifetimeOf(offer, has_voucher, now))));
  Describe(deal, now, *held.mutable_order_placed());
  return absl::nullopt;
}

absl::optional<Refusal> PlaceOrderCommand::Sell(const Deal& deal, absl::Time now,
                                                ledger::Decision& decision) {
  const Question question(PlaceOf(*deal.offer, *deal.merchant, deal.store), *deal.wallet, now);
  const Charge charge = deal.merchant->ChargeAt(now);
  const auto chosen = ChooseBought(
      *deal.wallet, {.amount = deal.points, .asked = {question.line, question.spent}}, {},
      {.member = wish_.member, .merchant = deal.offer->merchant, .fee_rate = charge.rate},
      *state_.views, [&](std::int64_t points) { return CheckRules(deal, points, now); });
  if (const auto* refusal = absl::get_if<Refusal>(&chosen)) return *refusal;
  gives_voucher_ = HasVoucher(deal.offer->content);
  if (gives_voucher_ && state_.tables->vouchers.Find(wish_.voucher.digits) != nullptr) {
    return Refusal{.reason = Reason::kUnavailable, .message = "the digits are taken; try again"};
  }
  jv1::Purchase& sale = SaleWriter(state_.views, now, &decision)
                            .Sell(absl::get<Payment>(chosen), charge,
                                  {.member = wish_.member, .day = question.line.day});
  SetMerchant(deal.offer->merchant, *sale.mutable_till());
  sale.set_authorization_code(wish_.authorization_code);
  Describe(deal, now, *sale.mutable_order_placed());
  return absl::nullopt;
}

bool PlaceOrderCommand::HasVoucher(const OfferContent& offer) const {
  switch (wish_.fulfilment) {
    case FulfilmentKind::kPickUp:
      return true;
    case FulfilmentKind::kECoupon:
      return !offer.external_codes;
    case FulfilmentKind::kDelivery:
      return false;
  }
  return false;
}

void PlaceOrderCommand::Describe(const Deal& deal, absl::Time now, jv1::OrderPlaced& placed) {
  const OfferContent& offer = deal.offer->content;
  placed.set_offer(static_cast<std::uint32_t>(wish_.offer));
  placed.set_version(deal.offer->version);
  placed.set_quantity(wish_.quantity);
  placed.set_unit_points(offer.price);
  placed.set_fulfilment(static_cast<std::uint32_t>(wish_.fulfilment));
  placed.set_store(wish_.store);
  if (wish_.own_money.amount != 0) {
    jv1::OwnMoney& own = *placed.mutable_own_money();
    own.set_amount(wish_.own_money.amount);
    own.set_currency(wish_.own_money.currency);
    own.set_tender(wish_.own_money.tender);
  }
  if (wish_.address.has_value()) {
    placed.set_address(std::string(ledger::TagBytes(wish_.address->id)));
  }
  if (HasVoucher(offer)) {
    jv1::OrderVoucher& voucher = *placed.mutable_voucher();
    voucher.set_expire_time_micros(absl::ToUnixMicros(VoucherExpiry(offer, now)));
    voucher.set_transferable(offer.transferable);
    if (gives_voucher_) {
      voucher.set_digits_hash(std::string(ledger::TagBytes(wish_.voucher.digits)));
    }
  } else if (wish_.fulfilment == FulfilmentKind::kECoupon) {
    const OfferCodeCounts* codes = state_.tables->offer_code_counts.Find(wish_.offer);
    placed.set_first_code((codes == nullptr ? 0 : codes->given) + 1);
  }
}

}  // namespace puhui::merchant
