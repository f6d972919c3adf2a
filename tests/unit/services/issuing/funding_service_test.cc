// SPDX-License-Identifier: Apache-2.0
// Fundings that are listed, shown and rejected.
#include "tests/unit/services/issuing/issuing_fixture.h"

#include <functional>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Stub = v1::UnionService::Stub;

class FundingServiceTest : public IssuingTest {
 protected:
  absl::StatusOr<v1::FundBudgetResponse> Propose(const std::string& reference,
                                                 const std::string& of = "unions/fh-1") {
    v1::FundBudgetRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_(of);
    request.set_points(500);
    request.set_bank_reference(reference);
    return Ask(*unions_, &Stub::FundBudget, kFinanceMaker, request);
  }
  // The name of a funding that waits.
  std::string Proposed(const std::string& reference, const std::string& of = "unions/fh-1") {
    const auto proposed = Propose(reference, of);
    EXPECT_OK(proposed);
    return proposed.ok() ? proposed->funding().name() : "";
  }
  absl::StatusOr<v1::ConfirmFundingResponse> Confirm(const std::string& name) {
    v1::ConfirmFundingRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    return Ask(*unions_, &Stub::ConfirmFunding, kFinanceChecker, request);
  }
  v1::RejectFundingRequest RejectWish(const std::string& name) {
    v1::RejectFundingRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    request.set_reason("金额有误");
    return request;
  }
  absl::StatusOr<v1::RejectFundingResponse> Reject(const std::string& path,
                                                   const v1::RejectFundingRequest& request) {
    return Ask(*unions_, &Stub::RejectFunding, path, request);
  }
  absl::StatusOr<v1::Funding> Get(const std::string& path, const std::string& name) {
    v1::GetFundingRequest request;
    request.set_name(name);
    auto response = Ask(*unions_, &Stub::GetFunding, path, request);
    if (!response.ok()) return response.status();
    return response->funding();
  }
  static v1::ListFundingsRequest ListWish(const std::string& of, v1::FundingState state,
                                          int page_size = 0, const std::string& page_token = "") {
    v1::ListFundingsRequest request;
    request.set_union_(of);
    request.set_state(state);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    return request;
  }
  absl::StatusOr<v1::ListFundingsResponse> List(const std::string& path,
                                                const v1::ListFundingsRequest& request) {
    return Ask(*unions_, &Stub::ListFundings, path, request);
  }
  // The bank references of all pages of that size.
  std::vector<std::string> Listed(const std::string& of, v1::FundingState state, int page_size) {
    std::vector<std::string> references;
    std::string token;
    do {
      const auto page = List(kFinanceChecker, ListWish(of, state, page_size, token));
      EXPECT_OK(page);
      if (!page.ok()) break;
      EXPECT_LE(page->fundings_size(), page_size);
      for (const auto& funding : page->fundings()) references.push_back(funding.bank_reference());
      token = page->next_page_token();
    } while (!token.empty());
    return references;
  }
};

TEST_F(FundingServiceTest, ARejectedOneSaysByWhomAndWhyAndFreesItsBankReference) {
  const std::string name = Proposed("R-1");
  EXPECT_THAT(Propose("R-1"), Refuses(Reason::kBankReferenceUsed));
  const v1::RejectFundingRequest wish = RejectWish(name);
  ASSERT_OK_AND_ASSIGN(const v1::RejectFundingResponse done, Reject(kApprover, wish));
  const v1::Funding& funding = done.funding();
  EXPECT_EQ(funding.name(), name);
  EXPECT_EQ(funding.points(), 500);
  EXPECT_EQ(funding.bank_reference(), "R-1");
  EXPECT_EQ(funding.state(), v1::FUNDING_STATE_REJECTED);
  EXPECT_FALSE(funding.confirmed());
  EXPECT_EQ(funding.proposer(), "people/fin-1");
  EXPECT_EQ(funding.decider(), "people/boss-1");
  EXPECT_EQ(funding.reason(), "金额有误");
  EXPECT_TRUE(funding.has_create_time());
  EXPECT_TRUE(funding.has_reject_time());
  EXPECT_FALSE(funding.has_confirm_time());
  ASSERT_OK_AND_ASSIGN(const v1::Funding read, Get(kHr, name));
  EXPECT_EQ(read.SerializeAsString(), funding.SerializeAsString());

  EXPECT_THAT(Confirm(name), Refuses(Reason::kFundingRejected, "name"));
  EXPECT_THAT(Reject(kAdminPath, RejectWish(name)), Refuses(Reason::kFundingRejected, "name"));
  const std::string second = Proposed("R-1");
  EXPECT_NE(second, name);
  EXPECT_OK(Confirm(second));
  ASSERT_OK_AND_ASSIGN(const v1::Union after, GetUnion(kHr, "unions/fh-1"));
  ASSERT_EQ(after.budgets_size(), 1);
  EXPECT_EQ(after.budgets(0).points(), 500) << "the first created nothing";

  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const v1::RejectFundingResponse again, Reject(kApprover, wish));
  EXPECT_EQ(again.SerializeAsString(), done.SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
}

TEST_F(FundingServiceTest, WhoeverProposedMayWithdraw) {
  const std::string name = Proposed("R-1");
  ASSERT_OK_AND_ASSIGN(const auto done, Reject(kFinanceMaker, RejectWish(name)));
  EXPECT_EQ(done.funding().state(), v1::FUNDING_STATE_REJECTED);
  EXPECT_EQ(done.funding().decider(), done.funding().proposer());
}

TEST_F(FundingServiceTest, WhatIsConfirmedStaysSo) {
  const std::string name = Proposed("R-1");
  ASSERT_OK_AND_ASSIGN(const v1::Funding waiting, Get(kFinanceChecker, name));
  EXPECT_EQ(waiting.state(), v1::FUNDING_STATE_PROPOSED);
  EXPECT_EQ(waiting.proposer(), "people/fin-1");
  EXPECT_EQ(waiting.decider(), "");
  ASSERT_OK_AND_ASSIGN(const auto confirmed, Confirm(name));
  EXPECT_EQ(confirmed.funding().state(), v1::FUNDING_STATE_CONFIRMED);
  EXPECT_EQ(confirmed.funding().decider(), "people/fin-2");
  EXPECT_THAT(Reject(kFinanceMaker, RejectWish(name)),
              Refuses(Reason::kFundingAlreadyConfirmed, "name"));
  ASSERT_OK_AND_ASSIGN(const v1::Funding read, Get(kAuditor, name));
  EXPECT_EQ(read.SerializeAsString(), confirmed.funding().SerializeAsString());
}

TEST_F(FundingServiceTest, EachMalformedFieldOfARejectionIsNamed) {
  using Request = v1::RejectFundingRequest;
  const std::pair<const char*, std::function<void(Request*)>> cases[] = {
      {"request_id", [](Request* r) { r->clear_request_id(); }},
      {"name", [](Request* r) { r->set_name("unions/fh-1/fundings/01"); }},
      {"reason", [](Request* r) { r->clear_reason(); }},
      {"reason", [](Request* r) { r->set_reason(std::string(201, 'x')); }},
      {"reason", [](Request* r) { r->set_reason("of 110105194912310021"); }},
  };
  const std::string name = Proposed("R-1");
  for (const auto& [field, spoil] : cases) {
    Request request = RejectWish(name);
    spoil(&request);
    // Shape comes before permission.
    EXPECT_THAT(Reject("/finance/unions/gz-2", request), Refuses(Reason::kInvalidField, field));
  }
  EXPECT_THAT(Get(kHr, "unions/fh-1"), Refuses(Reason::kInvalidField, "name"));
}

TEST_F(FundingServiceTest, AForeignOneIsAnsweredLikeNone) {
  const std::string name = Proposed("R-1");
  const auto foreign = Get(kOutsider, name);
  EXPECT_THAT(foreign, Refuses(Reason::kNotFound));
  EXPECT_EQ(foreign.status(), Get(kOutsider, "unions/nowhere/fundings/99").status());
  EXPECT_THAT(Reject(kOutsideApprover, RejectWish(name)), Refuses(Reason::kNotFound));
  EXPECT_THAT(Reject(kHr, RejectWish(name)), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Get(kHr, "unions/fh-1/fundings/99"), Refuses(Reason::kNotFound));
  // Under the name of another union than its own.
  const std::string number = name.substr(name.rfind('/'));
  EXPECT_THAT(Get(kAuditor, "unions/gz-2/fundings" + number), Refuses(Reason::kNotFound));
  EXPECT_THAT(List(kOutsider, ListWish("unions/fh-1", v1::FUNDING_STATE_UNSPECIFIED)),
              Refuses(Reason::kNotFound));
}

TEST_F(FundingServiceTest, ListsThoseOfOneUnionInTheOrderTheyWereProposed) {
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1-a", "unions/fh-1")));
  std::vector<std::string> names;
  for (const char* reference : {"R-1", "R-2", "R-3", "R-4", "R-5"}) {
    names.push_back(Proposed(reference));
    Proposed(absl::StrCat("A-", reference), "unions/fh-1-a");
  }
  ASSERT_OK(Confirm(names[1]));
  ASSERT_OK(Reject(kApprover, RejectWish(names[3])));
  for (const int page_size : {1, 2, 100}) {
    EXPECT_THAT(Listed("unions/fh-1", v1::FUNDING_STATE_UNSPECIFIED, page_size),
                ElementsAre("R-1", "R-2", "R-3", "R-4", "R-5"));
    EXPECT_THAT(Listed("unions/fh-1", v1::FUNDING_STATE_PROPOSED, page_size),
                ElementsAre("R-1", "R-3", "R-5"));
    EXPECT_THAT(Listed("unions/fh-1", v1::FUNDING_STATE_CONFIRMED, page_size), ElementsAre("R-2"));
    EXPECT_THAT(Listed("unions/fh-1", v1::FUNDING_STATE_REJECTED, page_size), ElementsAre("R-4"));
    EXPECT_THAT(Listed("unions/fh-1-a", v1::FUNDING_STATE_REJECTED, page_size), IsEmpty());
  }
  ASSERT_OK_AND_ASSIGN(const auto page,
                       List(kHr, ListWish("unions/fh-1", v1::FUNDING_STATE_REJECTED)));
  ASSERT_EQ(page.fundings_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Funding shown, Get(kHr, names[3]));
  EXPECT_EQ(page.fundings(0).SerializeAsString(), shown.SerializeAsString());
}

TEST_F(FundingServiceTest, APageIsOfItsList) {
  Proposed("R-1");
  Proposed("R-2");
  const auto all = v1::FUNDING_STATE_UNSPECIFIED;
  ASSERT_OK_AND_ASSIGN(const auto page, List(kHr, ListWish("unions/fh-1", all, 1)));
  const std::string& token = page.next_page_token();
  ASSERT_FALSE(token.empty());
  EXPECT_THAT(List(kHr, ListWish("unions/fh-1", v1::FUNDING_STATE_PROPOSED, 1, token)),
              Refuses(Reason::kInvalidField, "page_token"));
  EXPECT_THAT(List(kHr, ListWish("unions/fh-1", all, 1, token + "A")),
              Refuses(Reason::kInvalidField, "page_token"));
  EXPECT_THAT(List(kHr, ListWish("unions/fh-1", all, -1)),
              Refuses(Reason::kInvalidField, "page_size"));
  EXPECT_THAT(List(kHr, ListWish("unions/fh-1", static_cast<v1::FundingState>(77))),
              Refuses(Reason::kInvalidField, "state"));
  EXPECT_THAT(List(kHr, ListWish("fh-1", all)), Refuses(Reason::kInvalidField, "union"));
}

}  // namespace
}  // namespace puhui::services
