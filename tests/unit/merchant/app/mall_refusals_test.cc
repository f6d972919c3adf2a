// SPDX-License-Identifier: Apache-2.0
// Every refusal of what a mall asks for, one broken rule each, and in order.
#include "ledger/base/limits.h"
#include "merchant/app/limit_commands.h"
#include "tests/unit/merchant/app/mall_fixture.h"
#include "tests/unit/merchant/app/ordered_pairs.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace puhui::merchant::mall_refusals_test {
namespace {

using ledger::Reason;

// What can be wrong with a payment, in the order in which it is reported.
enum PayFault {
  kNoMall,
  kTokenUnknown,
  kOrderUsed,
  kTerminalBlocked,
  kMerchantSuspended,
  kMemberSuspended,
  kLineOfOthers,
  kMallIsBlocked,
  kTooManyUnions,
  kAboveMallLimit,
  kAboveLimit,
  kTooLittle,
  kPayFaults,
};
constexpr std::array<Reason, kPayFaults> kPayReasons = {
    Reason::kNotFound,          Reason::kMallLinkUnknown,   Reason::kMallOrderUsed,
    Reason::kTerminalNotActive, Reason::kMerchantNotActive, Reason::kMemberNotActive,
    Reason::kLineNotAllowed,    Reason::kMallBlocked,       Reason::kLotsPerPurchaseLimit,
    Reason::kMallLimit,         Reason::kMemberLimit,       Reason::kInsufficientPoints};

class MallPayRefusalTest : public MallTest,
                           public ::testing::WithParamInterface<std::pair<int, int>> {
 protected:
  MallPayRefusalTest() {
    PUHUI_CHECK_OK(
        Change({.limits = MallLimits{.payment_max = 100'000, .day_max = 100'000}}).status());
    payment_ = Payment(Link(), "o-1", 10);
  }
  void Break(PayFault fault) {
    switch (fault) {
      case kNoMall:
        merchant_ = "m-2";
        return;
      case kTokenUnknown:
        payment_.token = testing::TagOf(1);
        return;
      case kOrderUsed:
        tables_.mall_orders.Put({kShop, MallOrderKind::kPayment, "o-1"},
                                {.sequence = 1, .purchase = 1, .points = 9});
        return;
      case kTerminalBlocked:
        ASSERT_OK(Put("web", TerminalState::kBlocked));
        return;
      case kMerchantSuspended:
        ASSERT_OK(Put(MerchantState::kSuspended));
        return;
      case kMemberSuspended:
        ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
        return;
      case kMallIsBlocked:
        BlockMall();
        return;
      case kLineOfOthers:
        tables_.merchants.Edit(kShop).goods_named = false;
        payment_.lines = {{.category = kBookshop, .points = payment_.points.value()}};
        return;
      case kTooManyUnions:
        // 22 unions: three lines each are more than an entry may have.
        for (int i = 0; i < 22; ++i) AddLot(100, absl::Hours(1'000));
        AskFor(2'200);
        return;
      case kAboveMallLimit:
        ASSERT_OK(Change({.limits = MallLimits{.payment_max = 1, .day_max = 1}}));
        return;
      case kAboveLimit: {
        SetLimitsCommand command(State(),
                                 {.target = {.subject = LimitSubject::kMember},
                                  .limits = {{.window = LimitWindow::kHour, .points_max = 1}},
                                  .person = "people/wang-1"});
        ASSERT_OK(ledger_.Run(command));
        return;
      }
      case kTooLittle:
        AskFor(50'000);
        return;
      case kPayFaults:
        return;
    }
  }
  void AskFor(std::int64_t points) {
    payment_.points = Points::FromStored(points);
    if (!payment_.lines.empty()) payment_.lines.front().points = points;
  }

  std::string merchant_ = "m-1";
  MallPayCommand::Payment payment_;
};

TEST_P(MallPayRefusalTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  // The later first: what it takes may need a mall that still works.
  if (second != first) Break(static_cast<PayFault>(second));
  Break(static_cast<PayFault>(first));
  const Reason reason = kPayReasons.at(static_cast<std::size_t>(first));
  const auto outcome = Pay(payment_, 0, merchant_);
  if (first == kNoMall) {
    EXPECT_THAT(outcome, Refuses(reason, "merchant"));
  } else {
    EXPECT_THAT(outcome, Declines(reason));
  }
  EXPECT_EQ(Mall().paid, 0);
}

// There is never too little and too much of the same at a time.
INSTANTIATE_TEST_SUITE_P(Pairs, MallPayRefusalTest,
                         ::testing::ValuesIn(testing::OrderedPairs(kPayFaults, [](int first,
                                                                                  int second) {
                           return first != kTooManyUnions || second != kTooLittle;
                         })));

// What can be wrong with a link.
enum LinkFault {
  kLinkNoMall,
  kCodeForeign,
  kCodeUnknown,
  kLinkTerminalBlocked,
  kLinkMerchantSuspended,
  kLinkMemberSuspended,
  kCodeExpired,
  kLinkMallBlocked,
  kTooManyLinks,
  kLinkFaults,
};
constexpr std::array<Reason, kLinkFaults> kLinkReasons = {
    Reason::kNotFound,           Reason::kPaymentCodeForeign, Reason::kPaymentCodeUnknown,
    Reason::kTerminalNotActive,  Reason::kMerchantNotActive,  Reason::kMemberNotActive,
    Reason::kPaymentCodeExpired, Reason::kMallBlocked,        Reason::kMallLinksLimit};

class LinkMallRefusalTest : public MallTest,
                            public ::testing::WithParamInterface<std::pair<int, int>> {
 protected:
  void Break(LinkFault fault) {
    switch (fault) {
      case kLinkNoMall:
        merchant_ = "m-2";
        return;
      case kCodeForeign:
        code_.foreign = true;
        return;
      case kCodeUnknown:
        code_.known.reset();
        return;
      case kLinkTerminalBlocked:
        ASSERT_OK(Put("web", TerminalState::kBlocked));
        return;
      case kLinkMerchantSuspended:
        ASSERT_OK(Put(MerchantState::kSuspended));
        return;
      case kLinkMemberSuspended:
        ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
        return;
      case kCodeExpired:
        if (code_.known.has_value()) code_.known->expiry = ledger_.clock().Now();
        return;
      case kLinkMallBlocked:
        BlockMall();
        return;
      case kTooManyLinks:
        tables_.member_malls.Edit(kMember).links.assign(
            kMallsPerMemberMax, {.merchant = MerchantNumber{9}, .token = testing::TagOf(9)});
        return;
      case kLinkFaults:
        return;
    }
  }

  std::string merchant_ = "m-1";
  ShownCode code_ = CodeOf(kMember);
};

TEST_P(LinkMallRefusalTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  if (second != first) Break(static_cast<LinkFault>(second));
  Break(static_cast<LinkFault>(first));
  const Reason reason = kLinkReasons.at(static_cast<std::size_t>(first));
  const auto outcome = TryLink(code_, merchant_);
  if (first == kLinkNoMall) {
    EXPECT_THAT(outcome, Refuses(reason, "merchant"));
  } else {
    EXPECT_THAT(outcome, Declines(reason));
  }
}

INSTANTIATE_TEST_SUITE_P(Pairs, LinkMallRefusalTest,
                         ::testing::ValuesIn(testing::OrderedPairs(kLinkFaults,
                                                                   [](int, int) { return true; })));

}  // namespace
}  // namespace puhui::merchant::mall_refusals_test
