// SPDX-License-Identifier: Apache-2.0
// Points that a till reserves, from the call to every place where they show, over the whole ledger
// with its timers: what is due is done by the chores of both sides.
#include "tests/unit/services/merchant/pos_fixture.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using PosAuthorizationTest = PosTest;

TEST_F(PosAuthorizationTest, WhatIsHeldShowsEverywhereAndIsStillTheMembers) {
  const v1::AuthorizeRequest wish = AuthorizeWish(200);
  ASSERT_OK_AND_ASSIGN(const auto response, Ask(*pos_, &Pos::Authorize, kTill, wish));
  const v1::Authorization& held = response.authorization();
  EXPECT_EQ(held.state(), v1::AUTHORIZATION_STATE_HELD);
  EXPECT_EQ(held.points(), 200);
  EXPECT_EQ(held.retrieval_reference().size(), 12U);
  EXPECT_EQ(held.authorization_code().size(), 6U);
  EXPECT_EQ(held.masked_card(), "************" + card_.substr(12));
  EXPECT_EQ(held.terminal(), "merchants/m-1/terminals/t-1");
  EXPECT_EQ(held.trace_number(), wish.till().trace_number());
  EXPECT_GE(held.expire_time().seconds() - held.authorize_time().seconds(), 7 * 24 * 3'600);
  ASSERT_EQ(response.receipt_lines_size(), 5);
  EXPECT_EQ(response.receipt_lines(0), "预授权 AUTHORIZATION  200");

  const v1::Wallet wallet = Wallet();
  EXPECT_EQ(wallet.available_points(), kGranted - 200);
  EXPECT_EQ(wallet.held_points(), 200);
  EXPECT_EQ(wallet.lots(0).remaining_points(), kGranted);
  EXPECT_EQ(wallet.lots(0).held_points(), 200);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_HELD, member_), 200);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_WALLET, member_), kGranted - 200);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_HELD, member_, LastRecord() - 1), 0);
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(wish.request_id()));
  EXPECT_EQ(transaction.authorization().SerializeAsString(), held.SerializeAsString());

  ASSERT_OK_AND_ASSIGN(const auto balance, Ask(*audit_, &v1::AuditService::Stub::GetTrialBalance,
                                               kAuditor, v1::GetTrialBalanceRequest()));
  EXPECT_TRUE(balance.balanced());
  std::int64_t held_in_all = 0;
  for (const v1::TrialBalanceLine& line : balance.lines()) {
    if (line.kind() == v1::ACCOUNT_KIND_HELD) held_in_all += line.points();
  }
  EXPECT_EQ(held_in_all, 200);
}

TEST_F(PosAuthorizationTest, OneReferenceLeadsFromTheHoldToTheRefund) {
  const std::string reference = Hold(AuthorizeWish(200)).retrieval_reference();
  // At another till of the merchant.
  const v1::CaptureRequest wish = CaptureWish(reference, 120, kSecondTill);
  ASSERT_OK_AND_ASSIGN(const auto captured, Ask(*pos_, &Pos::Capture, kSecondTill, wish));
  EXPECT_EQ(captured.purchase().retrieval_reference(), reference);
  EXPECT_EQ(captured.purchase().state(), v1::PURCHASE_STATE_CAPTURED);
  EXPECT_EQ(captured.purchase().points(), 120);
  EXPECT_EQ(captured.purchase().fee_points(), 3);
  EXPECT_EQ(captured.purchase().terminal(), "merchants/m-1/terminals/t-2");
  EXPECT_EQ(captured.released_points(), 80);
  EXPECT_EQ(captured.receipt_lines(0), "预授权完成 CAPTURE  120");
  EXPECT_EQ(Wallet().available_points(), kGranted - 120);
  EXPECT_EQ(Wallet().held_points(), 0);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 117);

  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(reference);
  refund.set_points(20);
  ASSERT_OK_AND_ASSIGN(const auto refunded, Ask(*pos_, &Pos::Refund, kTill, refund));
  EXPECT_EQ(refunded.refund().purchase_reference(), reference);
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(wish.request_id(), kSecondTill));
  EXPECT_EQ(transaction.purchase().retrieval_reference(), reference);
  EXPECT_EQ(transaction.purchase().refunded_points(), 20);
  // The same answer for the same request, whatever happened since.
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*pos_, &Pos::Capture, kSecondTill, wish));
  EXPECT_EQ(again.SerializeAsString(), captured.SerializeAsString());

  v1::ListActivityRequest list;
  list.set_parent(member_);
  ASSERT_OK_AND_ASSIGN(const auto page,
                       Ask(*wallets_, &v1::WalletService::Stub::ListActivity, kHr, list));
  std::vector<std::string> lines;
  for (const v1::Activity& activity : page.activities()) {
    lines.push_back(absl::StrCat(activity.kind(), " ", activity.points(), " ",
                                 activity.held_points(), " ", activity.points_after()));
  }
  EXPECT_THAT(lines, ElementsAre("REFUND 20 0 400", "CAPTURE -120 -200 380",
                                 "AUTHORIZATION 0 200 500", "GRANT 500 0 500"));
  EXPECT_EQ(page.activities(1).counterparty(), "merchants/m-1");
}

TEST_F(PosAuthorizationTest, ABasketIsHeldCapturedAndRefundedLineByLine) {
  v1::AuthorizeRequest wish = AuthorizeWish(200);
  wish.add_lines()->set_points(120);
  v1::BasketLine& books = *wish.add_lines();
  books.set_points(80);
  books.set_merchant_category("5942");
  books.set_region("420106");
  const v1::Authorization held = Hold(wish);
  ASSERT_EQ(held.lines_size(), 2);
  EXPECT_EQ(held.lines(0).merchant_category(), "5411");
  EXPECT_EQ(held.lines(0).paid_points(), 120);
  EXPECT_EQ(held.lines(1).region(), "420106");
  const std::string reference = held.retrieval_reference();
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(wish.request_id()));
  EXPECT_EQ(transaction.authorization().SerializeAsString(), held.SerializeAsString());

  v1::CaptureRequest capture = CaptureWish(reference, 90);
  const auto name = [&capture](std::uint32_t line, std::int64_t points) {
    v1::CaptureLine& named = *capture.add_lines();
    named.set_line(line);
    named.set_points(points);
  };
  name(1, 81);
  name(0, 9);
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, capture),
              Refuses(Reason::kCaptureAboveAuthorization, "lines[0].points"));
  capture = CaptureWish(reference, 90);
  name(1, 80);
  name(0, 10);
  ASSERT_OK_AND_ASSIGN(const auto captured, Ask(*pos_, &Pos::Capture, kTill, capture));
  ASSERT_EQ(captured.purchase().lines_size(), 2);
  EXPECT_EQ(captured.purchase().lines(0).points(), 120);
  EXPECT_EQ(captured.purchase().lines(0).paid_points(), 10);
  EXPECT_EQ(captured.purchase().lines(1).paid_points(), 80);
  EXPECT_EQ(captured.released_points(), 110);
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*pos_, &Pos::Capture, kTill, capture));
  EXPECT_EQ(again.SerializeAsString(), captured.SerializeAsString());

  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(reference);
  refund.set_points(30);
  v1::RefundLine& back = *refund.add_lines();
  back.set_line(1);
  back.set_points(30);
  ASSERT_OK(Ask(*pos_, &Pos::Refund, kTill, refund));
  ASSERT_OK_AND_ASSIGN(const auto refunded, TransactionOf(capture.request_id()));
  EXPECT_EQ(refunded.purchase().lines(0).refunded_points(), 0);
  EXPECT_EQ(refunded.purchase().lines(1).refunded_points(), 30);
}

TEST_F(PosAuthorizationTest, AVoidedOneIsGoneAndSaysSo) {
  const v1::AuthorizeRequest wish = AuthorizeWish(200);
  const std::string reference = Hold(wish).retrieval_reference();
  const v1::VoidRequest give_up = VoidWish(reference);
  ASSERT_OK_AND_ASSIGN(const auto voided, Ask(*pos_, &Pos::Void, kTill, give_up));
  EXPECT_EQ(voided.authorization().retrieval_reference(), reference);
  EXPECT_EQ(voided.authorization().state(), v1::AUTHORIZATION_STATE_VOIDED);
  EXPECT_EQ(voided.receipt_lines(0), "预授权撤销 VOID  200");
  EXPECT_THAT(voided.receipt_lines(4),
              HasSubstr(absl::StrFormat("%06d", give_up.till().trace_number())));
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*pos_, &Pos::Void, kTill, give_up));
  EXPECT_EQ(again.SerializeAsString(), voided.SerializeAsString());
  EXPECT_EQ(Wallet().available_points(), kGranted);
  for (const std::string& request_id : {wish.request_id(), give_up.request_id()}) {
    ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(request_id));
    EXPECT_EQ(transaction.authorization().state(), v1::AUTHORIZATION_STATE_VOIDED);
  }
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish(reference, 1)),
              Refuses(Reason::kAuthorizationVoided));
}

TEST_F(PosAuthorizationTest, NobodyElsesAuthorizationIsFoundOrCaptured) {
  const std::string reference = Hold(AuthorizeWish(200)).retrieval_reference();
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kForeignTill, CaptureWish(reference, 1, kForeignTill)),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kSecondTill, CaptureWish(reference, 1)),
              Refuses(Reason::kNotFound));  // In the name of another till.
  v1::GetTransactionRequest ask;
  ask.set_terminal(TerminalOf(kForeignTill));
  ask.set_retrieval_reference(reference);
  EXPECT_THAT(Ask(*pos_, &Pos::GetTransaction, kForeignTill, ask), Refuses(Reason::kNotFound));
  EXPECT_EQ(Wallet().held_points(), 200);
}

TEST_F(PosAuthorizationTest, EveryFieldIsReadAndTheOneAtFaultIsNamed) {
  struct Row {
    const char* field;
    std::function<void(v1::AuthorizeRequest&)> spoil;
  };
  const std::vector<Row> rows = {
      {"request_id", [](auto& wish) { wish.set_request_id("1"); }},
      {"till.terminal", [](auto& wish) { wish.mutable_till()->set_terminal("t-1"); }},
      {"till.batch_number", [](auto& wish) { wish.mutable_till()->set_batch_number(0); }},
      {"till.trace_number", [](auto& wish) { wish.mutable_till()->set_trace_number(1'000'000); }},
      {"card_number", [](auto& wish) { wish.set_card_number("6212345678901233"); }},
      {"points", [](auto& wish) { wish.set_points(0); }},
      {"points", [](auto& wish) { wish.set_points(Points::kMax + 1); }},
      {"lifetime", [](auto& wish) { wish.mutable_lifetime()->set_seconds(59); }},
      {"lifetime", [](auto& wish) { wish.mutable_lifetime()->set_seconds(604'801); }},
      {"lines", [](auto& wish) { wish.add_lines()->set_points(9); }},
      {"lines[0].points", [](auto& wish) { wish.add_lines()->set_points(-1); }},
      {"lines",
       [](auto& wish) {
         for (int i = 0; i < 10'000; ++i) wish.add_lines()->set_points(1);
       }},
  };
  const Sequence last = LastRecord();
  for (const Row& row : rows) {
    v1::AuthorizeRequest wish = AuthorizeWish(10);
    row.spoil(wish);
    EXPECT_THAT(Ask(*pos_, &Pos::Authorize, kTill, wish),
                Refuses(Reason::kInvalidField, row.field));
  }
  for (const char* reference : {"", "12", "000000000000", "00000000000x"}) {
    EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish(reference, 1)),
                Refuses(Reason::kInvalidField, "authorization_reference"));
    EXPECT_THAT(Ask(*pos_, &Pos::Void, kTill, VoidWish(reference)),
                Refuses(Reason::kInvalidField, "authorization_reference"));
  }
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish("000000000001", 0)),
              Refuses(Reason::kInvalidField, "points"));
  v1::CaptureRequest capture = CaptureWish("000000000001", 2);
  capture.add_lines()->set_points(1);
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, capture), Refuses(Reason::kInvalidField, "lines"));
  capture.add_lines()->set_points(1);
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, capture),
              Refuses(Reason::kInvalidField, "lines[1].line"));
  capture.mutable_lines(1)->set_points(-1);
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, capture),
              Refuses(Reason::kInvalidField, "lines[1].points"));
  EXPECT_EQ(LastRecord(), last);
}

TEST_F(PosAuthorizationTest, ReversalsAnswerWithWhatTheyUndid) {
  const v1::AuthorizeRequest authorize = AuthorizeWish(100);
  Hold(authorize);
  auto reverse = Call<v1::ReverseRequest>(kTill);
  reverse.set_original_request_id(authorize.request_id());
  ASSERT_OK_AND_ASSIGN(const auto voided, Ask(*pos_, &Pos::Reverse, kTill, reverse));
  EXPECT_TRUE(voided.original_found());
  EXPECT_EQ(voided.authorization().state(), v1::AUTHORIZATION_STATE_VOIDED);
  EXPECT_FALSE(voided.has_purchase());

  const std::string reference = Hold(AuthorizeWish(100)).retrieval_reference();
  const v1::CaptureRequest capture = CaptureWish(reference, 60);
  ASSERT_OK(Ask(*pos_, &Pos::Capture, kTill, capture));
  reverse = Call<v1::ReverseRequest>(kTill);
  reverse.mutable_original_keys()->set_batch_number(1);
  reverse.mutable_original_keys()->set_trace_number(capture.till().trace_number());
  ASSERT_OK_AND_ASSIGN(const auto reversed, Ask(*pos_, &Pos::Reverse, kTill, reverse));
  EXPECT_EQ(reversed.purchase().retrieval_reference(), reference);
  EXPECT_EQ(reversed.purchase().state(), v1::PURCHASE_STATE_REVERSED);
  EXPECT_FALSE(reversed.has_authorization());
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(reverse.request_id()));
  EXPECT_EQ(transaction.purchase().state(), v1::PURCHASE_STATE_REVERSED);
  EXPECT_EQ(Wallet().available_points(), kGranted);
}

// Both sides' chores: the run that granted the points was the issuing side's.
TEST_F(PosAuthorizationTest, TheTimerEndsWhatNobodyCaptured) {
  v1::AuthorizeRequest wish = AuthorizeWish(200);
  wish.mutable_lifetime()->set_seconds(60);
  const v1::Authorization held = Hold(wish);
  EXPECT_LE(held.expire_time().seconds() - held.authorize_time().seconds(), 61);
  v1::AuthorizeRequest longer = AuthorizeWish(50);
  longer.mutable_lifetime()->set_seconds(120);
  Hold(longer);
  Advance(absl::Seconds(62));
  ASSERT_NO_FATAL_FAILURE(AwaitHeld(50));
  EXPECT_EQ(Wallet().available_points(), kGranted - 50);
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(wish.request_id()));
  EXPECT_EQ(transaction.authorization().state(), v1::AUTHORIZATION_STATE_EXPIRED);
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish(held.retrieval_reference(), 200)),
              Refuses(Reason::kAuthorizationExpired));
}

// The lot expires, is swept but for what is held, gets its points back, and is swept again.
TEST_F(PosAuthorizationTest, NothingStaysInALotThatExpiredWhileItWasHeld) {
  Advance(absl::Hours(24 * 89));
  v1::AuthorizeRequest wish = AuthorizeWish(200);
  Hold(wish);
  const std::int64_t before = Account(v1::ACCOUNT_KIND_BUDGET, "unions/fh-1");
  Advance(absl::Hours(24 * 2));
  const auto await_budget = [&](std::int64_t points) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (Account(v1::ACCOUNT_KIND_BUDGET, "unions/fh-1") != points) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  };
  ASSERT_NO_FATAL_FAILURE(await_budget(before + 300));
  EXPECT_EQ(Wallet().held_points(), 200);
  Advance(absl::Hours(24 * 6));
  ASSERT_NO_FATAL_FAILURE(AwaitHeld(0));
  EXPECT_EQ(Wallet().available_points(), 200);
  Advance(absl::Hours(24 * 31));
  ASSERT_NO_FATAL_FAILURE(await_budget(before + kGranted));
  EXPECT_EQ(Wallet().lots_size(), 0);
}

}  // namespace
}  // namespace puhui::services
