// SPDX-License-Identifier: Apache-2.0
// Bills, from the till that presents one to the member who pays it and back.
#include "ledger/base/limits.h"
#include "merchant/app/limit_commands.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include "absl/strings/str_format.h"
#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class PosBillTest : public PosTest {
 protected:
  using Wallets = v1::WalletService::Stub;
  v1::CreateBillRequest BillWish(std::int64_t points, const std::string& path = kTill) {
    auto request = Call<v1::CreateBillRequest>(path);
    request.set_points(points);
    return request;
  }
  // One that must come about.
  v1::CreateBillResponse Present(const v1::CreateBillRequest& request) {
    const auto response = Ask(*pos_, &Pos::CreateBill, kTill, request);
    EXPECT_OK(response);
    return response.ok() ? *response : v1::CreateBillResponse();
  }
  std::string App() const { return "/member/" + member_; }
  v1::PayBillRequest PayWish(const std::string& qr_text) {
    v1::PayBillRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(member_ + "/wallet");
    request.set_qr_text(qr_text);
    return request;
  }
  absl::StatusOr<v1::PayBillResponse> Pay(const v1::PayBillRequest& request) {
    return Ask(*wallets_, &Wallets::PayBill, App(), request);
  }
  absl::StatusOr<v1::GetBillResponse> Read(const std::string& qr_text) {
    v1::GetBillRequest request;
    request.set_name(member_ + "/wallet");
    request.set_qr_text(qr_text);
    return Ask(*wallets_, &Wallets::GetBill, App(), request);
  }
  absl::StatusOr<v1::GetTransactionResponse> Transaction(const v1::Bill& bill, bool by_reference) {
    v1::GetTransactionRequest ask;
    ask.set_terminal(bill.terminal());
    ask.mutable_keys()->set_batch_number(bill.batch_number());
    ask.mutable_keys()->set_trace_number(bill.trace_number());
    if (by_reference) ask.set_retrieval_reference(bill.retrieval_reference());
    return Ask(*pos_, &Pos::GetTransaction, kTill, ask);
  }
  v1::ReverseRequest ReverseWish(const v1::Bill& bill) {
    auto request = Call<v1::ReverseRequest>(kTill);
    request.mutable_original_keys()->set_batch_number(bill.batch_number());
    request.mutable_original_keys()->set_trace_number(bill.trace_number());
    return request;
  }
  // To fewer points an hour than any bill here has.
  void Limit(const merchant::LimitTarget& target) {
    EXPECT_OK(ledger_.engine->Run(
        std::make_unique<merchant::SetLimitsCommand>(
            merchant::TillState{.tables = &ledger_.books.merchant, .views = &ledger_.books.views},
            merchant::SetLimitsCommand::Wish{
                .target = target,
                .limits = {{.window = merchant::LimitWindow::kHour, .points_max = 100}}}),
        ledger::Priority::kInteractive));
  }
  v1::BillState StateOf(const v1::Bill& bill) {
    const auto transaction = Transaction(bill, false);
    EXPECT_OK(transaction);
    return transaction.ok() ? transaction->bill().state() : v1::BILL_STATE_UNSPECIFIED;
  }
};

TEST_F(PosBillTest, AMemberReadsItAndPaysAndTheTillHearsOfIt) {
  const v1::CreateBillRequest wish = BillWish(200);
  const v1::CreateBillResponse presented = Present(wish);
  const v1::Bill& bill = presented.bill();
  EXPECT_EQ(bill.state(), v1::BILL_STATE_OPEN);
  EXPECT_EQ(bill.points(), 200);
  EXPECT_EQ(bill.retrieval_reference().size(), 12U);
  EXPECT_EQ(bill.terminal(), "merchants/m-1/terminals/t-1");
  EXPECT_EQ(bill.trace_number(), wish.till().trace_number());
  EXPECT_EQ(bill.expire_time().seconds() - bill.create_time().seconds(), 300);
  EXPECT_THAT(presented.qr_text(),
              StartsWith(absl::StrCat("puhui:bill/", bill.retrieval_reference(), "/")));
  EXPECT_EQ(presented.qr_text().size(), 56U);
  ASSERT_OK_AND_ASSIGN(const auto open, TransactionOf(wish.request_id()));
  EXPECT_EQ(open.outcome_case(), v1::GetTransactionResponse::OUTCOME_NOT_SET);
  EXPECT_EQ(open.bill().SerializeAsString(), bill.SerializeAsString());

  ASSERT_OK_AND_ASSIGN(const auto read, Read(presented.qr_text()));
  EXPECT_EQ(read.merchant(), "merchants/m-1");
  EXPECT_EQ(read.points(), 200);
  EXPECT_EQ(read.state(), v1::BILL_STATE_OPEN);
  EXPECT_TRUE(read.payable());
  EXPECT_EQ(read.reason(), "");
  EXPECT_EQ(read.available_points(), kGranted);
  EXPECT_EQ(read.approved_points(), 200);
  EXPECT_EQ(read.expire_time().SerializeAsString(), bill.expire_time().SerializeAsString());

  ASSERT_OK_AND_ASSIGN(const auto paid, Pay(PayWish(presented.qr_text())));
  EXPECT_EQ(paid.payment().retrieval_reference(), bill.retrieval_reference());
  EXPECT_EQ(paid.payment().merchant(), "merchants/m-1");
  EXPECT_EQ(paid.payment().points(), 200);
  EXPECT_EQ(paid.payment().asked_points(), 0);
  EXPECT_EQ(paid.payment().authorization_code().size(), 6U);
  EXPECT_EQ(Wallet().available_points(), kGranted - 200);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 195);

  for (const bool by_reference : {false, true}) {
    ASSERT_OK_AND_ASSIGN(const auto done, Transaction(bill, by_reference));
    EXPECT_EQ(done.bill().state(), v1::BILL_STATE_PAID);
    EXPECT_EQ(done.purchase().retrieval_reference(), bill.retrieval_reference());
    EXPECT_EQ(done.purchase().state(), v1::PURCHASE_STATE_CAPTURED);
    EXPECT_EQ(done.purchase().points(), 200);
    EXPECT_EQ(done.purchase().trace_number(), bill.trace_number());
    EXPECT_EQ(done.purchase().authorization_code(), paid.payment().authorization_code());
    ASSERT_EQ(done.receipt_lines_size(), 5);
    EXPECT_EQ(done.receipt_lines(0), "积分消费 PURCHASE  200");
    EXPECT_THAT(done.receipt_lines(4),
                HasSubstr(absl::StrFormat("%06d", wish.till().trace_number())));
  }
  ASSERT_OK_AND_ASSIGN(const auto late, Read(presented.qr_text()));
  EXPECT_EQ(late.state(), v1::BILL_STATE_PAID);
  EXPECT_FALSE(late.payable());
  EXPECT_EQ(late.reason(), "BILL_PAID");
  EXPECT_EQ(late.approved_points(), 0);
}

TEST_F(PosBillTest, OneReferenceLeadsFromTheBillToTheRefundAndTheBatch) {
  const v1::CreateBillResponse presented = Present(BillWish(200));
  ASSERT_OK(Pay(PayWish(presented.qr_text())));
  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(presented.bill().retrieval_reference());
  refund.set_points(50);
  ASSERT_OK(Ask(*pos_, &Pos::Refund, kTill, refund));
  v1::CloseBatchRequest close;
  close.set_request_id(NextRequestId());
  close.set_terminal(TerminalOf(kTill));
  close.set_batch_number(1);
  const auto tell = [&close](v1::BatchKind kind, std::int64_t points) {
    v1::KindTotal& total = *close.add_totals();
    total.set_kind(kind);
    total.set_count(1);
    total.set_points(points);
  };
  tell(v1::BATCH_KIND_PURCHASE, 200);
  tell(v1::BATCH_KIND_REFUND, 50);
  ASSERT_OK_AND_ASSIGN(const auto closed, Ask(*pos_, &Pos::CloseBatch, kTill, close));
  EXPECT_TRUE(closed.closed());
  EXPECT_TRUE(closed.agreed());
  ASSERT_OK_AND_ASSIGN(const auto reversed,
                       Ask(*pos_, &Pos::Reverse, kTill, ReverseWish(presented.bill())));
  EXPECT_TRUE(reversed.original_found());
  EXPECT_EQ(reversed.purchase().state(), v1::PURCHASE_STATE_REVERSED);
  EXPECT_FALSE(reversed.has_bill());
  ASSERT_OK_AND_ASSIGN(const auto undone, Transaction(presented.bill(), true));
  EXPECT_EQ(undone.bill().state(), v1::BILL_STATE_PAID);
  EXPECT_TRUE(undone.receipt_lines().empty());
  EXPECT_THAT(Pay(PayWish(presented.qr_text())), Refuses(Reason::kBillPaid));
  EXPECT_EQ(Wallet().available_points(), kGranted);
}

TEST_F(PosBillTest, EveryCallIsAnsweredAsTheFirstTime) {
  const v1::CreateBillRequest wish = BillWish(200);
  const v1::CreateBillResponse presented = Present(wish);
  v1::PayBillRequest pay = PayWish(presented.qr_text());
  ASSERT_OK_AND_ASSIGN(const auto paid, Pay(pay));
  const v1::CreateBillResponse cancelled = Present(BillWish(10));
  const v1::ReverseRequest reverse = ReverseWish(cancelled.bill());
  ASSERT_OK_AND_ASSIGN(const auto reversed, Ask(*pos_, &Pos::Reverse, kTill, reverse));
  EXPECT_TRUE(reversed.original_found());
  EXPECT_EQ(reversed.bill().state(), v1::BILL_STATE_CANCELLED);
  const v1::PayBillRequest too_late = PayWish(cancelled.qr_text());
  EXPECT_THAT(Pay(too_late), Refuses(Reason::kBillCancelled));
  Advance(absl::Hours(24));
  for (int i = 0; i < 3; ++i) Present(BillWish(1));  // By which those before are forgotten.
  EXPECT_THAT(Pay(PayWish(presented.qr_text())), Refuses(Reason::kNotFound));
  EXPECT_EQ(Present(wish).SerializeAsString(), presented.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto paid_again, Pay(pay));
  EXPECT_EQ(paid_again.SerializeAsString(), paid.SerializeAsString());
  EXPECT_THAT(Pay(too_late), Refuses(Reason::kBillCancelled));
  ASSERT_OK_AND_ASSIGN(const auto reversed_again, Ask(*pos_, &Pos::Reverse, kTill, reverse));
  EXPECT_EQ(reversed_again.SerializeAsString(), reversed.SerializeAsString());
  pay.set_qr_text(cancelled.qr_text());
  EXPECT_THAT(Pay(pay), Refuses(Reason::kRequestIdReused));
  // How each ended is known to the till for good.
  EXPECT_EQ(StateOf(presented.bill()), v1::BILL_STATE_PAID);
  EXPECT_EQ(StateOf(cancelled.bill()), v1::BILL_STATE_CANCELLED);
}

TEST_F(PosBillTest, WhatNobodyPaidInTimeIsExpired) {
  v1::CreateBillRequest wish = BillWish(200);
  wish.mutable_lifetime()->set_seconds(30);
  const v1::CreateBillResponse presented = Present(wish);
  Advance(absl::Seconds(31));
  EXPECT_THAT(Pay(PayWish(presented.qr_text())), Refuses(Reason::kBillExpired));
  EXPECT_EQ(StateOf(presented.bill()), v1::BILL_STATE_EXPIRED);
  ASSERT_OK_AND_ASSIGN(const auto read, Read(presented.qr_text()));
  EXPECT_EQ(read.reason(), "BILL_EXPIRED");
  ASSERT_OK_AND_ASSIGN(const auto reversed,
                       Ask(*pos_, &Pos::Reverse, kTill, ReverseWish(presented.bill())));
  EXPECT_TRUE(reversed.original_found());
  EXPECT_EQ(reversed.bill().state(), v1::BILL_STATE_EXPIRED);
  EXPECT_EQ(Wallet().available_points(), kGranted);
}

TEST_F(PosBillTest, ADeclineSaysWhyAndAnotherTryMayPay) {
  v1::CreateBillRequest wish = BillWish(kGranted + 100);
  const v1::CreateBillResponse whole = Present(wish);
  ASSERT_OK_AND_ASSIGN(const auto read, Read(whole.qr_text()));
  EXPECT_FALSE(read.payable());
  EXPECT_EQ(read.reason(), "INSUFFICIENT_POINTS");
  EXPECT_EQ(read.available_points(), kGranted);
  const v1::PayBillRequest pay = PayWish(whole.qr_text());
  const auto declined = Pay(pay);
  EXPECT_THAT(declined, Refuses(Reason::kInsufficientPoints));
  EXPECT_THAT(ledger::RefusalOf(declined.status())->metadata,
              ::testing::ElementsAre(::testing::Pair("available", absl::StrCat(kGranted))));
  EXPECT_EQ(StateOf(whole.bill()), v1::BILL_STATE_OPEN);
  // The decline is the member's: the till does not find it, though its reference is easily guessed.
  v1::Bill next = whole.bill();
  next.set_retrieval_reference(
      absl::StrFormat("%012d", std::stoll(next.retrieval_reference()) + 1));
  EXPECT_THAT(Transaction(next, true), Refuses(Reason::kNotFound));
  wish = BillWish(kGranted + 100);
  wish.set_accept_partial(true);
  const v1::CreateBillResponse part = Present(wish);
  ASSERT_OK_AND_ASSIGN(const auto partly, Read(part.qr_text()));
  EXPECT_TRUE(partly.payable());
  EXPECT_EQ(partly.approved_points(), kGranted);
  ASSERT_OK_AND_ASSIGN(const auto paid, Pay(PayWish(part.qr_text())));
  EXPECT_EQ(paid.payment().points(), kGranted);
  EXPECT_EQ(paid.payment().asked_points(), kGranted + 100);
  // A decline is an outcome: its copy does not become a payment when points come.
  ASSERT_OK(Ask(*pos_, &Pos::Reverse, kTill, ReverseWish(part.bill())));
  EXPECT_THAT(Pay(pay), Refuses(Reason::kInsufficientPoints));
}

TEST_F(PosBillTest, GetBillSaysWhatPayBillSays) {
  const v1::CreateBillResponse presented = Present(BillWish(200));
  const auto both_say = [&](Reason reason) {
    const auto read = Read(presented.qr_text());
    ASSERT_OK(read);
    EXPECT_EQ(read->reason(), ledger::ReasonName(reason));
    EXPECT_FALSE(read->payable());
    EXPECT_EQ(read->approved_points(), 0);
    EXPECT_THAT(Pay(PayWish(presented.qr_text())), Refuses(reason));
  };
  Limit({.subject = merchant::LimitSubject::kMember});
  both_say(Reason::kMemberLimit);
  Limit({.subject = merchant::LimitSubject::kTerminal,
         .merchant = *MerchantId::Parse("m-1", "id"),
         .terminal = *TerminalId::Parse("t-1", "id")});
  both_say(Reason::kTerminalLimit);
  v1::CloseBatchRequest close;
  close.set_request_id(NextRequestId());
  close.set_terminal(TerminalOf(kTill));
  close.set_batch_number(1);
  ASSERT_OK(Ask(*pos_, &Pos::CloseBatch, kTill, close));
  both_say(Reason::kBatchClosed);
  EXPECT_THAT(Ask(*pos_, &Pos::CreateBill, kTill, BillWish(1)), Refuses(Reason::kBatchClosed));
  Advance(kBillLifetimeDefault + absl::Seconds(1));
  both_say(Reason::kBillExpired);
}

TEST_F(PosBillTest, LinesAreShownAsAskedAndPaidAsTheyStand) {
  v1::CreateBillRequest wish = BillWish(100);
  wish.add_lines()->set_points(60);
  v1::BasketLine& line = *wish.add_lines();
  line.set_merchant_category("5942");
  line.set_region("420106");
  line.set_points(40);
  const v1::CreateBillResponse presented = Present(wish);
  ASSERT_EQ(presented.bill().lines_size(), 2);
  EXPECT_EQ(presented.bill().lines(0).merchant_category(), "");
  EXPECT_EQ(presented.bill().lines(1).region(), "420106");
  ASSERT_OK_AND_ASSIGN(const auto read, Read(presented.qr_text()));
  ASSERT_EQ(read.lines_size(), 2);
  EXPECT_EQ(read.lines(1).SerializeAsString(), line.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto paid, Pay(PayWish(presented.qr_text())));
  ASSERT_EQ(paid.payment().lines_size(), 2);
  EXPECT_EQ(paid.payment().lines(0).merchant_category(), "5411");
  EXPECT_EQ(paid.payment().lines(1).paid_points(), 40);
}

TEST_F(PosBillTest, NobodyElsesBillOrWalletIsThere) {
  EXPECT_THAT(Ask(*pos_, &Pos::CreateBill, kSecondTill, BillWish(1)), Refuses(Reason::kNotFound));
  EXPECT_THAT(Ask(*pos_, &Pos::CreateBill, kForeignTill, BillWish(1)), Refuses(Reason::kNotFound));
  const v1::CreateBillResponse presented = Present(BillWish(200));
  v1::GetTransactionRequest ask;
  ask.set_terminal(TerminalOf(kForeignTill));
  ask.set_retrieval_reference(presented.bill().retrieval_reference());
  EXPECT_THAT(Ask(*pos_, &Pos::GetTransaction, kForeignTill, ask), Refuses(Reason::kNotFound));
  // A member pays out of no other wallet, whoever else's code it is.
  const v1::PayBillRequest pay = PayWish(presented.qr_text());
  const std::string other = Enrol(7, 7).front();
  EXPECT_THAT(Ask(*wallets_, &Wallets::PayBill, "/member/" + other, pay),
              Refuses(Reason::kNotFound));
  v1::GetBillRequest read;
  read.set_name(member_ + "/wallet");
  read.set_qr_text(presented.qr_text());
  EXPECT_THAT(Ask(*wallets_, &Wallets::GetBill, "/member/" + other, read),
              Refuses(Reason::kNotFound));
  // What is guessed is answered like what is not there.
  std::string guessed = presented.qr_text();
  guessed.back() = guessed.back() == '0' ? '1' : '0';
  std::string unknown = presented.qr_text();
  unknown[22] = unknown[22] == '9' ? '8' : '9';
  for (const std::string& text : {guessed, unknown}) {
    const auto paid = Pay(PayWish(text));
    EXPECT_THAT(paid, Refuses(Reason::kNotFound));
    EXPECT_EQ(paid.status().message(), "no such bill");
    EXPECT_EQ(Read(text).status(), paid.status());
  }
  EXPECT_EQ(StateOf(presented.bill()), v1::BILL_STATE_OPEN);
}

TEST_F(PosBillTest, EveryFieldIsReadAndTheOneAtFaultIsNamed) {
  struct Row {
    const char* field;
    std::function<void(v1::CreateBillRequest&)> spoil;
  };
  const auto lasting = [](std::int64_t seconds, std::int32_t nanos) {
    return [seconds, nanos](v1::CreateBillRequest& wish) {
      wish.mutable_lifetime()->set_seconds(seconds);
      wish.mutable_lifetime()->set_nanos(nanos);
    };
  };
  const std::vector<Row> rows = {
      {"request_id", [](auto& wish) { wish.set_request_id("1"); }},
      {"till.terminal", [](auto& wish) { wish.mutable_till()->set_terminal("t-1"); }},
      {"till.batch_number", [](auto& wish) { wish.mutable_till()->set_batch_number(0); }},
      {"till.trace_number", [](auto& wish) { wish.mutable_till()->set_trace_number(1'000'000); }},
      {"points", [](auto& wish) { wish.set_points(0); }},
      {"points", [](auto& wish) { wish.set_points(-1); }},
      {"points", [](auto& wish) { wish.set_points(1'000'000'000'000'001); }},
      {"lines", [](auto& wish) { wish.add_lines()->set_points(99); }},
      {"lines[0].points", [](auto& wish) { wish.add_lines()->set_points(0); }},
      {"lines",
       [](auto& wish) {
         for (int i = 0; i < 65; ++i) wish.add_lines()->set_points(1);
         wish.set_points(65);
       }},
      {"lines[0].merchant_category",
       [](auto& wish) {
         wish.add_lines()->set_points(100);
         wish.mutable_lines(0)->set_merchant_category("54x1");
       }},
      {"lifetime", lasting(29, 999'999'999)},
      {"lifetime", lasting(7'200, 1)},
      {"lifetime", lasting(-60, 0)},
      {"lifetime", lasting(60, -1)},
  };
  const Sequence last = LastRecord();
  for (const Row& row : rows) {
    v1::CreateBillRequest wish = BillWish(100);
    row.spoil(wish);
    EXPECT_THAT(Ask(*pos_, &Pos::CreateBill, kTill, wish),
                Refuses(Reason::kInvalidField, row.field))
        << row.field;
  }
  EXPECT_EQ(LastRecord(), last);
  for (const std::int64_t seconds : {30, 7'200}) {
    v1::CreateBillRequest wish = BillWish(100);
    wish.mutable_lifetime()->set_seconds(seconds);
    EXPECT_OK(Ask(*pos_, &Pos::CreateBill, kTill, wish));
  }
}

TEST_F(PosBillTest, APayersFieldsAreReadAndNamedToo) {
  const std::string text = Present(BillWish(100)).qr_text();
  v1::PayBillRequest wish = PayWish(text);
  wish.set_request_id("1");
  EXPECT_THAT(Pay(wish), Refuses(Reason::kInvalidField, "request_id"));
  wish = PayWish(text);
  wish.set_name(member_);
  EXPECT_THAT(Pay(wish), Refuses(Reason::kInvalidField, "name"));
  for (const std::string& wrong :
       {std::string(), text.substr(11), text + "0", text + "\n", "https://puhui.example/" + text}) {
    const auto paid = Pay(PayWish(wrong));
    EXPECT_THAT(paid, Refuses(Reason::kInvalidField, "qr_text")) << wrong;
    // Nobody is told again what they sent.
    EXPECT_THAT(std::string(paid.status().message()), ::testing::Not(HasSubstr(text.substr(30))));
    EXPECT_THAT(Read(wrong), Refuses(Reason::kInvalidField, "qr_text")) << wrong;
  }
}

}  // namespace
}  // namespace puhui::services
