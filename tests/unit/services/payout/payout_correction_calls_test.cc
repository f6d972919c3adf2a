// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/payout/payout_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

// A statement of 390 points that the bank has paid, in run 1.
class PayoutCorrectionCallsTest : public PayoutServiceFixture {
 protected:
  PayoutCorrectionCallsTest() {
    AddAccount(1);
    statement_ = AgreedDay(400);
    PayRun(1);
  }
  // Makes the run of the statement, and has the bank pay it.
  void PayRun(int run) {
    const auto created = Create({statement_});
    ASSERT_OK(created);
    ASSERT_OK(Approve(created->name()));
    ASSERT_OK(Export(ExportWish(created->name())));
    const std::string id = GetRun(created->name())->payments(0).end_to_end_id();
    ASSERT_OK(Import(AnswerWish(id, "ACSC", "3.90", absl::StrCat("PUHUI-1a2b3c4d-", run))));
  }
  v1::ProposePaymentCorrectionRequest ProposeReturn() {
    v1::ProposePaymentCorrectionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name("payoutRuns/1/payments/1");
    request.set_state(v1::PAYOUT_PAYMENT_STATE_RETURNED);
    request.set_bank_reference("TR/2026-1");
    request.set_reason("account closed");
    return request;
  }
  auto Propose(const v1::ProposePaymentCorrectionRequest& request,
               const std::string& path = kFinanceMaker) {
    return Ask(*payouts_, &Payouts::ProposePaymentCorrection, path, request);
  }
  v1::ConfirmPaymentCorrectionRequest ConfirmWish(const std::string& reference = "TR/2026-1") {
    v1::ConfirmPaymentCorrectionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name("payoutRuns/1/payments/1");
    request.set_bank_reference(reference);
    return request;
  }
  auto Confirm(const v1::ConfirmPaymentCorrectionRequest& request,
               const std::string& path = kOwnApprover) {
    return Ask(*payouts_, &Payouts::ConfirmPaymentCorrection, path, request);
  }
  v1::RejectPaymentCorrectionRequest RejectWish() {
    v1::RejectPaymentCorrectionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name("payoutRuns/1/payments/1");
    request.set_reason("another payment");
    return request;
  }
  auto Reject(const v1::RejectPaymentCorrectionRequest& request,
              const std::string& path = kFinanceMaker) {
    return Ask(*payouts_, &Payouts::RejectPaymentCorrection, path, request);
  }

  std::string statement_;
};

TEST_F(PayoutCorrectionCallsTest, WhatCameBackIsOwedAndPaidAgain) {
  const auto proposed = Propose(ProposeReturn());
  ASSERT_OK(proposed);
  EXPECT_EQ(proposed->correction().state(), v1::PAYOUT_PAYMENT_STATE_RETURNED);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 390);
  EXPECT_THAT(Confirm(ConfirmWish(), kFinanceMaker), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Confirm(ConfirmWish("TR/2026-2")),
              Refuses(Reason::kBankReferenceDiffers, "bank_reference"));
  const auto confirmed = Confirm(ConfirmWish());
  ASSERT_OK(confirmed);
  EXPECT_TRUE(confirmed->correction().confirmed());
  EXPECT_EQ(confirmed->correction().reason(), "account closed");
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 0);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 390);
  const auto run = GetRun("payoutRuns/1");
  ASSERT_OK(run);
  EXPECT_EQ(run->payout_run().returned(), 1);
  EXPECT_EQ(run->payout_run().paid(), 0);
  EXPECT_EQ(run->payments(0).state(), v1::PAYOUT_PAYMENT_STATE_RETURNED);
  EXPECT_EQ(run->payments(0).correction().bank_reference(), "TR/2026-1");
  v1::ListDuePayoutsRequest list;
  const auto due = Ask(*payouts_, &Payouts::ListDuePayouts, kFinanceMaker, list);
  ASSERT_OK(due);
  ASSERT_EQ(due->due_payouts_size(), 1);
  EXPECT_EQ(due->due_payouts(0).points(), 390);
  EXPECT_EQ(due->due_payouts(0).attempts(), 1);
  PayRun(2);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 390);
}

TEST_F(PayoutCorrectionCallsTest, TheSameCallIsAnsweredTheSameWhateverWasProposedSince) {
  const auto propose = ProposeReturn();
  const auto proposed = Propose(propose);
  ASSERT_OK(proposed);
  const auto reject = RejectWish();
  const auto rejected = Reject(reject);
  ASSERT_OK(rejected);
  EXPECT_EQ(rejected->correction().rejection(), "another payment");
  EXPECT_FALSE(rejected->correction().confirmed());
  v1::ProposePaymentCorrectionRequest anew = ProposeReturn();
  anew.set_reason("name differs");
  ASSERT_OK(Propose(anew));
  const auto confirm = ConfirmWish();
  const auto confirmed = Confirm(confirm);
  ASSERT_OK(confirmed);
  EXPECT_EQ(Propose(propose)->SerializeAsString(), proposed->SerializeAsString());
  EXPECT_EQ(Reject(reject)->SerializeAsString(), rejected->SerializeAsString());
  EXPECT_EQ(Confirm(confirm)->SerializeAsString(), confirmed->SerializeAsString());
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 390);  // Once.
  EXPECT_THAT(Confirm(ConfirmWish()), Refuses(Reason::kPaymentState));
}

TEST_F(PayoutCorrectionCallsTest, BadCorrectionsAreNamedByTheirFields) {
  const auto refused = [&](auto change) {
    v1::ProposePaymentCorrectionRequest wish = ProposeReturn();
    change(wish);
    return Propose(wish).status();
  };
  const auto field = [](const char* name) { return Refuses(Reason::kInvalidField, name); };
  EXPECT_THAT(refused([](auto& w) { w.set_request_id("7"); }), field("request_id"));
  for (const char* name : {"", "payoutRuns/1", "payoutRuns/1/payments/0", "payoutRuns/1/payments/x",
                           "payoutRuns/01/payments/1", "payoutRuns/1/payments/1/x"}) {
    EXPECT_THAT(refused([&](auto& w) { w.set_name(name); }), field("name")) << name;
  }
  for (const auto state : {v1::PAYOUT_PAYMENT_STATE_UNSPECIFIED, v1::PAYOUT_PAYMENT_STATE_OPEN,
                           v1::PAYOUT_PAYMENT_STATE_REJECTED}) {
    EXPECT_THAT(refused([&](auto& w) { w.set_state(state); }), field("state"));
  }
  for (const std::string& reference :
       {std::string(), std::string(65, 'a'), std::string("TR 1"), std::string("张三")}) {
    EXPECT_THAT(refused([&](auto& w) { w.set_bank_reference(reference); }),
                field("bank_reference"));
  }
  EXPECT_THAT(refused([](auto& w) { w.set_reason(""); }), field("reason"));
  EXPECT_THAT(refused([](auto& w) { w.set_state(v1::PAYOUT_PAYMENT_STATE_PAID); }),
              Refuses(Reason::kPaymentState));
  EXPECT_THAT(refused([](auto& w) { w.set_name("payoutRuns/1/payments/2"); }),
              Refuses(Reason::kNotFound));
  v1::ConfirmPaymentCorrectionRequest confirm = ConfirmWish("");
  EXPECT_THAT(Confirm(confirm), field("bank_reference"));
  v1::RejectPaymentCorrectionRequest reject = RejectWish();
  EXPECT_THAT(Reject(reject), Refuses(Reason::kPaymentState));
  reject.clear_reason();
  EXPECT_THAT(Reject(reject), field("reason"));
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 390);
}

TEST_F(PayoutCorrectionCallsTest, WhoDoesNotPaySeesNoPayment) {
  EXPECT_THAT(Propose(ProposeReturn(), "/finance/unions/fh-2/people/other"),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Propose(ProposeReturn(), kOwnApprover), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Propose(ProposeReturn(), kGrocerPath), Refuses(Reason::kPermissionDenied));
  ASSERT_OK(Propose(ProposeReturn()));
  EXPECT_THAT(Confirm(ConfirmWish(), "/approver/unions/fh-2/people/other"),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Reject(RejectWish(), "/finance/unions/fh-2/people/other"),
              Refuses(Reason::kNotFound));
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 390);
}

}  // namespace
}  // namespace puhui::services
