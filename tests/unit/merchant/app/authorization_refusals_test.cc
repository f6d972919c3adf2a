// SPDX-License-Identifier: Apache-2.0
// Every refusal of what makes and ends an authorisation, one broken rule each, and in order: a call
// that breaks two rules reports the earlier.
#include "ledger/base/limits.h"
#include "merchant/app/authorization_commands.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::merchant::authorization_refusals_test {
namespace {

using ledger::Reason;

constexpr std::uint64_t kRequest = 77;

enum class Fault {
  kUnknownTerminal,
  kCardsAreBlocked,
  kUnknownCard,
  kUnknownAuthorization,
  kAnotherMerchants,
  kBuriedByRequest,
  kBuriedByKeys,
  kTraceUsed,
  kTerminalBlocked,
  kMerchantSuspended,
  kMemberSuspended,
  kCardIsBlocked,
  kCaptured,
  kVoided,
  kExpired,
  kLineOfOthers,
  kTooManyUnions,
  kTooManyOpen,
  kAboveAuthorization,
  kTooLittle,
};

Reason ReasonOf(Fault fault) {
  switch (fault) {
    case Fault::kUnknownTerminal:
      return Reason::kUnknownTerminal;
    case Fault::kCardsAreBlocked:
      return Reason::kCardsBlocked;
    case Fault::kUnknownCard:
      return Reason::kCardNotFound;
    case Fault::kUnknownAuthorization:
    case Fault::kAnotherMerchants:
      return Reason::kNotFound;
    case Fault::kBuriedByRequest:
    case Fault::kBuriedByKeys:
      return Reason::kReversedBeforeArrival;
    case Fault::kTraceUsed:
      return Reason::kTraceNumberUsed;
    case Fault::kTerminalBlocked:
      return Reason::kTerminalNotActive;
    case Fault::kMerchantSuspended:
      return Reason::kMerchantNotActive;
    case Fault::kMemberSuspended:
      return Reason::kMemberNotActive;
    case Fault::kCardIsBlocked:
      return Reason::kCardBlocked;
    case Fault::kCaptured:
      return Reason::kAuthorizationCaptured;
    case Fault::kVoided:
      return Reason::kAuthorizationVoided;
    case Fault::kExpired:
      return Reason::kAuthorizationExpired;
    case Fault::kLineOfOthers:
      return Reason::kLineNotAllowed;
    case Fault::kTooManyUnions:
      return Reason::kLotsPerPurchaseLimit;
    case Fault::kTooManyOpen:
      return Reason::kAuthorizationsPerWalletLimit;
    case Fault::kAboveAuthorization:
      return Reason::kCaptureAboveAuthorization;
    case Fault::kTooLittle:
      return Reason::kInsufficientPoints;
  }
  return Reason::kInternal;
}

enum class Verb { kAuthorize, kCapture, kVoid };

// What can be wrong with each, in the order in which it is reported.
std::vector<Fault> FaultsOf(Verb verb) {
  using enum Fault;
  switch (verb) {
    case Verb::kAuthorize:
      return {kUnknownTerminal, kCardsAreBlocked, kUnknownCard,     kBuriedByRequest,
              kBuriedByKeys,    kTraceUsed,       kTerminalBlocked, kMerchantSuspended,
              kMemberSuspended, kCardIsBlocked,   kLineOfOthers,    kTooManyUnions,
              kTooManyOpen,     kTooLittle};
    case Verb::kCapture:
      return {kUnknownTerminal,
              kUnknownAuthorization,
              kAnotherMerchants,
              kBuriedByRequest,
              kBuriedByKeys,
              kTraceUsed,
              kTerminalBlocked,
              kCaptured,
              kVoided,
              kExpired,
              kAboveAuthorization};
    case Verb::kVoid:
      return {kUnknownTerminal,  kUnknownAuthorization,
              kAnotherMerchants, kBuriedByRequest,
              kBuriedByKeys,     kTraceUsed,
              kTerminalBlocked,  kCaptured,
              kVoided,           kExpired};
  }
  return {};
}

// It has ended in one way only, and is another's or nobody's.
bool Exclude(Fault a, Fault b) {
  const auto ends = [](Fault fault) {
    return fault == Fault::kCaptured || fault == Fault::kVoided || fault == Fault::kExpired;
  };
  const auto amount = [](Fault fault) {
    return fault == Fault::kTooManyUnions || fault == Fault::kTooLittle;
  };
  const auto whose = [](Fault fault) {
    return fault == Fault::kUnknownAuthorization || fault == Fault::kAnotherMerchants;
  };
  return a != b && ((ends(a) && ends(b)) || (amount(a) && amount(b)) || (whose(a) && whose(b)));
}

struct Pair {
  Verb verb;
  Fault first;
  Fault second;  // The same: alone.
};
std::vector<Pair> OrderedPairs() {
  std::vector<Pair> pairs;
  for (const Verb verb : {Verb::kAuthorize, Verb::kCapture, Verb::kVoid}) {
    const std::vector<Fault> faults = FaultsOf(verb);
    for (std::size_t first = 0; first < faults.size(); ++first) {
      for (std::size_t second = first; second < faults.size(); ++second) {
        if (Exclude(faults[first], faults[second])) continue;
        pairs.push_back({verb, faults[first], faults[second]});
      }
    }
  }
  return pairs;
}

class AuthorizationRefusalTest : public TillTest {
 protected:
  void Prepare() {
    // One union more than an authorisation may have.
    for (std::size_t i = 0; i <= kOriginsPerAuthorizationMax; ++i) AddLot(100, absl::Hours(24));
    held_ = Hold(50, absl::Minutes(1));
    call_ = NextCall();
  }
  void Break(Fault fault) {
    switch (fault) {
      case Fault::kUnknownTerminal:
        call_.terminal_id = "t-9";
        return;
      case Fault::kCardsAreBlocked:
        for (std::size_t i = 0; i < kWrongCardsMax; ++i) {
          SpendCommand::Wish wrong = wish_;
          wrong.card = testing::TagOf(2 + i);
          AuthorizeCommand guess(State(), NextCall(), std::move(wrong), absl::Hours(1));
          ASSERT_THAT(Submit(guess), Declines(Reason::kCardNotFound));
        }
        return;
      case Fault::kUnknownCard:
        wish_.card = testing::TagOf(1);
        return;
      case Fault::kUnknownAuthorization:
        authorization_ = 999'999;
        return;
      case Fault::kAnotherMerchants:
        call_.merchant_id = "m-2";
        return;
      case Fault::kBuriedByRequest:
        ASSERT_OK(
            Reverse(NextCall("t-2"), {.request_id = testing::RequestOf(Request()).request_id}));
        return;
      case Fault::kBuriedByKeys:
        ASSERT_OK(Reverse(Beside(), {.batch_number = 1, .trace_number = call_.trace_number}));
        return;
      case Fault::kTraceUsed:
        ASSERT_OK(Refund(call_, 999'999, 1));  // Declined, which uses it as well.
        return;
      case Fault::kTerminalBlocked:
        ledger_.Hold();  // Not yet durable, and seen all the same.
        BlockOwn();
        ledger_.Release();
        return;
      case Fault::kMerchantSuspended:
        for (const std::uint32_t merchant : {1U, 2U}) {
          tables_.merchants.Edit(MerchantNumber{merchant}).state = MerchantState::kSuspended;
        }
        return;
      case Fault::kMemberSuspended:
        ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
        return;
      case Fault::kCardIsBlocked:
        ledger_.views().cards.Edit(kCard).state = ledger::CardState::kBlocked;
        return;
      case Fault::kCaptured:
        ASSERT_OK(Capture(NextCall("t-2"), held_, 50));
        return;
      case Fault::kVoided:
        ASSERT_OK(Void(NextCall("t-2"), held_));
        return;
      case Fault::kExpired:
        ledger_.clock().Advance(absl::Minutes(2));
        return;
      case Fault::kLineOfOthers:
        tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
        wish_.lines = {{.category = kBookshop, .points = wish_.points.value()}};
        return;
      case Fault::kTooManyUnions:
        wish_.points = Points::FromStored(Available());
        return;
      case Fault::kTooManyOpen:
        while (ledger_.views().wallets.Find(kMember)->open_authorizations <
               kAuthorizationsPerWalletMax) {
          ASSERT_OK(Authorize(NextCall("t-2"), 1));
        }
        return;
      case Fault::kAboveAuthorization:
        points_ = 51;
        return;
      case Fault::kTooLittle:
        wish_.points = Points::FromStored(100'000);
        return;
    }
  }
  std::uint64_t Request() const { return kRequest + static_cast<std::uint64_t>(verb_); }
  // Another call of the same till.
  TillCall Beside() {
    TillCall call = NextCall(call_.terminal_id);
    call.merchant_id = call_.merchant_id;
    return call;
  }
  void BlockOwn() {
    for (const char* merchant : {"m-1", "m-2"}) {
      ChangeTerminalStateCommand command(&tables_, *MerchantId::Parse(merchant, "id"),
                                         *TerminalId::Parse("t-1", "id"), TerminalState::kBlocked);
      ASSERT_OK(ledger_.Run(command));
    }
  }
  absl::StatusOr<ledger::Outcome> RunIt() {
    const Sequence authorization = authorization_ == 0 ? held_ : authorization_;
    switch (verb_) {
      case Verb::kAuthorize: {
        AuthorizeCommand command(State(), call_, wish_, absl::Hours(1));
        return Submit(command, Request());
      }
      case Verb::kCapture: {
        CaptureCommand command(State(), call_, authorization, Points::FromStored(points_));
        return Submit(command, Request());
      }
      case Verb::kVoid: {
        VoidCommand command(State(), call_, authorization);
        return Submit(command, Request());
      }
    }
    return absl::InternalError("no such verb");
  }

  Verb verb_ = Verb::kAuthorize;
  Sequence held_ = 0;
  Sequence authorization_ = 0;
  std::int64_t points_ = 50;
  TillCall call_;
  SpendCommand::Wish wish_{
      .card = kCard, .points = Points::FromStored(10), .authorization_code = "A1B2C3"};
};

TEST_F(AuthorizationRefusalTest, NoBrokenRuleIsNoRefusal) {
  for (const Verb verb : {Verb::kAuthorize, Verb::kCapture, Verb::kVoid}) {
    verb_ = verb;
    Prepare();
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, RunIt());
    EXPECT_TRUE(outcome.first().has_entry());
  }
}

class AuthorizationRefusalOrderTest : public AuthorizationRefusalTest,
                                      public ::testing::WithParamInterface<Pair> {};

TEST_P(AuthorizationRefusalOrderTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const Fault first = GetParam().first;
  const Fault second = GetParam().second;
  verb_ = GetParam().verb;
  Prepare();
  // What changes the call itself comes first, so that the tombstone and the used trace number are
  // those of the call that is made; a reversal by keys before the number is used, or there would be
  // nothing to bury. The rest from the later to the earlier: it may need a till that still works.
  const std::vector<Fault> early = {Fault::kAnotherMerchants, Fault::kBuriedByKeys};
  for (const Fault fault : early) {
    if (first == fault || second == fault) Break(fault);
  }
  for (const Fault fault : {second, first}) {
    if (std::find(early.begin(), early.end(), fault) != early.end()) continue;
    Break(fault);
    if (first == second) break;
  }
  ASSERT_FALSE(HasFatalFailure());
  const std::int64_t available = Available();
  const std::int64_t held = Held();
  const Sequence last = ledger_.last_sequence();
  const auto outcome = RunIt();
  if (first == Fault::kUnknownTerminal) {
    // There is no terminal to record it for.
    EXPECT_THAT(outcome, Refuses(ReasonOf(first), "till.terminal"));
    EXPECT_EQ(ledger_.last_sequence(), last);
  } else {
    EXPECT_THAT(outcome, Declines(ReasonOf(first)));
  }
  EXPECT_EQ(Available(), available);
  EXPECT_EQ(Held(), held);
}

INSTANTIATE_TEST_SUITE_P(Pairs, AuthorizationRefusalOrderTest, ::testing::ValuesIn(OrderedPairs()));

TEST_F(AuthorizationRefusalTest, ADeclineSaysHowMuchWasAskedAndHowMuchIsHeld) {
  Prepare();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Capture(call_, held_, 51));
  const journal::v1::Declined& declined = outcome.first().declined();
  EXPECT_EQ(declined.points(), 51);
  EXPECT_EQ(declined.available(), 50);
  EXPECT_EQ(declined.till().trace_number(), call_.trace_number);
}

}  // namespace
}  // namespace puhui::merchant::authorization_refusals_test
