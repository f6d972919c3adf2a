// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/offer_queries.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/order_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;

class VoucherTest : public OrderTest {
 protected:
  VoucherTest() {
    AddLot(1'000, absl::Hours(24 * 1'000));
    OfferContent content = Item(100, {FulfilmentKind::kPickUp, FulfilmentKind::kECoupon});
    content.voucher_days = 7;
    content.transferable = true;
    offer_ = Offer(content, 9);
  }
  // An order that waits to be picked up.
  Sequence Waiting(std::uint32_t quantity = 1) {
    const Sequence order = Ordered(WishFor(offer_, quantity));
    PUHUI_CHECK_OK(Accept(ByMerchant(order)).status());
    return order;
  }
  // A call of the other merchant's till.
  TillCall OtherMerchant() {
    TillCall call = NextCall();
    call.merchant_id = "m-2";
    return call;
  }
  absl::Time BlockedUntil() {
    const Guesses* guesses = tables_.voucher_guesses.Find(TerminalNumber{1});
    return guesses == nullptr ? absl::UnixEpoch() : guesses->blocked_until;
  }

  OfferNumber offer_{};
};

TEST_F(VoucherTest, RedeemingHandsOutWhatWasOrderedOnce) {
  const Sequence order = Waiting(3);
  ASSERT_OK(Return(ByMerchant(order), 1));
  const ledger::Tag digits = DigitsOf(order);
  const auto redeemed = Redeem(NextCall(), digits);
  ASSERT_OK(redeemed);
  ASSERT_TRUE(redeemed->first().has_voucher_redeemed());
  EXPECT_EQ(redeemed->first().voucher_redeemed().quantity(), 2U);
  EXPECT_EQ(Order(order).state, OrderState::kFulfilled);
  EXPECT_EQ(Order(order).voucher->state, VoucherState::kRedeemed);
  EXPECT_EQ(tables_.batches.Find({TerminalNumber{1}, 1})->totals, BatchTotals());
  EXPECT_FALSE(vault_.ReadDigits(ledger_.store(), digits).ok());
  EXPECT_THAT(Redeem(NextCall(), digits), Declines(Reason::kVoucherRedeemed));
  EXPECT_THAT(Redeem(NextCall("t-2"), digits), Declines(Reason::kVoucherRedeemed));
  ExpectFoldsAlike(ledger_);
}

TEST_F(VoucherTest, ARepeatedRedemptionIsTheSame) {
  const ledger::Tag digits = DigitsOf(Waiting());
  const TillCall call = NextCall();
  RedeemVoucherCommand first(OrderState(), call, digits);
  RedeemVoucherCommand again(OrderState(), call, digits);
  const auto redeemed = Submit(first, 77);
  const auto repeated = Submit(again, 77);
  ASSERT_OK(redeemed);
  ASSERT_OK(repeated);
  EXPECT_EQ(redeemed->first().sequence(), repeated->first().sequence());
}

TEST_F(VoucherTest, AnotherMerchantDoesNotLearnThatAVoucherExists) {
  const ledger::Tag digits = DigitsOf(Waiting());
  const auto here = Redeem(OtherMerchant(), digits);
  const auto nowhere = Redeem(OtherMerchant(), testing::TagOf(1));
  ASSERT_OK(here);
  ASSERT_OK(nowhere);
  EXPECT_THAT(here, Declines(Reason::kVoucherUnknown));
  EXPECT_THAT(nowhere, Declines(Reason::kVoucherUnknown));
  EXPECT_EQ(here->first().declined().order(), 0U);
  // It counts as any guess does.
  const TerminalNumber other = *tables_.terminal_ids.Find({MerchantNumber{2}, "t-1"});
  EXPECT_EQ(tables_.voucher_guesses.Find(other)->lately.size(), 2U);
  EXPECT_OK(Redeem(NextCall(), digits));
}

TEST_F(VoucherTest, ATerminalThatGuessesIsBlocked) {
  const ledger::Tag digits = DigitsOf(Waiting());
  for (std::size_t i = 1; i < kWrongVouchersMax; ++i) {
    EXPECT_THAT(Redeem(NextCall(), testing::TagOf(i)), Declines(Reason::kVoucherUnknown));
  }
  EXPECT_EQ(BlockedUntil(), absl::UnixEpoch());
  EXPECT_THAT(Redeem(NextCall(), testing::TagOf(99)), Declines(Reason::kVoucherUnknown));
  EXPECT_GE(BlockedUntil(), ledger_.clock().Now() + kWrongVouchersBlock);
  EXPECT_THAT(Redeem(NextCall(), digits), Declines(Reason::kVouchersBlocked));
  EXPECT_OK(Redeem(NextCall("t-2"), digits));
  // Payment codes and cards are counted apart.
  EXPECT_EQ(tables_.code_guesses.Find(TerminalNumber{1}), nullptr);
  EXPECT_EQ(tables_.card_guesses.Find(TerminalNumber{1}), nullptr);
  ledger_.clock().Advance(kWrongVouchersBlock + absl::Seconds(1));
  EXPECT_THAT(Redeem(NextCall(), digits), Declines(Reason::kVoucherRedeemed));
  ExpectFoldsAlike(ledger_);
}

TEST_F(VoucherTest, ADayOfGuessesIsBounded) {
  for (std::uint32_t i = 0; i < kWrongVouchersPerDayMax; ++i) {
    ASSERT_THAT(Redeem(NextCall(), testing::TagOf(i + 1)), Declines(Reason::kVoucherUnknown));
    ledger_.clock().Advance(absl::Minutes(10));
  }
  EXPECT_THAT(Redeem(NextCall(), testing::TagOf(99)), Declines(Reason::kVouchersBlocked));
  EXPECT_GT(BlockedUntil(), ledger_.clock().Now() + absl::Hours(20));
}

TEST_F(VoucherTest, AVoucherIsGoodForItsDaysAndNoLonger) {
  const Sequence order = Waiting();
  const absl::Time expiry = Order(order).voucher->expiry;
  ledger_.clock().Set(expiry - absl::Seconds(1));
  const Sequence other = Waiting();
  EXPECT_GT(Order(other).voucher->expiry, expiry);
  ledger_.clock().Set(expiry);
  EXPECT_THAT(Redeem(NextCall(), DigitsOf(order)), Declines(Reason::kVoucherExpired));
  EXPECT_THAT(Transfer(order, kBuyer, kFriend), Refuses(Reason::kVoucherExpired));
  EXPECT_OK(Redeem(NextCall(), DigitsOf(other)));
  // Its merchant still gives the points back.
  EXPECT_OK(Cancel(ByMerchant(order)));
}

TEST_F(VoucherTest, AVoucherGoesWithItsOrder) {
  const Sequence order = Waiting();
  const ledger::Tag digits = DigitsOf(order);
  ASSERT_OK(Cancel(ByMerchant(order)));
  EXPECT_THAT(Redeem(NextCall(), digits), Declines(Reason::kVoucherVoid));
  EXPECT_THAT(Transfer(order, kBuyer, kFriend), Refuses(Reason::kVoucherVoid));
}

TEST_F(VoucherTest, WhatWasPickedUpMayComeBack) {
  const Sequence order = Waiting(2);
  ASSERT_OK(Redeem(NextCall(), DigitsOf(order)));
  ASSERT_OK(Return(ByMerchant(order), 2));
  EXPECT_EQ(Order(order).state, OrderState::kReturned);
  EXPECT_EQ(Order(order).voucher->state, VoucherState::kRedeemed);
  EXPECT_EQ(InStock(offer_), 9);
}

TEST_F(VoucherTest, ItIsRedeemedAtTheStoreWhereItWaits) {
  CreateStoreCommand store(
      &tables_, {.merchant = *MerchantId::Parse("m-1", "id"), .id = *StoreId::Parse("s-2", "id")});
  ASSERT_OK(ledger_.Run(store));
  Wish there = WishFor(offer_);
  there.store = "s-2";
  const Sequence order = Ordered(there);
  ASSERT_OK(Accept(ByMerchant(order)));
  EXPECT_THAT(Redeem(NextCall(), DigitsOf(order)), Declines(Reason::kVoucherOtherStore));
  // An e-coupon is good at every till of the merchant, unless it was bought at one store: only
  // there may points be good that paid for it.
  const Sequence anywhere = Ordered(WishFor(offer_, 1, FulfilmentKind::kECoupon));
  EXPECT_OK(Redeem(NextCall(), DigitsOf(anywhere)));
  there = WishFor(offer_, 1, FulfilmentKind::kECoupon);
  there.store = "s-2";
  EXPECT_THAT(Redeem(NextCall(), DigitsOf(Ordered(there))), Declines(Reason::kVoucherOtherStore));
}

TEST_F(VoucherTest, TheTillsOwnRulesHold) {
  const ledger::Tag digits = DigitsOf(Waiting());
  const TillCall used = NextCall();
  ASSERT_OK(Purchase(used, 1));
  EXPECT_THAT(Redeem(used, digits), Declines(Reason::kTraceNumberUsed));
  TillCall unknown = NextCall();
  unknown.terminal_id = "t-9";
  EXPECT_THAT(Redeem(unknown, digits), Refuses(Reason::kUnknownTerminal));
  tables_.batches.Edit({TerminalNumber{1}, 1}).closed = 1;
  EXPECT_THAT(Redeem(NextCall(), digits), Declines(Reason::kBatchClosed));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
  EXPECT_THAT(Redeem(NextCall(), digits), Declines(Reason::kMerchantNotActive));
  Block("t-1");
  EXPECT_THAT(Redeem(NextCall(), digits), Declines(Reason::kTerminalNotActive));
}

TEST_F(VoucherTest, ARedemptionIsNotReversed) {
  const ledger::Tag digits = DigitsOf(Waiting());
  const TillCall call = NextCall();
  RedeemVoucherCommand redeem(OrderState(), call, digits);
  ASSERT_OK(Submit(redeem, 77));
  // Whichever way it is named: that it never happened would be wrong.
  EXPECT_THAT(
      Reverse(NextCall(), {.batch_number = call.batch_number, .trace_number = call.trace_number}),
      Declines(Reason::kNotFound));
  EXPECT_THAT(Reverse(NextCall(), {.request_id = testing::RequestOf(77).request_id}),
              Declines(Reason::kNotFound));
  ExpectFoldsAlike(ledger_);
  // Undone before it arrived it does not come about.
  const ledger::Tag other = DigitsOf(Waiting());
  const TillCall late = NextCall();
  ASSERT_OK(
      Reverse(NextCall(), {.batch_number = late.batch_number, .trace_number = late.trace_number}));
  EXPECT_THAT(Redeem(late, other), Declines(Reason::kReversedBeforeArrival));
}

TEST_F(VoucherTest, WhoeverIsGivenAVoucherHasItAlone) {
  const Sequence order = Waiting();
  const ledger::Tag old = DigitsOf(order);
  EXPECT_THAT(Transfer(order, kFriend, kBuyer), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Transfer(order, kBuyer, MemberId(9, 9)), Refuses(Reason::kNotFound, "recipient"));
  ASSERT_OK(Transfer(order, kBuyer, kFriend));
  EXPECT_EQ(Order(order).voucher->holder, kFriend);
  EXPECT_THAT(Redeem(NextCall(), old), Declines(Reason::kVoucherUnknown));
  EXPECT_FALSE(vault_.ReadDigits(ledger_.store(), old).ok());
  EXPECT_THAT(Transfer(order, kBuyer, kFriend), Refuses(Reason::kNotFound));
  std::vector<Sequence> seen;
  ASSERT_OK(VisitOrdersOf(kFriend, ledger_.store(), 0,
                          [&](const FoundOrder& found) -> absl::StatusOr<bool> {
                            seen.push_back(found.number);
                            return true;
                          }));
  EXPECT_EQ(seen, (std::vector<Sequence>{order}));
  ASSERT_OK(Transfer(order, kFriend, kBuyer));
  EXPECT_OK(Redeem(NextCall(), DigitsOf(order)));
  ExpectFoldsAlike(ledger_);
}

TEST_F(VoucherTest, OnlyAnOfferThatSaysSoHasVouchersToGiveOn) {
  const OfferNumber own = Offer(100, 5);
  const Sequence order = Ordered(WishFor(own));
  // There is no voucher before it is accepted.
  EXPECT_THAT(Transfer(order, kBuyer, kFriend), Refuses(Reason::kNotFound));
  ASSERT_OK(Accept(ByMerchant(order)));
  EXPECT_THAT(Transfer(order, kBuyer, kFriend), Refuses(Reason::kVoucherNotTransferable));
  ledger_.views().wallets.Edit(kFriend).state = ledger::WalletState::kSuspended;
  EXPECT_THAT(Transfer(order, kBuyer, kFriend), Refuses(Reason::kMemberNotActive));
}

TEST_F(VoucherTest, ItKeepsTheTermsOfTheVersionThatWasOrdered) {
  const Sequence order = Ordered(WishFor(offer_));
  OfferContent narrower;
  narrower.kind = OfferKind::kItem;
  narrower.voucher_days = 1;
  UpdateOfferCommand update({.tables = &tables_, .merchant_zone = absl::UTCTimeZone()},
                            {.offer = offer_,
                             .fields = {.transferable = true, .voucher_days = true},
                             .content = narrower,
                             .person = "people/li-1"});
  ASSERT_OK(ledger_.Run(update));
  ASSERT_OK(Accept(ByMerchant(order)));
  EXPECT_OK(Transfer(order, kBuyer, kFriend));
  ledger_.clock().Advance(absl::Hours(24 * 3));
  const auto redeemed = Redeem(NextCall(), DigitsOf(order));
  ASSERT_OK(redeemed);
  EXPECT_TRUE(redeemed->first().has_voucher_redeemed());
}

class VoucherCodesTest : public OrderTest {
 protected:
  VoucherCodesTest() {
    AddLot(1'000, absl::Hours(24 * 1'000));
    OfferContent content = Item(10, {FulfilmentKind::kECoupon});
    content.external_codes = true;
    offer_ = Offer(content, 0);
  }
  std::vector<std::string> CodesOf(Sequence order) {
    const OrderRow row = Order(order);
    return *vault_.ReadCodes(ledger_.store(), {row.offer, row.first_code}, row.quantity);
  }

  OfferNumber offer_{};
};

TEST_F(VoucherCodesTest, EachCodeIsGivenOnceAndStockIsWhatIsLeft) {
  EXPECT_THAT(Place(WishFor(offer_, 1, FulfilmentKind::kECoupon)), Refuses(Reason::kOutOfStock));
  ASSERT_OK(Bring(offer_, {"AAA", "BBB", "CCC"}));
  EXPECT_EQ(InStock(offer_), 3);
  const Sequence first = Ordered(WishFor(offer_, 2, FulfilmentKind::kECoupon));
  EXPECT_EQ(CodesOf(first), (std::vector<std::string>{"AAA", "BBB"}));
  EXPECT_EQ(Order(first).state, OrderState::kFulfilled);
  EXPECT_FALSE(Order(first).voucher.has_value());
  EXPECT_THAT(Place(WishFor(offer_, 2, FulfilmentKind::kECoupon)), Refuses(Reason::kOutOfStock));
  // What comes back was seen: its points return, the codes do not.
  ASSERT_OK(Return(ByMerchant(first), 2));
  EXPECT_EQ(Available(), 1'000);
  EXPECT_EQ(InStock(offer_), 1);
  const Sequence second = Ordered(WishFor(offer_, 1, FulfilmentKind::kECoupon));
  EXPECT_EQ(CodesOf(second), (std::vector<std::string>{"CCC"}));
  ExpectFoldsAlike(ledger_);
}

TEST_F(VoucherCodesTest, ACodeThatWasBroughtBeforeIsLeftOut) {
  const auto first = Bring(offer_, {"AAA", "BBB", "AAA"});
  ASSERT_OK(first);
  EXPECT_EQ(first->first().voucher_codes_added().code_hashes().size(), 32U);
  EXPECT_EQ(first->first().voucher_codes_added().known(), 1U);
  OfferContent content = Item(10, {FulfilmentKind::kECoupon});
  content.external_codes = true;
  const OfferNumber other = Offer(content, 0);
  const auto second = Bring(other, {"BBB", "CCC"});
  ASSERT_OK(second);
  EXPECT_EQ(second->first().voucher_codes_added().known(), 1U);
  EXPECT_EQ(InStock(other), 1);
  for (const std::string& record : ledger_.Journal()) {
    EXPECT_EQ(record.find("CCC"), std::string::npos);
  }
}

TEST_F(VoucherCodesTest, OnlyItsMerchantBringsCodesForAnOfferThatIsSoldSo) {
  EXPECT_THAT(Bring(OfferNumber{99}, {"A"}), Refuses(Reason::kNotFound));
  EXPECT_THAT(Bring(offer_, {"A"}, "m-2"), Refuses(Reason::kNotFound));
  EXPECT_THAT(Bring(Offer(100, 5), {"A"}), Refuses(Reason::kOrderNotOffered));
  tables_.offer_code_counts.Edit(offer_).added = kVoucherCodesMax - 1;
  EXPECT_THAT(Bring(offer_, {"A", "B"}), Refuses(Reason::kVoucherCodesLimit));
  EXPECT_OK(Bring(offer_, {"A"}));
}

TEST_F(VoucherCodesTest, StockThatWasWrittenDownIsNoneBeforeItsCodesAreThere) {
  OfferContent content = Item(10, {FulfilmentKind::kECoupon});
  content.external_codes = true;
  const OfferNumber offer = Offer(content, 500);
  const auto shown = [&] { return (*FindOfferStock(ledger_.store(), offer, content))->available; };
  EXPECT_EQ(shown(), 0);
  EXPECT_THAT(Place(WishFor(offer, 1, FulfilmentKind::kECoupon)), Refuses(Reason::kOutOfStock));
  ASSERT_OK(Bring(offer, {"AAA", "BBB"}));
  EXPECT_EQ(shown(), 2);
  Ordered(WishFor(offer, 2, FulfilmentKind::kECoupon));
  EXPECT_EQ(shown(), 0);
}

TEST_F(VoucherCodesTest, TheirStockIsNotSetByHand) {
  RestockOfferCommand command(&tables_, {.offer = offer_, .change = 1, .person = "p"});
  EXPECT_THAT(ledger_.Run(command), Refuses(Reason::kOfferState));
}

}  // namespace
}  // namespace puhui::merchant
