// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/issuing/issuing_fixture.h"

#include <functional>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::SizeIs;

class UnionServiceTest : public IssuingTest {
 protected:
  absl::StatusOr<v1::FundBudgetResponse> FundBudget(const std::string& path,
                                                    const v1::FundBudgetRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::FundBudget, path, request);
  }
  absl::StatusOr<v1::ConfirmFundingResponse> Confirm(const std::string& path,
                                                     const v1::ConfirmFundingRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::ConfirmFunding, path, request);
  }
  v1::FundBudgetRequest FundWish(const std::string& reference = "ICBC-2025/001_a") {
    v1::FundBudgetRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_("unions/fh-1");
    request.set_points(1'000'000);
    request.set_bank_reference(reference);
    return request;
  }
  v1::ConfirmFundingRequest ConfirmWish(const std::string& name) {
    v1::ConfirmFundingRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    return request;
  }
};

TEST_F(UnionServiceTest, AnAdminCreatesBelowItsOwnUnion) {
  v1::CreateUnionRequest request = UnionWish("fh-1-a", "unions/fh-1");
  request.set_kind(v1::UNION_KIND_GROUP);
  request.set_time_zone("Asia/Urumqi");
  ASSERT_OK_AND_ASSIGN(const v1::CreateUnionResponse created, CreateUnion(kAdminPath, request));
  EXPECT_EQ(created.union_().name(), "unions/fh-1-a");
  EXPECT_EQ(created.union_().parent(), "unions/fh-1");
  EXPECT_EQ(created.union_().display_name(), "工会 fh-1-a");
  EXPECT_EQ(created.union_().kind(), v1::UNION_KIND_GROUP);
  EXPECT_EQ(created.union_().time_zone(), "Asia/Urumqi");
  EXPECT_GE(created.union_().create_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(created.union_().state(), v1::UNION_STATE_OPEN);
  EXPECT_EQ(created.union_().settings().time_zone(), "Asia/Urumqi");
  ASSERT_OK_AND_ASSIGN(v1::Union read, GetUnion(kHr, "unions/fh-1-a"));
  read.clear_effective_settings();
  EXPECT_EQ(read.SerializeAsString(), created.union_().SerializeAsString());
}

TEST_F(UnionServiceTest, TheZoneIsShanghaiUnlessSaid) {
  ASSERT_OK_AND_ASSIGN(const v1::Union read, GetUnion(kHr, "unions/fh-1"));
  EXPECT_EQ(read.time_zone(), "Asia/Shanghai");
  EXPECT_EQ(read.settings().time_zone(), "");
}

TEST_F(UnionServiceTest, OnlyAnOperatorMakesARootOrBuildsElsewhere) {
  EXPECT_THAT(CreateUnion(kAdminPath, UnionWish("fh-9")), Refuses(Reason::kNotFound));
  EXPECT_THAT(CreateUnion(kAdminPath, UnionWish("fh-9", "unions/gz-2")),
              Refuses(Reason::kNotFound));
  EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-9", "unions/gz-2")));
}

TEST_F(UnionServiceTest, EachMalformedFieldIsNamed) {
  using Request = v1::CreateUnionRequest;
  const std::pair<const char*, std::function<void(Request*)>> cases[] = {
      {"request_id", [](Request* r) { r->set_request_id("7"); }},
      {"union_id", [](Request* r) { r->set_union_id("FH"); }},
      {"display_name", [](Request* r) { r->set_display_name(std::string(129, 'x')); }},
      {"display_name", [](Request* r) { r->set_display_name("a\nb"); }},
      {"parent", [](Request* r) { r->set_parent("fh-1"); }},
      {"kind", [](Request* r) { r->clear_kind(); }},
      {"kind", [](Request* r) { r->set_kind(static_cast<v1::UnionKind>(77)); }},
      {"time_zone", [](Request* r) { r->set_time_zone("Asia/Nowhere"); }},
      {"time_zone", [](Request* r) { r->set_time_zone("/etc/localtime"); }},
      {"time_zone", [](Request* r) { r->set_time_zone("localtime"); }},
  };
  for (const auto& [field, spoil] : cases) {
    // Shape comes before permission: the parent is outside the caller's scope.
    Request request = UnionWish("fh-3", "unions/gz-2");
    spoil(&request);
    EXPECT_THAT(CreateUnion(kAdminPath, request), Refuses(Reason::kInvalidField, field));
  }
}

TEST_F(UnionServiceTest, TheSameRequestGivesTheSameBytesAndAnotherBodyIsRefused) {
  v1::CreateUnionRequest request = UnionWish("fh-1-a", "unions/fh-1");
  ASSERT_OK_AND_ASSIGN(const v1::CreateUnionResponse first, CreateUnion(kAdminPath, request));
  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const v1::CreateUnionResponse again, CreateUnion(kAdminPath, request));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
  request.set_display_name("another");
  EXPECT_THAT(CreateUnion(kAdminPath, request), Refuses(Reason::kRequestIdReused));
  EXPECT_THAT(CreateUnion(kAdminPath, UnionWish("fh-1-a", "unions/fh-1")),
              Refuses(Reason::kAlreadyExists, "union_id"));
}

TEST_F(UnionServiceTest, WhatIsOutOfSightReadsLikeWhatIsNotThere) {
  const auto unseen = GetUnion(kOutsider, "unions/fh-1");
  const auto missing = GetUnion(kOutsider, "unions/nowhere");
  EXPECT_THAT(unseen, Refuses(Reason::kNotFound));
  EXPECT_EQ(unseen.status(), missing.status());
  EXPECT_THAT(GetUnion(kHr, "fh-1"), Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(FundBudget("/finance/unions/gz-2", FundWish()), Refuses(Reason::kNotFound));
  EXPECT_THAT(FundBudget(kHr, FundWish()), Refuses(Reason::kPermissionDenied));
}

TEST_F(UnionServiceTest, ASecondPersonConfirmsAndThePointsAreThere) {
  ASSERT_OK_AND_ASSIGN(const v1::FundBudgetResponse proposed,
                       FundBudget(kFinanceMaker, FundWish()));
  const v1::Funding& funding = proposed.funding();
  EXPECT_EQ(funding.name(), absl::StrCat("unions/fh-1/fundings/", LastRecord()));
  EXPECT_EQ(funding.points(), 1'000'000);
  EXPECT_FALSE(funding.confirmed());
  EXPECT_FALSE(funding.has_confirm_time());
  ASSERT_OK_AND_ASSIGN(const v1::Union before, GetUnion(kHr, "unions/fh-1"));
  EXPECT_THAT(before.budgets(), SizeIs(0));

  // The same person in another role is still the same person.
  EXPECT_THAT(Confirm("/approver/unions/fh-1/people/fin-1", ConfirmWish(funding.name())),
              Refuses(Reason::kSamePerson));
  const v1::ConfirmFundingRequest wish = ConfirmWish(funding.name());
  ASSERT_OK_AND_ASSIGN(const v1::ConfirmFundingResponse done, Confirm(kFinanceChecker, wish));
  EXPECT_TRUE(done.funding().confirmed());
  EXPECT_EQ(done.funding().name(), funding.name());
  EXPECT_EQ(done.funding().bank_reference(), funding.bank_reference());
  EXPECT_EQ(done.funding().create_time().nanos(), funding.create_time().nanos());
  EXPECT_TRUE(done.funding().has_confirm_time());
  ASSERT_OK_AND_ASSIGN(const v1::Union after, GetUnion(kHr, "unions/fh-1"));
  ASSERT_THAT(after.budgets(), SizeIs(1));
  EXPECT_EQ(after.budgets(0).origin(), "unions/fh-1");
  EXPECT_EQ(after.budgets(0).points(), 1'000'000);

  ASSERT_OK_AND_ASSIGN(const v1::ConfirmFundingResponse again, Confirm(kFinanceChecker, wish));
  EXPECT_EQ(done.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Confirm(kFinanceChecker, ConfirmWish(funding.name())),
              Refuses(Reason::kFundingAlreadyConfirmed));
}

TEST_F(UnionServiceTest, ABankReferenceIsUsedOnce) {
  EXPECT_OK(FundBudget(kFinanceMaker, FundWish("R-1")));
  EXPECT_THAT(FundBudget(kFinanceMaker, FundWish("R-1")), Refuses(Reason::kBankReferenceUsed));
}

TEST_F(UnionServiceTest, EachMalformedFieldOfAFundingIsNamed) {
  using Request = v1::FundBudgetRequest;
  const std::pair<const char*, std::function<void(Request*)>> cases[] = {
      {"request_id", [](Request* r) { r->clear_request_id(); }},
      {"union", [](Request* r) { r->set_union_("unions/"); }},
      {"points", [](Request* r) { r->set_points(0); }},
      {"points", [](Request* r) { r->set_points(Points::kMax + 1); }},
      {"bank_reference", [](Request* r) { r->clear_bank_reference(); }},
      {"bank_reference", [](Request* r) { r->set_bank_reference(std::string(65, 'x')); }},
      {"bank_reference", [](Request* r) { r->set_bank_reference("a b"); }},
  };
  for (const auto& [field, spoil] : cases) {
    Request request = FundWish();
    spoil(&request);
    EXPECT_THAT(FundBudget(kFinanceMaker, request), Refuses(Reason::kInvalidField, field));
  }
}

TEST_F(UnionServiceTest, AFundingHasOneName) {
  ASSERT_OK_AND_ASSIGN(const v1::FundBudgetResponse proposed,
                       FundBudget(kFinanceMaker, FundWish()));
  for (const char* bad : {"unions/fh-1/fundings/x", "unions/fh-1/fundings/0", "unions/fh-1",
                          "unions/fh-1/fundings/99999999999999999999"}) {
    EXPECT_THAT(Confirm(kFinanceChecker, ConfirmWish(bad)), Refuses(Reason::kInvalidField, "name"));
  }
  const std::string padded = absl::StrCat("unions/fh-1/fundings/0", LastRecord());
  EXPECT_THAT(Confirm(kFinanceChecker, ConfirmWish(padded)),
              Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Confirm(kFinanceChecker, ConfirmWish("unions/fh-1/fundings/1")),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Confirm("/finance/unions/gz-2", ConfirmWish(proposed.funding().name())),
              Refuses(Reason::kNotFound));
}

}  // namespace
}  // namespace puhui::services
