// SPDX-License-Identifier: Apache-2.0
// The second half: vouchers, codes from elsewhere, and all of it compared.
#include "ledger/storage/typed_reads.h"
#include "merchant/app/voucher_commands.h"
#include "tests/model/order_steps.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <memory>

namespace puhui::testing {

using ledger::Reason;
using merchant::OrderState;

namespace {

// What forbids that it is redeemed, or given on.
template <class Voucher>
Verdict WhyNot(const Voucher& voucher, absl::Time now) {
  if (voucher.redeemed) return Reason::kVoucherRedeemed;
  if (voucher.is_void) return Reason::kVoucherVoid;
  if (voucher.expiry <= now) return Reason::kVoucherExpired;
  return absl::nullopt;
}

}  // namespace

merchant::FreshVoucher OrderSteps::FreshOf(std::uint64_t digits) {
  return {.digits = TagOf(digits * 4 + 3), .sealed = "sealed"};
}

void OrderSteps::BringCodes() {
  const std::uint32_t number = AnyOffer();
  if (number == 0) return;
  Offer& offer = offers_[number];
  std::vector<std::uint64_t> codes;
  for (std::uint64_t i = 1 + desk_.random->Below(4); i > 0; --i) codes.push_back(++drawn_);
  const bool twice = desk_.random->Below(3) == 0;
  const auto outcome = desk_.run([=, this, merchant = offer.merchant] {
    merchant::AddVoucherCodesCommand::Wish wish{.merchant_id = absl::StrCat("m-", merchant),
                                                .offer = merchant::OfferNumber{number}};
    for (const std::uint64_t code : codes) {
      wish.codes.push_back({.hash = TagOf(code * 4 + 2), .sealed = "sealed"});
    }
    if (twice) wish.codes.push_back(wish.codes.front());
    return std::make_unique<merchant::AddVoucherCodesCommand>(&desk_.ledger->merchant(),
                                                              std::move(wish));
  });
  if (!desk_.expect(offer.external ? Verdict() : Reason::kOrderNotOffered, outcome)) return;
  EXPECT_EQ(outcome->first().voucher_codes_added().known(), twice ? 1U : 0U);
  offer.codes += static_cast<std::uint32_t>(codes.size());
  offer.available = offer.codes - offer.given;
}

// Mostly digits that there are, at whatever till.
void OrderSteps::Redeem() {
  const Sequence number = desk_.random->Below(4) == 0 ? AnyOrder() : AnyVoucher();
  if (number == 0) return;
  Order& order = orders_[number];
  const bool has_one = order.voucher.has_value() && order.voucher->digits != 0;
  if (!has_one) return;
  MarketModel::TillCall call = desk_.any_call();
  if (desk_.random->Below(6) != 0) {
    const std::uint32_t seller = offers_[order.offer].merchant;
    std::get<0>(call.keys) = seller * 2 - static_cast<std::uint32_t>(desk_.random->Below(2));
  }
  if (!RedeemAt(call, order.voucher->digits, &order)) return;
  order.voucher->redeemed = true;
  order.state = OrderState::kFulfilled;
}

// One after the other at a till, digits that are no voucher's; now and then too many of them.
void OrderSteps::GuessVouchers() {
  const std::uint32_t terminal = std::get<0>(desk_.any_call().keys);
  for (std::uint64_t left = 1 + desk_.random->Below(12); left > 0; --left) {
    MarketModel::TillCall call = desk_.any_call();
    std::get<0>(call.keys) = terminal;
    RedeemAt(call, ++drawn_, nullptr);
  }
}

bool OrderSteps::RedeemAt(MarketModel::TillCall call, std::uint64_t digits, const Order* order) {
  const merchant::TillCall till = desk_.call_of(call);
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::RedeemVoucherCommand>(desk_.state(), till,
                                                            FreshOf(digits).digits);
  });
  EXPECT_OK(outcome);
  if (!outcome.ok()) return false;
  call.sequence = outcome->first().sequence();
  call.now = absl::FromUnixMicros(outcome->first().time_micros());
  const MarketModel::Terminal& terminal = desk_.model->terminals.at(std::get<0>(call.keys));
  const bool is_known = order != nullptr && terminal.merchant == offers_.at(order->offer).merchant;
  Verdict voucher;
  if (is_known) {
    voucher = WhyNot(*order->voucher, call.now);
    // The second terminal stands at the second store.
    const std::uint32_t here = terminal.region == 0 ? 1 : 2;
    const bool elsewhere = order->store != 0 && order->store != here;
    if (!voucher.has_value() && elsewhere) voucher = Reason::kVoucherOtherStore;
  }
  return desk_.expect(desk_.model->RedeemVoucher(call, is_known, voucher), outcome);
}

void OrderSteps::Transfer() {
  const Sequence number = desk_.random->Below(8) == 0 ? AnyOrder() : AnyVoucher();
  const absl::optional<MemberId> to = desk_.any_member();
  if (number == 0 || !to.has_value()) return;
  Order& order = orders_[number];
  const bool has_one = order.voucher.has_value() && order.voucher->digits != 0;
  const MemberId from = has_one && desk_.random->Below(5) != 0 ? order.voucher->holder : *to;
  Verdict expected;
  if (!has_one || order.voucher->holder != from) {
    expected = Reason::kNotFound;
  } else if (desk_.model->members.at(*to).standing != MarketModel::Standing::kActive) {
    expected = Reason::kMemberNotActive;
  } else {
    expected = WhyNot(*order.voucher, desk_.now());
    const bool may = offers_[order.offer].transferable;
    if (!expected.has_value() && !may) expected = Reason::kVoucherNotTransferable;
  }
  const std::uint64_t digits = ++drawn_;
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::TransferVoucherCommand>(
        desk_.state(),
        merchant::TransferVoucherCommand::Wish{
            .order = number, .holder = from, .recipient = *to, .voucher = FreshOf(digits)});
  });
  if (!desk_.expect(expected, outcome)) return;
  order.voucher->digits = digits;
  order.voucher->holder = *to;
}

void OrderSteps::Compare() {
  NoteLapsed();
  const ledger::Readable& store = desk_.ledger->store();
  for (const auto& [number, expected] : offers_) {
    const merchant::OfferNumber offer{number};
    const auto stock = ledger::Find(store, merchant::kOfferStockTable, offer);
    ASSERT_OK(stock);
    ASSERT_TRUE(stock->has_value());
    EXPECT_GE((*stock)->available, 0);
    EXPECT_EQ((*stock)->available, expected.available);
    EXPECT_EQ((*stock)->sold, expected.sold);
    for (const auto& [member, uses] : expected.uses) {
      const auto row =
          ledger::Find(store, merchant::kOfferUseTable, merchant::OfferUseKey{offer, member});
      ASSERT_OK(row);
      EXPECT_EQ(row->value_or(0), uses);
    }
  }
  for (const auto& [number, expected] : orders_) {
    const auto row = ledger::Find(store, merchant::kOrderTable, number);
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->state, expected.state);
    EXPECT_EQ((*row)->returned, expected.returned);
    EXPECT_EQ((*row)->first_code, expected.first_code);
    EXPECT_EQ((*row)->store, StoreOf(expected.store));
    EXPECT_EQ((*row)->own_money.amount, expected.own_money);
    EXPECT_EQ((*row)->own_money.currency, expected.own_money == 0 ? "" : "CNY");
    EXPECT_EQ((*row)->own_money.tender, expected.own_money == 0 ? "" : "WECHAT");
    ASSERT_EQ((*row)->voucher.has_value(), expected.voucher.has_value());
    if (!expected.voucher.has_value()) continue;
    const merchant::OrderVoucher& voucher = *(*row)->voucher;
    EXPECT_EQ(voucher.holder, expected.voucher->holder);
    EXPECT_EQ(voucher.state == merchant::VoucherState::kRedeemed, expected.voucher->redeemed);
    EXPECT_EQ(voucher.state == merchant::VoucherState::kVoid, expected.voucher->is_void);
    if (expected.voucher->digits == 0) continue;
    const auto named =
        ledger::Find(store, merchant::kVoucherTable, FreshOf(expected.voucher->digits).digits);
    ASSERT_OK(named);
    EXPECT_EQ(named->value_or(0), number);
  }
}

}  // namespace puhui::testing
