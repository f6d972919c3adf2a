// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "tests/unit/services/settlement/settlement_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

// A statement of one line of 100 points.
class DisputeCallsTest : public SettlementTest {
 protected:
  DisputeCallsTest() {
    line_ = Buy(100);
    EndDay();
    EXPECT_OK(Cut());
  }
  v1::DisputeStatementRequest DisputeWish(std::uint64_t line) {
    v1::DisputeStatementRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(StatementName());
    auto& disputed = *request.add_lines();
    disputed.set_sequence(line);
    disputed.set_reason("charged twice");
    return request;
  }
  absl::StatusOr<v1::DisputeStatementResponse> Dispute(const v1::DisputeStatementRequest& request,
                                                       const std::string& path = kGrocerPath) {
    return Ask(*settlement_, &Settlement::DisputeStatement, path, request);
  }
  std::string DisputeName() const { return absl::StrCat(StatementName(), "/disputes/", line_); }
  v1::ResolveDisputeRequest ResolveWish(std::int64_t points) {
    v1::ResolveDisputeRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(DisputeName());
    request.set_adjustment_points(points);
    if (points != 0) request.set_union_("unions/fh-1");
    request.set_reason("the receipt says so");
    return request;
  }
  absl::StatusOr<v1::ResolveDisputeResponse> Resolve(const v1::ResolveDisputeRequest& request,
                                                     const std::string& path = kFinanceMaker) {
    return Ask(*settlement_, &Settlement::ResolveDispute, path, request);
  }
  absl::StatusOr<v1::ConfirmResolutionResponse> Confirm(std::int64_t points,
                                                        const std::string& path,
                                                        const std::string& of = "unions/fh-1") {
    v1::ConfirmResolutionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(DisputeName());
    request.set_adjustment_points(points);
    request.set_union_(of);
    return Ask(*settlement_, &Settlement::ConfirmResolution, path, request);
  }

  std::uint64_t line_ = 0;
};

TEST_F(DisputeCallsTest, AnAdjustmentTakesTwoPeopleAndAnEntry) {
  ASSERT_OK_AND_ASSIGN(const auto disputed, Dispute(DisputeWish(line_)));
  ASSERT_EQ(disputed.disputes_size(), 1);
  EXPECT_EQ(disputed.disputes(0), DisputeName());
  ASSERT_OK_AND_ASSIGN(const auto head, Read());
  EXPECT_EQ(head.front().statement().state(), v1::STATEMENT_STATE_DISPUTED);
  EXPECT_THAT(Agree(head.front().statement().digest()), Refuses(Reason::kStatementDisputed));
  ASSERT_OK_AND_ASSIGN(const auto proposed, Resolve(ResolveWish(2)));
  EXPECT_EQ(proposed.dispute().state(), v1::DISPUTE_STATE_PROPOSED);
  EXPECT_THAT(Confirm(2, kFinanceMaker), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Confirm(1, kFinanceChecker), Refuses(Reason::kDisputeState, "adjustment_points"));
  // Who proposes may change the proposal while the other person still looks at it.
  EXPECT_THAT(Confirm(2, kFinanceChecker, "unions/gz-2"), Refuses(Reason::kDisputeState, "union"));
  EXPECT_THAT(Confirm(2, kFinanceChecker, "unions/none"), Refuses(Reason::kDisputeState, "union"));
  EXPECT_THAT(Confirm(2, kFinanceChecker, ""), Refuses(Reason::kInvalidField, "union"));
  EXPECT_THAT(Confirm(0, kFinanceChecker), Refuses(Reason::kInvalidField, "union"));
  EXPECT_THAT(Confirm(2, kOutsideFinance), Refuses(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const auto confirmed, Confirm(2, kFinanceChecker));
  EXPECT_NE(confirmed.adjustment_sequence(), 0U);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 100);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_FEE, "merchants/m-1"), 0);
  v1::ListDisputesRequest list;
  list.set_parent(StatementName());
  ASSERT_OK_AND_ASSIGN(const auto listed,
                       Ask(*settlement_, &Settlement::ListDisputes, kGrocerPath, list));
  ASSERT_EQ(listed.disputes_size(), 1);
  EXPECT_EQ(listed.disputes(0).state(), v1::DISPUTE_STATE_ADJUSTED);
  EXPECT_EQ(listed.disputes(0).adjustment_points(), 2);
  EXPECT_EQ(listed.disputes(0).union_(), "unions/fh-1");
  ASSERT_OK(Agree(head.front().statement().digest()));
}

TEST_F(DisputeCallsTest, RefusesWhatIsNoLineOfTheStatement) {
  EXPECT_THAT(Dispute(DisputeWish(line_ + 1)), Refuses(Reason::kNotFound, "lines[0].sequence"));
  EXPECT_THAT(Dispute(DisputeWish(1)), Refuses(Reason::kNotFound, "lines[0].sequence"));
  EXPECT_THAT(Dispute(DisputeWish(0)), Refuses(Reason::kInvalidField, "lines[0].sequence"));
  v1::DisputeStatementRequest request = DisputeWish(line_);
  *request.add_lines() = request.lines(0);
  EXPECT_THAT(Dispute(request), Refuses(Reason::kInvalidField, "lines[1].sequence"));
  request = DisputeWish(line_);
  request.mutable_lines(0)->set_reason("");
  EXPECT_THAT(Dispute(request), Refuses(Reason::kInvalidField, "lines[0].reason"));
  request.clear_lines();
  EXPECT_THAT(Dispute(request), Refuses(Reason::kInvalidField, "lines"));
  for (std::size_t i = 0; i <= kDisputedLinesPerCallMax; ++i) {
    request.add_lines()->set_sequence(i + 1);
  }
  EXPECT_THAT(Dispute(request), Refuses(Reason::kInvalidField, "lines"));
  EXPECT_THAT(Dispute(DisputeWish(line_), kOtherGrocerPath), Refuses(Reason::kNotFound));
}

// 100 points, of which 2 are a fee.
TEST_F(DisputeCallsTest, RefusesAnAdjustmentAboveTheLine) {
  ASSERT_OK(Dispute(DisputeWish(line_)));
  for (const std::int64_t points : {3, -99}) {
    EXPECT_THAT(Resolve(ResolveWish(points)),
                Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  }
  ASSERT_OK(Resolve(ResolveWish(-98)));
  v1::ResolveDisputeRequest request = ResolveWish(1);
  request.set_name(absl::StrCat(StatementName(), "/disputes/", line_ + 1));
  EXPECT_THAT(Resolve(request), Refuses(Reason::kNotFound));
  EXPECT_THAT(Resolve(ResolveWish(Points::kMax + 1)),
              Refuses(Reason::kInvalidField, "adjustment_points"));
}

// By the wire too: the 2 points of fee are given back once.
TEST_F(DisputeCallsTest, ARefundGivesNoFeeBackThatWasAdjustedAway) {
  ASSERT_OK(Dispute(DisputeWish(line_)));
  ASSERT_OK(Resolve(ResolveWish(2)));
  ASSERT_OK(Confirm(2, kFinanceChecker));
  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(absl::StrFormat("%012d", line_));
  refund.set_points(100);
  ASSERT_OK(Ask(*pos_, &Pos::Refund, kTill, refund));
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 0);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_FEE, "merchants/m-1"), 0);
}

// Else, day after day, two people could make payable the same points again and again.
TEST_F(DisputeCallsTest, AnAdjustmentIsTakenBackAtMost) {
  ASSERT_OK(Dispute(DisputeWish(line_)));
  ASSERT_OK(Resolve(ResolveWish(2)));
  ASSERT_OK_AND_ASSIGN(const auto adjusted, Confirm(2, kFinanceChecker));
  ++today_;
  EndDay();
  ASSERT_OK(Cut());
  line_ = adjusted.adjustment_sequence();
  ASSERT_OK(Dispute(DisputeWish(line_)));
  for (const std::int64_t points : {1, 2, -3}) {
    EXPECT_THAT(Resolve(ResolveWish(points)), Refuses(Reason::kAdjustmentAboveLine));
  }
  ASSERT_OK(Resolve(ResolveWish(-2)));
  ASSERT_OK(Confirm(-2, kFinanceChecker));
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 98);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_FEE, "merchants/m-1"), 2);
}

TEST_F(DisputeCallsTest, RefusesToDisputeTheDayThatIsRunning) {
  const std::uint64_t line = Buy(10);
  ++today_;
  for (const std::uint64_t sequence : {line, line + 1}) {
    EXPECT_THAT(Dispute(DisputeWish(sequence)), Refuses(Reason::kStatementState));
  }
}

TEST_F(DisputeCallsTest, RefusesAResolutionOfMoneyThatIsNotInTheLine) {
  ASSERT_OK(Dispute(DisputeWish(line_)));
  v1::ResolveDisputeRequest request = ResolveWish(2);
  request.set_union_("unions/gz-2");
  EXPECT_THAT(Resolve(request), Refuses(Reason::kNotFound, "union"));
  request.set_union_("");
  EXPECT_THAT(Resolve(request), Refuses(Reason::kInvalidField, "union"));
  request = ResolveWish(0);
  request.set_union_("unions/fh-1");
  EXPECT_THAT(Resolve(request), Refuses(Reason::kInvalidField, "union"));
  request = ResolveWish(0);
  request.set_reason("");
  EXPECT_THAT(Resolve(request), Refuses(Reason::kInvalidField, "reason"));
  EXPECT_THAT(Resolve(ResolveWish(2), kOutsideFinance), Refuses(Reason::kNotFound));
  EXPECT_THAT(Resolve(ResolveWish(2), kGrocerPath), Refuses(Reason::kPermissionDenied));
  v1::ConfirmResolutionRequest confirm;
  confirm.set_request_id(NextRequestId());
  confirm.set_name(DisputeName());
  EXPECT_THAT(Ask(*settlement_, &Settlement::ConfirmResolution, kFinanceChecker, confirm),
              Refuses(Reason::kInvalidField, "adjustment_points"));
}

}  // namespace
}  // namespace puhui::services
