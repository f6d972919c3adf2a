// SPDX-License-Identifier: Apache-2.0
// How runs, payments, accounts and statements came to be what they are, as auditors are told.
#include "tests/unit/services/payout/payout_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

constexpr char kScopedAuditor[] = "/auditor/unions/fh-1";
constexpr char kPayment[] = "payoutRuns/1/payments/1";

// A statement of 390 points that the bank has paid, in run 1, and that then came back.
class PayoutHistoryTest : public PayoutServiceFixture {
 protected:
  PayoutHistoryTest() {
    AddAccount(1);
    statement_ = AgreedDay(400);
    Pay();
  }
  void Pay() {
    ASSERT_OK_AND_ASSIGN(const v1::PayoutRun created, Create({statement_}));
    ASSERT_OK(Approve(created.name()));
    ASSERT_OK(Export(ExportWish(created.name())));
    const std::string id = GetRun(created.name())->payments(0).end_to_end_id();
    ASSERT_OK(Import(AnswerWish(id, "ACSC", "3.90")));
  }
  void Return() {
    v1::ProposePaymentCorrectionRequest propose;
    propose.set_request_id(NextRequestId());
    propose.set_name(kPayment);
    propose.set_state(v1::PAYOUT_PAYMENT_STATE_RETURNED);
    propose.set_bank_reference("TR/2026-1");
    propose.set_reason("account closed");
    ASSERT_OK(Ask(*payouts_, &Payouts::ProposePaymentCorrection, kFinanceMaker, propose));
    v1::ConfirmPaymentCorrectionRequest confirm;
    confirm.set_request_id(NextRequestId());
    confirm.set_name(kPayment);
    confirm.set_bank_reference("TR/2026-1");
    ASSERT_OK(Ask(*payouts_, &Payouts::ConfirmPaymentCorrection, kOwnApprover, confirm));
  }
  absl::StatusOr<v1::GetHistoryResponse> History(const std::string& name,
                                                 const std::string& path = kAuditor) {
    v1::GetHistoryRequest request;
    request.set_name(name);
    return Ask(*audit_, &v1::AuditService::Stub::GetHistory, path, request);
  }
  // What becomes of fields, each as "field: before -> after".
  std::vector<std::string> Changes(const std::string& name, const std::string& path = kAuditor) {
    const auto history = History(name, path);
    EXPECT_OK(history);
    std::vector<std::string> changes;
    if (!history.ok()) return changes;
    for (const v1::HistoryEntry& entry : history->entries()) {
      for (const v1::FieldChange& change : entry.changes()) {
        changes.push_back(
            absl::StrCat(change.field(), ": ", change.before(), " -> ", change.after()));
      }
    }
    return changes;
  }
  // What `field` becomes, in order.
  std::vector<std::string> ChangesOf(const std::string& field, const std::string& name,
                                     const std::string& path = kAuditor) {
    std::vector<std::string> own;
    for (const std::string& change : Changes(name, path)) {
      if (change.rfind(field + ": ", 0) == 0) own.push_back(change.substr(field.size() + 2));
    }
    return own;
  }

  std::string statement_;
};

TEST_F(PayoutHistoryTest, ARunIsCreatedApprovedExportedAndFinished) {
  EXPECT_THAT(ChangesOf("state", "payoutRuns/1"),
              ElementsAre(" -> CREATED", "CREATED -> APPROVED", "APPROVED -> EXPORTED",
                          "EXPORTED -> FINISHED"));
  ASSERT_NO_FATAL_FAILURE(Return());
  EXPECT_THAT(ChangesOf("returned_payments", "payoutRuns/1"), ElementsAre(" -> 0", "0 -> 1"));
  EXPECT_THAT(ChangesOf("state", kPayment),
              ElementsAre(" -> OPEN", "OPEN -> PAID", "PAID -> RETURNED"));
  EXPECT_THAT(
      Changes(kPayment),
      IsSupersetOf(std::vector<std::string>{
          absl::StrCat("statement:  -> ", statement_), "points:  -> 390",
          "correction.becomes:  -> RETURNED", "correction.state:  -> PROPOSED",
          "correction.state: PROPOSED -> CONFIRMED", "correction.reason:  -> account closed"}));
}

TEST_F(PayoutHistoryTest, EachRunHasItsOwn) {
  ASSERT_NO_FATAL_FAILURE(Return());
  ASSERT_OK(Create({statement_}));
  EXPECT_THAT(ChangesOf("state", "payoutRuns/2"), ElementsAre(" -> CREATED"));
  EXPECT_THAT(ChangesOf("attempt", "payoutRuns/2/payments/1"), ElementsAre(" -> 2"));
  EXPECT_EQ(ChangesOf("state", "payoutRuns/1").size(), 4U);
}

TEST_F(PayoutHistoryTest, ItsStatementIsPaidAndDueAgain) {
  ASSERT_NO_FATAL_FAILURE(Return());
  EXPECT_THAT(ChangesOf("state", statement_),
              ElementsAre(" -> CUT", "CUT -> AGREED", "AGREED -> PAID", "PAID -> AGREED"));
  EXPECT_THAT(ChangesOf("payout", statement_), ElementsAre(absl::StrCat(" -> ", kPayment)));
  EXPECT_THAT(ChangesOf("state", statement_, kScopedAuditor),
              ElementsAre(" -> CUT", "CUT -> AGREED", "AGREED -> PAID", "PAID -> AGREED"));
  EXPECT_THAT(ChangesOf("payout", statement_, kScopedAuditor), ElementsAre());
}

TEST_F(PayoutHistoryTest, AnAccountIsProposedAndConfirmedAndItsNumberNowhere) {
  EXPECT_THAT(ChangesOf("state", "merchants/m-1/bankAccounts/1"),
              ElementsAre(" -> PROPOSED", "PROPOSED -> CONFIRMED"));
  EXPECT_THAT(ChangesOf("bank_accounts.1.state", "merchants/m-1"),
              ElementsAre(" -> PROPOSED", "PROPOSED -> CONFIRMED"));
  const std::string number = kAccountNumber;
  for (const std::string& change : Changes("merchants/m-1")) {
    EXPECT_THAT(change, Not(HasSubstr(number.substr(number.size() - 4))));
  }
  EXPECT_THAT(ChangesOf("bank_accounts.1.state", "merchants/m-1", kScopedAuditor), ElementsAre());
}

TEST_F(PayoutHistoryTest, ToAnAuditorOfAUnionThereAreNoRunsAndNoAccounts) {
  for (const std::string name : {"payoutRuns/1", kPayment, "merchants/m-1/bankAccounts/1"}) {
    EXPECT_OK(History(name)) << name;
    const auto hidden = History(name, kScopedAuditor);
    EXPECT_THAT(hidden, Refuses(Reason::kNotFound)) << name;
    EXPECT_EQ(hidden.status(), History("payoutRuns/99", kScopedAuditor).status()) << name;
  }
}

TEST_F(PayoutHistoryTest, PagesAreOneHistory) {
  ASSERT_NO_FATAL_FAILURE(Return());
  v1::GetHistoryRequest request;
  request.set_name(kPayment);
  request.set_page_size(1);
  std::vector<std::string> states;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page,
                         Ask(*audit_, &v1::AuditService::Stub::GetHistory, kAuditor, request));
    ASSERT_LE(page.entries_size(), 1);
    for (const v1::HistoryEntry& entry : page.entries()) {
      EXPECT_GT(entry.changes_size(), 0) << "other records of the run are none of the payment";
      for (const v1::FieldChange& change : entry.changes()) {
        if (change.field() == "state") states.push_back(change.after());
      }
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(states, ElementsAre("OPEN", "PAID", "RETURNED"));
}

}  // namespace
}  // namespace puhui::services
