// SPDX-License-Identifier: Apache-2.0
// Baskets, balances and batches, as a till meets them.
#include "issuing/app/vault.h"
#include "ledger/base/limits.h"
#include "merchant/app/limit_commands.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::Contains;
using ::testing::HasSubstr;

class PosTillTest : public PosTest {
 protected:
  v1::PurchaseRequest Wish(std::int64_t points) {
    auto request = Call<v1::PurchaseRequest>(kTill);
    request.set_card_number(card_);
    request.set_points(points);
    return request;
  }
  static void AddLine(v1::PurchaseRequest* request, std::int64_t points,
                      const std::string& category = "") {
    v1::BasketLine& line = *request->add_lines();
    line.set_points(points);
    line.set_merchant_category(category);
  }
  absl::StatusOr<v1::PurchaseResponse> Buy(const v1::PurchaseRequest& request) {
    return Ask(*pos_, &Pos::Purchase, kTill, request);
  }
  absl::StatusOr<v1::InquireBalanceResponse> Inquire(const std::string& path,
                                                     const std::string& card) {
    v1::InquireBalanceRequest request;
    request.set_terminal(TerminalOf(path));
    request.set_card_number(card);
    return Ask(*pos_, &Pos::InquireBalance, path, request);
  }
  // For everyone of the kind.
  void SetLimits(merchant::LimitSubject subject, std::vector<merchant::Limit> limits) {
    const merchant::TillState state{&ledger_.books.merchant, &ledger_.books.views};
    ASSERT_OK(ledger_.engine->Run(
        std::make_unique<merchant::SetLimitsCommand>(
            state, merchant::SetLimitsCommand::Wish{.target = {.subject = subject},
                                                    .limits = std::move(limits)}),
        ledger::Priority::kInteractive));
  }
  v1::CloseBatchRequest Closing() {
    v1::CloseBatchRequest request;
    request.set_request_id(NextRequestId());
    request.set_terminal(TerminalOf(kTill));
    request.set_batch_number(1);
    return request;
  }
  static void Tell(v1::CloseBatchRequest* request, v1::BatchKind kind, std::int64_t count,
                   std::int64_t points) {
    v1::KindTotal& total = *request->add_totals();
    total.set_kind(kind);
    total.set_count(count);
    total.set_points(points);
  }
  absl::StatusOr<v1::CloseBatchResponse> Close(const v1::CloseBatchRequest& request) {
    return Ask(*pos_, &Pos::CloseBatch, kTill, request);
  }
};

TEST_F(PosTillTest, TheBalanceIsToldWhereTheMerchantMayKnow) {
  ASSERT_OK_AND_ASSIGN(const auto answer, Inquire(kTill, card_));
  EXPECT_EQ(answer.available_points(), kGranted);
  EXPECT_EQ(answer.masked_card(), "************" + card_.substr(12));
  ASSERT_OK(Buy(Wish(120)));
  EXPECT_EQ(Inquire(kTill, card_)->available_points(), kGranted - 120);
  EXPECT_THAT(Inquire(kForeignTill, card_), Refuses(Reason::kBalanceNotShown));
  // Nor whether there is such a card.
  EXPECT_THAT(Inquire(kForeignTill, "4111111111111111"), Refuses(Reason::kBalanceNotShown));
  EXPECT_THAT(Inquire(kTill, "4111111111111111"), Refuses(Reason::kCardNotFound, "card_number"));
  EXPECT_THAT(Inquire(kTill, "411"), Refuses(Reason::kInvalidField, "card_number"));
  v1::InquireBalanceRequest foreign;
  foreign.set_terminal(TerminalOf(kForeignTill));
  foreign.set_card_number(card_);
  EXPECT_THAT(Ask(*pos_, &Pos::InquireBalance, kTill, foreign), Refuses(Reason::kNotFound));
}

// Whatever it does with them, a terminal may try few numbers; those of other schemes are no tries.
TEST_F(PosTillTest, TryingCardNumbersIsStoppedAtTheTillThatDoesIt) {
  for (std::size_t i = 0; i < 2 * kWrongCardsMax; ++i) {
    ASSERT_THAT(Inquire(kTill, "4111111111111111"), Refuses(Reason::kCardNotFound));
  }
  for (std::size_t i = 0; i < kWrongCardsMax; ++i) {
    const std::string guess = issuing::DrawCardNumber(random_);
    if (i % 2 == 0) {
      ASSERT_THAT(Inquire(kTill, guess), Refuses(Reason::kCardNotFound, "card_number"));
    } else {
      v1::PurchaseRequest wish = Wish(1);
      wish.set_card_number(guess);
      ASSERT_THAT(Buy(wish), Refuses(Reason::kCardNotFound));
    }
  }
  EXPECT_THAT(Inquire(kTill, card_), Refuses(Reason::kCardsBlocked));
  EXPECT_THAT(Buy(Wish(1)), Refuses(Reason::kCardsBlocked));
  EXPECT_THAT(Ask(*pos_, &Pos::Authorize, kTill, AuthorizeWish(1)), Refuses(Reason::kCardsBlocked));
  EXPECT_OK(Inquire(kSecondTill, card_));
  Advance(kWrongCardsBlock + absl::Seconds(1));
  EXPECT_OK(Inquire(kTill, card_));
  EXPECT_OK(Buy(Wish(1)));
}

// What can really be paid: whichever of the four leaves least.
TEST_F(PosTillTest, TheBalanceKeepsToTheLimits) {
  using enum merchant::LimitSubject;
  using enum merchant::LimitWindow;
  SetLimits(kMerchant, {{.window = kDay, .points_max = 400}});
  EXPECT_EQ(Inquire(kTill, card_)->available_points(), 400);
  SetLimits(kTerminal, {{.window = kDay, .points_max = 390}});
  EXPECT_EQ(Inquire(kTill, card_)->available_points(), 390);
  SetLimits(kMember, {{.window = kDay, .points_max = 380}});
  EXPECT_EQ(Inquire(kTill, card_)->available_points(), 380);
  SetLimits(kCard, {{.window = kDay, .points_max = 370}});
  EXPECT_EQ(Inquire(kTill, card_)->available_points(), 370);
  ASSERT_OK(Buy(Wish(300)));
  ASSERT_OK_AND_ASSIGN(const auto left, Inquire(kTill, card_));
  EXPECT_EQ(left.available_points(), 70);
  EXPECT_THAT(Buy(Wish(71)), Refuses(Reason::kCardLimit));
  ASSERT_OK(Buy(Wish(70)));
  EXPECT_EQ(Inquire(kTill, card_)->available_points(), 0);
}

TEST_F(PosTillTest, APartialApprovalIsInAnswerReceiptAndStatus) {
  v1::PurchaseRequest wish = Wish(kGranted + 100);
  EXPECT_THAT(Buy(wish), Refuses(Reason::kInsufficientPoints, "points"));
  wish = Wish(kGranted + 100);
  wish.set_accept_partial(true);
  ASSERT_OK_AND_ASSIGN(const auto bought, Buy(wish));
  EXPECT_EQ(bought.purchase().points(), kGranted);
  EXPECT_EQ(bought.purchase().asked_points(), kGranted + 100);
  EXPECT_THAT(bought.receipt_lines(), Contains(HasSubstr("PARTIAL, ASKED FOR  600")));
  ASSERT_OK_AND_ASSIGN(const auto status, TransactionOf(wish.request_id()));
  EXPECT_EQ(status.purchase().asked_points(), kGranted + 100);
  // A duplicate is answered alike; one that does not accept a part is another call.
  EXPECT_EQ(Buy(wish)->SerializeAsString(), bought.SerializeAsString());
  wish.set_accept_partial(false);
  EXPECT_THAT(Buy(wish), Refuses(Reason::kRequestIdReused));
}

TEST_F(PosTillTest, ALineIsPaidAndRefundedByItself) {
  v1::PurchaseRequest wish = Wish(100);
  AddLine(&wish, 60);
  AddLine(&wish, 40, "5942");
  ASSERT_OK_AND_ASSIGN(const auto bought, Buy(wish));
  ASSERT_EQ(bought.purchase().lines_size(), 2);
  EXPECT_EQ(bought.purchase().lines(0).merchant_category(), "5411");
  EXPECT_EQ(bought.purchase().lines(1).paid_points(), 40);
  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(bought.purchase().retrieval_reference());
  refund.set_points(15);
  refund.add_lines()->set_line(1);
  refund.mutable_lines(0)->set_points(15);
  ASSERT_OK_AND_ASSIGN(const auto back, Ask(*pos_, &Pos::Refund, kTill, refund));
  ASSERT_EQ(back.refund().lines_size(), 1);
  EXPECT_EQ(back.refund().lines(0).line(), 1U);
  EXPECT_EQ(TransactionOf(wish.request_id())->purchase().lines(1).refunded_points(), 15);
  refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(bought.purchase().retrieval_reference());
  refund.set_points(26);
  refund.add_lines()->set_line(1);
  refund.mutable_lines(0)->set_points(26);
  EXPECT_THAT(Ask(*pos_, &Pos::Refund, kTill, refund),
              Refuses(Reason::kRefundAbovePurchase, "lines[0].points"));
  refund.set_request_id(NextRequestId());
  *refund.add_lines() = refund.lines(0);
  refund.set_points(52);
  EXPECT_THAT(Ask(*pos_, &Pos::Refund, kTill, refund),
              Refuses(Reason::kInvalidField, "lines[1].line"));
  refund.set_points(51);
  EXPECT_THAT(Ask(*pos_, &Pos::Refund, kTill, refund), Refuses(Reason::kInvalidField, "lines"));
  refund.set_points(0);
  EXPECT_THAT(Ask(*pos_, &Pos::Refund, kTill, refund), Refuses(Reason::kInvalidField, "points"));
}

TEST_F(PosTillTest, ALineThatTheTillMayNotNameIsNamed) {
  const auto wish = [this](std::int64_t points) {
    auto request = Call<v1::PurchaseRequest>(kForeignTill);
    request.set_card_number(card_);
    request.set_points(points);
    return request;
  };
  v1::PurchaseRequest other = wish(100);
  AddLine(&other, 60, "5411");
  AddLine(&other, 40, "5942");
  const auto refused = Ask(*pos_, &Pos::Purchase, kForeignTill, other);
  EXPECT_THAT(refused, Refuses(Reason::kLineNotAllowed, "lines[1]"));
  EXPECT_EQ(ledger::RefusalOf(refused.status())->metadata.at(0).second, "1");
  // It is an outcome, whatever becomes of the merchant.
  EXPECT_THAT(Ask(*pos_, &Pos::Purchase, kForeignTill, other),
              Refuses(Reason::kLineNotAllowed, "lines[1]"));
  v1::PurchaseRequest elsewhere = wish(10);
  AddLine(&elsewhere, 10);
  elsewhere.mutable_lines(0)->set_region("420106");
  EXPECT_THAT(Ask(*pos_, &Pos::Purchase, kForeignTill, elsewhere),
              Refuses(Reason::kLineNotAllowed, "lines[0]"));
  auto bill = Call<v1::CreateBillRequest>(kForeignTill);
  bill.set_points(40);
  *bill.add_lines() = other.lines(1);
  EXPECT_THAT(Ask(*pos_, &Pos::CreateBill, kForeignTill, bill),
              Refuses(Reason::kLineNotAllowed, "lines[0]"));
  EXPECT_EQ(Wallet().available_points(), kGranted);
  v1::PurchaseRequest own = wish(100);
  AddLine(&own, 60, "5411");
  AddLine(&own, 40);
  EXPECT_OK(Ask(*pos_, &Pos::Purchase, kForeignTill, own));
}

TEST_F(PosTillTest, ABasketThatIsNoneIsRefusedByItsLineAndChangesNothing) {
  v1::PurchaseRequest wish = Wish(100);
  AddLine(&wish, 60);
  AddLine(&wish, 41);
  EXPECT_THAT(Buy(wish), Refuses(Reason::kInvalidField, "lines"));
  wish.mutable_lines(1)->set_points(-1);
  EXPECT_THAT(Buy(wish), Refuses(Reason::kInvalidField, "lines[1].points"));
  wish.mutable_lines(1)->set_points(0);
  EXPECT_THAT(Buy(wish), Refuses(Reason::kInvalidField, "lines[1].points"));
  wish.mutable_lines(1)->set_points(40);
  wish.mutable_lines(1)->set_merchant_category("54");
  EXPECT_THAT(Buy(wish), Refuses(Reason::kInvalidField, "lines[1].merchant_category"));
  wish.mutable_lines(1)->set_merchant_category("");
  wish.mutable_lines(0)->set_region("42010");
  EXPECT_THAT(Buy(wish), Refuses(Reason::kInvalidField, "lines[0].region"));
  wish = Wish(10'000);
  for (int i = 0; i < 10'000; ++i) AddLine(&wish, 1);
  EXPECT_THAT(Buy(wish), Refuses(Reason::kInvalidField, "lines"));
  EXPECT_EQ(Wallet().available_points(), kGranted);
}

TEST_F(PosTillTest, ATipAboveTheAuthorisationIsRefusedByName) {
  const v1::Authorization held = Hold(AuthorizeWish(200));
  const auto above = Ask(*pos_, &Pos::Capture, kTill, CaptureWish(held.retrieval_reference(), 220));
  EXPECT_THAT(above, Refuses(Reason::kCaptureAboveAuthorization, "points"));
  EXPECT_THAT(std::string(above.status().message()), HasSubstr("a tip"));
}

TEST_F(PosTillTest, ABatchIsClosedWhenBothCountTheSameAndAgainForNothing) {
  ASSERT_OK(Buy(Wish(100)));
  ASSERT_OK(Buy(Wish(50)));
  v1::GetTotalsRequest ask;
  ask.set_terminal(TerminalOf(kTill));
  ask.set_batch_number(1);
  ASSERT_OK_AND_ASSIGN(const auto open, Ask(*pos_, &Pos::GetTotals, kTill, ask));
  ASSERT_EQ(open.totals_size(), 1);
  EXPECT_EQ(open.totals(0).kind(), v1::BATCH_KIND_PURCHASE);
  EXPECT_EQ(open.totals(0).count(), 2);
  EXPECT_EQ(open.totals(0).points(), 150);
  EXPECT_FALSE(open.closed());
  v1::CloseBatchRequest closing = Closing();
  Tell(&closing, v1::BATCH_KIND_PURCHASE, 2, 150);
  ASSERT_OK_AND_ASSIGN(const auto closed, Close(closing));
  EXPECT_TRUE(closed.closed());
  EXPECT_TRUE(closed.agreed());
  EXPECT_EQ(closed.next_batch_number(), 2U);
  EXPECT_EQ(Close(closing)->SerializeAsString(), closed.SerializeAsString());
  closing.set_request_id(NextRequestId());
  EXPECT_EQ(Close(closing)->SerializeAsString(), closed.SerializeAsString());
  EXPECT_THAT(Buy(Wish(1)), Refuses(Reason::kBatchClosed, "till.batch_number"));
  EXPECT_TRUE(Ask(*pos_, &Pos::GetTotals, kTill, ask)->closed());
  EXPECT_THAT(Ask(*pos_, &Pos::GetTotals, kForeignTill, ask), Refuses(Reason::kNotFound));
}

TEST_F(PosTillTest, ADifferenceNamesTheCallsThatOneSideLacks) {
  ASSERT_OK(Buy(Wish(100)));
  const std::uint32_t first = trace_number_;
  ASSERT_OK(Buy(Wish(50)));
  v1::CloseBatchRequest closing = Closing();
  Tell(&closing, v1::BATCH_KIND_PURCHASE, 2, 170);
  ASSERT_OK_AND_ASSIGN(const auto open, Close(closing));
  EXPECT_FALSE(open.closed());
  EXPECT_EQ(open.totals(0).points(), 150);
  EXPECT_FALSE(open.has_difference());
  const auto list = [&closing](std::uint32_t trace, v1::BatchKind kind, std::int64_t points) {
    v1::BatchCall& call = *closing.add_calls();
    call.set_trace_number(trace);
    call.set_kind(kind);
    call.set_points(points);
  };
  list(first, v1::BATCH_KIND_PURCHASE, 110);
  list(first + 7, v1::BATCH_KIND_REFUND, 60);
  ASSERT_OK_AND_ASSIGN(const auto told, Close(closing));
  ASSERT_EQ(told.difference().unlike_size(), 1);
  EXPECT_EQ(told.difference().unlike(0).points(), 100);
  ASSERT_EQ(told.difference().missing_here_size(), 1);
  EXPECT_EQ(told.difference().missing_here(0).trace_number(), first + 7);
  ASSERT_EQ(told.difference().missing_at_till_size(), 1);
  EXPECT_EQ(told.difference().missing_at_till(0).trace_number(), first + 1);
  closing.set_accept_difference(true);
  ASSERT_OK_AND_ASSIGN(const auto closed, Close(closing));
  EXPECT_TRUE(closed.closed());
  EXPECT_FALSE(closed.agreed());
}

// A call that was answered is answered so again, before anything is asked of the batch.
TEST_F(PosTillTest, ARequestIdOfAnotherCallClosesNothingAndTellsNothing) {
  const v1::PurchaseRequest bought = Wish(100);
  ASSERT_OK(Buy(bought));
  v1::CloseBatchRequest closing = Closing();
  closing.set_request_id(bought.request_id());
  EXPECT_THAT(Close(closing), Refuses(Reason::kRequestIdReused));
  Tell(&closing, v1::BATCH_KIND_PURCHASE, 1, 100);
  EXPECT_THAT(Close(closing), Refuses(Reason::kRequestIdReused));
  closing.set_request_id(NextRequestId());
  EXPECT_TRUE(Close(closing)->closed());
}

TEST_F(PosTillTest, ABadClosingIsRefusedByItsField) {
  v1::CloseBatchRequest closing = Closing();
  closing.set_batch_number(0);
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "batch_number"));
  closing = Closing();
  Tell(&closing, v1::BATCH_KIND_UNSPECIFIED, 1, 1);
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "totals[0].kind"));
  closing = Closing();
  Tell(&closing, v1::BATCH_KIND_REFUND, -1, 1);
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "totals[0].count"));
  closing = Closing();
  Tell(&closing, v1::BATCH_KIND_REFUND, 1, -1);
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "totals[0].points"));
  closing = Closing();
  Tell(&closing, v1::BATCH_KIND_REFUND, 1, 1);
  Tell(&closing, v1::BATCH_KIND_REFUND, 1, 1);
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "totals[1].kind"));
  closing = Closing();
  closing.set_last_trace_number(1'000'000);
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "last_trace_number"));
  closing = Closing();
  for (std::uint32_t i = 1; i <= 1'001; ++i) {
    v1::BatchCall& call = *closing.add_calls();
    call.set_trace_number(i);
    call.set_kind(v1::BATCH_KIND_VOID);
    call.set_points(1);
  }
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "calls"));
  closing = Closing();
  closing.set_request_id("no id");
  Tell(&closing, v1::BATCH_KIND_VOID, 1, 1);
  EXPECT_THAT(Close(closing), Refuses(Reason::kInvalidField, "request_id"));
  closing = Closing();
  closing.set_terminal(TerminalOf(kForeignTill));
  EXPECT_THAT(Close(closing), Refuses(Reason::kNotFound));
}

}  // namespace
}  // namespace puhui::services
