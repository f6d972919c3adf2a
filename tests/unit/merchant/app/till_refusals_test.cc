// SPDX-License-Identifier: Apache-2.0
// Every refusal of every till command, one broken rule each, and in order: a call that breaks two
// rules reports the earlier.
#include "ledger/base/limits.h"
#include "tests/unit/merchant/app/ordered_pairs.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;

// What can be wrong with a purchase, in the order in which it is reported.
enum PurchaseFault {
  kUnknownTerminal,
  kCardsAreBlocked,
  kUnknownCard,
  kBuriedByRequest,
  kBuriedByKeys,
  kTraceUsed,
  kTerminalBlocked,
  kMerchantSuspended,
  kMemberSuspended,
  kCardIsBlocked,
  kLineOfOthers,
  kTooManyUnions,
  kTooLittle,
  kPurchaseFaults,
};

constexpr std::array<Reason, kPurchaseFaults> kPurchaseReasons = {
    Reason::kUnknownTerminal,       Reason::kCardsBlocked,          Reason::kCardNotFound,
    Reason::kReversedBeforeArrival, Reason::kReversedBeforeArrival, Reason::kTraceNumberUsed,
    Reason::kTerminalNotActive,     Reason::kMerchantNotActive,     Reason::kMemberNotActive,
    Reason::kCardBlocked,           Reason::kLineNotAllowed,        Reason::kLotsPerPurchaseLimit,
    Reason::kInsufficientPoints};

constexpr std::uint64_t kRequest = 77;

class PurchaseRefusalTest : public TillTest {
 protected:
  // Breaks one rule for the purchase that `call_` and `wish_` describe.
  void Break(PurchaseFault fault) {
    switch (fault) {
      case kUnknownTerminal:
        call_.terminal_id = "t-9";
        return;
      case kCardsAreBlocked:
        for (std::size_t i = 0; i < kWrongCardsMax; ++i) {
          PurchaseCommand guess(State(), NextCall(),
                                {.card = testing::TagOf(2 + i),
                                 .points = Points::FromStored(1),
                                 .authorization_code = "A1B2C3"});
          ASSERT_THAT(Submit(guess), Declines(Reason::kCardNotFound));
        }
        return;
      case kUnknownCard:
        wish_.card = testing::TagOf(1);
        return;
      case kBuriedByRequest:
        ASSERT_OK(Reverse(NextCall(), {.request_id = testing::RequestOf(kRequest).request_id}));
        return;
      case kBuriedByKeys:
        // After kTraceUsed the keys are taken and there is nothing to bury; the order is shown by
        // the request id.
        ASSERT_OK(Reverse(
            NextCall(), {.batch_number = call_.batch_number, .trace_number = call_.trace_number}));
        return;
      case kTraceUsed:
        ASSERT_OK(Purchase(call_, 1));
        return;
      case kTerminalBlocked:
        Block("t-1");
        return;
      case kMerchantSuspended:
        tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
        return;
      case kMemberSuspended:
        ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
        return;
      case kCardIsBlocked:
        ledger_.views().cards.Edit(kCard).state = ledger::CardState::kBlocked;
        return;
      case kLineOfOthers:
        tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
        wish_.lines = {{.category = kBookshop, .points = wish_.points.value()}};
        return;
      case kTooManyUnions:
        wish_.points = Points::FromStored(Available() - 1);
        return;
      case kTooLittle:
        wish_.points = Points::FromStored(Available() + 1);
        return;
      case kPurchaseFaults:
        return;
    }
  }
  absl::StatusOr<ledger::Outcome> RunIt() {
    PurchaseCommand command(State(), call_, wish_);
    return Submit(command, kRequest);
  }
  void Prepare() {
    // 22 unions: three lines each are more than an entry may have.
    for (int i = 0; i < 22; ++i) AddLot(100, absl::Hours(1));
    call_ = NextCall();
  }

  TillCall call_;
  PurchaseCommand::Wish wish_{
      .card = kCard, .points = Points::FromStored(10), .authorization_code = "A1B2C3"};
};

TEST_F(PurchaseRefusalTest, EachBrokenRuleHasItsReason) {
  // The baseline breaks none.
  Prepare();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome bought, RunIt());
  EXPECT_TRUE(bought.first().entry().has_purchase());
}

class PurchaseRefusalOrderTest : public PurchaseRefusalTest,
                                 public ::testing::WithParamInterface<std::pair<int, int>> {};

TEST_P(PurchaseRefusalOrderTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  Prepare();
  // The later first: what it takes may need a till that still works. A reversal by keys must come
  // before the trace number is used, or it would find the purchase.
  if (first == kBuriedByKeys && second == kTraceUsed) {
    Break(kBuriedByKeys);
    Break(kTraceUsed);
  } else {
    if (second != first) Break(static_cast<PurchaseFault>(second));
    Break(static_cast<PurchaseFault>(first));
  }
  const Reason reason = kPurchaseReasons.at(static_cast<std::size_t>(first));
  const std::int64_t before = Available();
  if (first == kUnknownTerminal) {
    // There is no terminal to record it for.
    const Sequence last = ledger_.last_sequence();
    EXPECT_THAT(RunIt(), Refuses(reason, "till.terminal"));
    EXPECT_EQ(ledger_.last_sequence(), last);
  } else {
    EXPECT_THAT(RunIt(), Declines(reason));
  }
  EXPECT_EQ(Available(), before);
}

INSTANTIATE_TEST_SUITE_P(Pairs, PurchaseRefusalOrderTest,
                         ::testing::ValuesIn(testing::OrderedPairs(kPurchaseFaults, [](int first,
                                                                                       int second) {
                           // An amount cannot be both within the wallet and above it.
                           return !(first == kTooManyUnions && second == kTooLittle);
                         })));

// What can be wrong with a refund, in order.
enum RefundFault {
  kRefundUnknownTerminal,
  kNoSuchPurchase,
  kRefundBuried,
  kRefundTraceUsed,
  kRefundTerminalBlocked,
  kPurchaseWasReversed,
  kAbovePurchase,
  kRefundFaults,
};
constexpr std::array<Reason, kRefundFaults> kRefundReasons = {
    Reason::kUnknownTerminal,    Reason::kNotFound,          Reason::kReversedBeforeArrival,
    Reason::kTraceNumberUsed,    Reason::kTerminalNotActive, Reason::kPurchaseReversed,
    Reason::kRefundAbovePurchase};

class RefundRefusalOrderTest : public TillTest,
                               public ::testing::WithParamInterface<std::pair<int, int>> {
 protected:
  void Break(RefundFault fault) {
    switch (fault) {
      case kRefundUnknownTerminal:
        call_.terminal_id = "t-9";
        return;
      case kNoSuchPurchase:
        purchase_ = 999'999;
        return;
      case kRefundBuried:
        ASSERT_OK(Reverse(NextCall(), {.request_id = testing::RequestOf(kRequest).request_id}));
        return;
      case kRefundTraceUsed:
        ASSERT_OK(Purchase(call_, 1));
        return;
      case kRefundTerminalBlocked:
        Block("t-1");
        return;
      case kPurchaseWasReversed:
        ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = bought_trace_}));
        return;
      case kAbovePurchase:
        points_ = 51;
        return;
      case kRefundFaults:
        return;
    }
  }

  TillCall call_;
  std::uint32_t bought_trace_ = 0;
  Sequence purchase_ = 0;
  std::int64_t points_ = 50;
};

TEST_P(RefundRefusalOrderTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  AddLot(100, absl::Hours(1));
  purchase_ = Buy(50);
  bought_trace_ = trace_;
  call_ = NextCall();
  if (second != first) Break(static_cast<RefundFault>(second));
  Break(static_cast<RefundFault>(first));
  const std::int64_t before = Available();
  const auto refunded = Refund(call_, purchase_, points_, kRequest);
  const Reason reason = kRefundReasons.at(static_cast<std::size_t>(first));
  if (first == kRefundUnknownTerminal) {
    EXPECT_THAT(refunded, Refuses(reason));
  } else {
    EXPECT_THAT(refunded, Declines(reason));
  }
  EXPECT_EQ(Available(), before);
}

INSTANTIATE_TEST_SUITE_P(Pairs, RefundRefusalOrderTest,
                         ::testing::ValuesIn(testing::OrderedPairs(kRefundFaults,
                                                                   [](int, int) { return true; })));

TEST_F(TillTest, ATerminalOfAnotherMerchantIsUnknown) {
  TillCall call = NextCall("t-2");
  call.merchant_id = "m-2";
  EXPECT_THAT(Purchase(call, 1), Refuses(Reason::kUnknownTerminal));
  call.merchant_id = "m-9";
  EXPECT_THAT(Purchase(call, 1), Refuses(Reason::kUnknownTerminal));
}

TEST_F(TillTest, APurchaseOfAnotherMerchantIsNotFound) {
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(50);
  TillCall call = NextCall();
  call.merchant_id = "m-2";
  EXPECT_THAT(Refund(call, purchase, 10), Declines(Reason::kNotFound));
  EXPECT_EQ(Row(purchase).refunded, 0);
}

TEST_F(TillTest, ADeclineSaysWhoWhatAndHowMuchWasAvailable) {
  AddLot(30, absl::Hours(1));
  AddLot(5, absl::Hours(1), {kBookshop});
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Purchase(NextCall(), 31));
  const journal::v1::Declined& declined = outcome.first().declined();
  EXPECT_EQ(declined.points(), 31);
  EXPECT_EQ(declined.available(), 30);
  EXPECT_EQ(declined.member(), kMember.ToBytes());
  EXPECT_EQ(declined.till().trace_number(), trace_);
}

// The member is in union 7, below union 2; nobody else is known.
class UnionOfTheMember final : public MemberPlaces {
 public:
  std::vector<UnionNumber> Of(MemberId member) override {
    if (member != kMember) return {};
    return {UnionNumber{7}, UnionNumber{2}};
  }
};

TEST_F(TillTest, ADeclineSaysWhichUnionTheMemberIsIn) {
  UnionOfTheMember places;
  TillState state = State();
  state.places = &places;
  const auto union_of = [this, &state](const ledger::Tag& card) -> absl::optional<std::uint32_t> {
    PurchaseCommand command(
        state, NextCall(),
        {.card = card, .points = Points::FromStored(31), .authorization_code = "A1B2C3"});
    const auto outcome = Submit(command);
    if (!outcome.ok() || !outcome->first().has_declined()) return absl::nullopt;
    return outcome->first().declined().union_number();
  };
  EXPECT_EQ(union_of(kCard), 7U);
  EXPECT_EQ(union_of(testing::TagOf(0xBAD)), 0U) << "nobody's card";
  AddLot(100, absl::Hours(1));
  EXPECT_EQ(union_of(kCard), absl::nullopt) << "bought";
}

TEST_F(TillTest, ADeclineIsAnOutcomeThatADelayedDuplicateMeetsAgain) {
  const TillCall call = NextCall();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome first, Purchase(call, 10, 42));
  ASSERT_TRUE(first.first().has_declined());
  AddLot(100, absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Purchase(call, 10, 42));
  EXPECT_EQ(again.first().SerializeAsString(), first.first().SerializeAsString());
  EXPECT_EQ(Available(), 100);
}

TEST(TillBytesTest, ADeclineHasItsGoldenBytes) {
  journal::v1::Record record;
  journal::v1::Declined& declined = *record.mutable_declined();
  declined.mutable_till()->set_merchant(1);
  declined.set_reason(620);
  declined.set_member("m");
  declined.set_points(4);
  declined.set_available(5);
  declined.set_line(6);
  declined.set_union_number(7);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()),
            "ca01120a02080110ec041a016d2004280530063807");
}

}  // namespace
}  // namespace puhui::merchant
