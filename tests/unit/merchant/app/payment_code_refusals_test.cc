// SPDX-License-Identifier: Apache-2.0
// Every refusal of a payment code, one broken rule each, and in order.
#include "ledger/base/limits.h"
#include "tests/unit/merchant/app/ordered_pairs.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace puhui::merchant::payment_code_refusals_test {
namespace {

using ledger::Reason;

// What can be wrong with a purchase with a code, in the order in which it is reported.
enum Fault {
  kBlocked,
  kForeign,
  kUnknown,
  kTraceUsed,
  kTerminalBlocked,
  kMerchantSuspended,
  kMemberSuspended,
  kExpired,
  kUsed,
  kTooLittle,
  kFaults,
};
constexpr std::array<Reason, kFaults> kReasons = {
    Reason::kPaymentCodesBlocked, Reason::kPaymentCodeForeign, Reason::kPaymentCodeUnknown,
    Reason::kTraceNumberUsed,     Reason::kTerminalNotActive,  Reason::kMerchantNotActive,
    Reason::kMemberNotActive,     Reason::kPaymentCodeExpired, Reason::kPaymentCodeUsed,
    Reason::kInsufficientPoints};

class PaymentCodeRefusalTest : public TillTest {
 protected:
  void SetUp() override {
    AddLot(100, absl::Hours(100));
    call_ = NextCall();
    code_.known = {.member = kMember, .expiry = ledger_.clock().Now() + absl::Hours(1)};
  }
  absl::StatusOr<ledger::Outcome> Pay(TillCall call, const ShownCode& code, std::int64_t points) {
    PurchaseCommand command(
        State(), std::move(call),
        {.points = Points::FromStored(points), .authorization_code = "A1B2C3", .code = code});
    return Submit(command);
  }
  void Break(Fault fault) {
    switch (fault) {
      case kBlocked:
        for (std::size_t i = 0; i < kWrongCodesMax; ++i) {
          ASSERT_THAT(Pay(NextCall(), {.tag = testing::TagOf(i + 1)}, 1),
                      Declines(Reason::kPaymentCodeUnknown));
        }
        return;
      case kForeign:
        code_.foreign = true;
        return;
      case kUnknown:
        code_.known.reset();
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
      case kExpired:
        code_.known->expiry = ledger_.clock().Now();
        return;
      case kUsed:
        ASSERT_TRUE(Paid(Pay(NextCall("t-2"), code_, 10)));
        return;
      case kTooLittle:
        points_ = 101;
        return;
      case kFaults:
        return;
    }
  }
  static bool Paid(const absl::StatusOr<ledger::Outcome>& outcome) {
    return outcome.ok() && outcome->first().entry().has_purchase();
  }

  TillCall call_;
  std::int64_t points_ = 10;
  ShownCode code_{.tag = testing::TagOf(0xC0DE)};
};

TEST_F(PaymentCodeRefusalTest, ACodeThatBreaksNoRulePays) {
  EXPECT_TRUE(Paid(Pay(call_, code_, points_)));
}

class PaymentCodeRefusalOrderTest : public PaymentCodeRefusalTest,
                                    public ::testing::WithParamInterface<std::pair<int, int>> {};

TEST_P(PaymentCodeRefusalOrderTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  // The later first: what it takes may need a till, and a code, that still work.
  if (second != first) Break(static_cast<Fault>(second));
  Break(static_cast<Fault>(first));
  const std::int64_t before = Available();
  EXPECT_THAT(Pay(call_, code_, points_), Declines(kReasons.at(static_cast<std::size_t>(first))));
  EXPECT_EQ(Available(), before);
}

INSTANTIATE_TEST_SUITE_P(Pairs, PaymentCodeRefusalOrderTest,
                         ::testing::ValuesIn(testing::OrderedPairs(kFaults, [](int first,
                                                                               int second) {
                           // What was used is known, whatever else is forgotten of it.
                           return !(first == kUnknown && second == kUsed);
                         })));

}  // namespace
}  // namespace puhui::merchant::payment_code_refusals_test
