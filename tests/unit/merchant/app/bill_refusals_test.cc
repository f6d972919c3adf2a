// SPDX-License-Identifier: Apache-2.0
// Every refusal of the calls about bills, one broken rule each, and in order.
#include "merchant/app/limit_commands.h"
#include "tests/unit/merchant/app/bill_fixture.h"
#include "tests/unit/merchant/app/ordered_pairs.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::merchant::bill_refusals_test {
namespace {

using ledger::Reason;

// What can be wrong with presenting a bill, in the order in which it is reported.
enum CreateFault {
  kUnknownTerminal,
  kBuried,
  kTraceUsed,
  kTerminalBlocked,
  kMerchantSuspended,
  kBatchIsClosed,
  kLineOfOthers,
  kTooManyBills,
  kCreateFaults,
};
constexpr std::array<Reason, kCreateFaults> kCreateReasons = {
    Reason::kUnknownTerminal,   Reason::kReversedBeforeArrival, Reason::kTraceNumberUsed,
    Reason::kTerminalNotActive, Reason::kMerchantNotActive,     Reason::kBatchClosed,
    Reason::kLineNotAllowed,    Reason::kBillsPerTerminalLimit};

// What can be wrong with paying one. That a bill was paid, cancelled and expired cannot all be true
// of it: the first of these stays.
enum PayFault {
  kUnknownBill,
  kTillBlocked,
  kSellerSuspended,
  kMemberSuspended,
  kPaid,
  kCancelled,
  kExpired,
  kItsBatchClosed,
  kLinesOfOthers,
  kTooManyUnions,
  kAboveLimit,
  kTooLittle,
  kPayFaults,
};
constexpr std::array<Reason, kPayFaults> kPayReasons = {
    Reason::kNotFound,          Reason::kTerminalNotActive,
    Reason::kMerchantNotActive, Reason::kMemberNotActive,
    Reason::kBillPaid,          Reason::kBillCancelled,
    Reason::kBillExpired,       Reason::kBatchClosed,
    Reason::kLineNotAllowed,    Reason::kLotsPerPurchaseLimit,
    Reason::kMemberLimit,       Reason::kInsufficientPoints};

class CreateBillRefusalTest : public BillTest,
                              public ::testing::WithParamInterface<std::pair<int, int>> {
 protected:
  static constexpr std::uint64_t kRequest = 77;

  void Break(CreateFault fault) {
    switch (fault) {
      case kUnknownTerminal:
        call_.terminal_id = "t-9";
        return;
      case kBuried:
        ASSERT_OK(Reverse(NextCall(), {.request_id = testing::RequestOf(kRequest).request_id}));
        return;
      case kTraceUsed:
        ASSERT_OK(Create(call_, Wish(1)));
        return;
      case kTerminalBlocked:
        Block("t-1");
        return;
      case kMerchantSuspended:
        tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
        return;
      case kBatchIsClosed:
        CloseTheBatch(1);
        return;
      case kLineOfOthers:
        tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
        lines_ = {{.category = kBookshop, .points = 1}};
        return;
      case kTooManyBills:
        tables_.terminal_bills.Edit(TerminalNumber{1}) = {.presented = kBillsPerTerminalMax};
        return;
      case kCreateFaults:
        return;
    }
  }

  TillCall call_ = NextCall();
  std::vector<ledger::BasketLine> lines_;
};

TEST_P(CreateBillRefusalTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  // The later first: what it takes may need a till that still works.
  if (second != first) Break(static_cast<CreateFault>(second));
  Break(static_cast<CreateFault>(first));
  const Reason reason = kCreateReasons.at(static_cast<std::size_t>(first));
  CreateBillCommand::Wish wish = Wish(1);
  wish.lines = lines_;
  const auto outcome = Create(call_, wish, kRequest);
  if (first == kUnknownTerminal) {
    EXPECT_THAT(outcome, Refuses(reason, "till.terminal"));
  } else {
    EXPECT_THAT(outcome, Declines(reason));
  }
}

INSTANTIATE_TEST_SUITE_P(Pairs, CreateBillRefusalTest,
                         ::testing::ValuesIn(testing::OrderedPairs(kCreateFaults,
                                                                   [](int, int) { return true; })));

class PayBillRefusalTest : public BillTest,
                           public ::testing::WithParamInterface<std::pair<int, int>> {
 protected:
  PayBillRefusalTest() {
    // 22 unions: three lines each are more than an entry may have.
    for (int i = 0; i < 22; ++i) AddLot(100, absl::Hours(1'000));
    GiveSecondMember(10'000);
  }
  void Break(PayFault fault) {
    switch (fault) {
      case kUnknownBill:
        bill_.token = testing::TagOf(1);
        return;
      case kTillBlocked:
        Block("t-1");
        return;
      case kSellerSuspended:
        tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
        return;
      case kMemberSuspended:
        ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
        return;
      case kPaid:
        ASSERT_TRUE(Pays(bill_, kSecondMember));
        return;
      case kCancelled:
        ASSERT_OK(Reverse(NextCall(), KeysOf(bill_)));
        return;
      case kExpired:
        ledger_.clock().Advance(kBillLifetimeMax);
        return;
      case kItsBatchClosed:
        CloseTheBatch(1);
        return;
      case kAboveLimit: {
        SetLimitsCommand command(State(),
                                 {.target = {.subject = LimitSubject::kMember, .member = kMember},
                                  .limits = {{.window = LimitWindow::kHour, .count_max = 0}},
                                  .person = "people/wang-1"});
        ASSERT_OK(ledger_.Run(command));
        return;
      }
      case kLinesOfOthers:
        tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
        return;
      case kTooManyUnions:
      case kTooLittle:
      case kPayFaults:
        return;  // Of the amount.
    }
  }
  static bool Has(const std::pair<int, int>& faults, int fault) {
    return faults.first == fault || faults.second == fault;
  }

  ShownBill bill_;
};

TEST_P(PayBillRefusalTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  std::int64_t points = 10;
  if (Has(GetParam(), kTooManyUnions)) points = Available() - 1;
  if (Has(GetParam(), kTooLittle)) points = Available() + 1;
  CreateBillCommand::Wish wish = Wish(points);
  if (Has(GetParam(), kLinesOfOthers)) wish.lines = {{.category = kBookshop, .points = points}};
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, Create(NextCall(), std::move(wish)));
  bill_ = Read(created.first());
  if (second != first) Break(static_cast<PayFault>(second));
  Break(static_cast<PayFault>(first));
  const Reason reason = kPayReasons.at(static_cast<std::size_t>(first));
  const std::int64_t before = Available();
  const Sequence last = ledger_.last_sequence();
  if (first == kUnknownBill) {
    // There is no till to record it for.
    EXPECT_THAT(Pay(bill_), Refuses(reason));
    EXPECT_EQ(ledger_.last_sequence(), last);
  } else {
    EXPECT_THAT(Pay(bill_), Declines(reason));
  }
  EXPECT_EQ(Available(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, PayBillRefusalTest,
    ::testing::ValuesIn(testing::OrderedPairs(kPayFaults, [](int first, int second) {
      // An amount is not within the wallet and above it; a bill that was paid
      // is not cancelled, and nothing pays or cancels one whose time is over.
      if (first == kTooManyUnions && second == kTooLittle) return false;
      const bool ended_twice = first >= kPaid && first != second && second <= kExpired;
      // Of a closed batch nothing is paid, nor lines that are not allowed;
      // that nothing else counts is shown by the others.
      return !ended_twice &&
             !(first == kPaid && (second == kItsBatchClosed || second == kLinesOfOthers));
    })));

TEST_F(BillTest, ABillThatBreaksNoRuleIsPaid) {
  AddLot(100, absl::Hours(1));
  EXPECT_TRUE(Pays(Present(100)));
}

}  // namespace
}  // namespace puhui::merchant::bill_refusals_test
