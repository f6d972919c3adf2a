// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/issuing/issuing_fixture.h"

#include <functional>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// fh-1 > fh-1-a > fh-1-a-b, and 1,000 points in the budget of fh-1.
class UnionBudgetServiceTest : public IssuingTest {
 protected:
  UnionBudgetServiceTest() {
    EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1-a", "unions/fh-1")));
    EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1-a-b", "unions/fh-1-a")));
    Fund(1'000);
  }

  v1::AllocateBudgetRequest AllocateWish(std::int64_t points,
                                         const std::string& child = "unions/fh-1-a") {
    v1::AllocateBudgetRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_("unions/fh-1");
    request.set_child(child);
    request.set_points(points);
    return request;
  }
  absl::StatusOr<v1::AllocateBudgetResponse> Allocate(const std::string& path,
                                                      const v1::AllocateBudgetRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::AllocateBudget, path, request);
  }
  v1::ReturnBudgetRequest ReturnWish(const std::string& of, std::int64_t points) {
    v1::ReturnBudgetRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_(of);
    request.set_points(points);
    return request;
  }
  absl::StatusOr<v1::ReturnBudgetResponse> Return(const std::string& path,
                                                  const v1::ReturnBudgetRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::ReturnBudget, path, request);
  }
  absl::StatusOr<v1::GetBudgetResponse> GetBudget(const std::string& path, const std::string& of,
                                                  bool subtree, const std::string& page_token = "",
                                                  int page_size = 0) {
    v1::GetBudgetRequest request;
    request.set_union_(of);
    request.set_subtree(subtree);
    request.set_page_token(page_token);
    request.set_page_size(page_size);
    return Ask(*unions_, &v1::UnionService::Stub::GetBudget, path, request);
  }
  static std::vector<std::string> Lines(
      const google::protobuf::RepeatedPtrField<v1::Budget>& lines) {
    std::vector<std::string> texts;
    for (const v1::Budget& line : lines) {
      texts.push_back(absl::StrCat(line.origin(), " ", line.points()));
    }
    return texts;
  }
};

TEST_F(UnionBudgetServiceTest, HandsPointsDownAndBackWithTheirOrigin) {
  ASSERT_OK_AND_ASSIGN(const auto down, Allocate(kFinanceMaker, AllocateWish(400)));
  EXPECT_EQ(down.transfer().from(), "unions/fh-1");
  EXPECT_EQ(down.transfer().to(), "unions/fh-1-a");
  EXPECT_EQ(down.transfer().points(), 400);
  EXPECT_THAT(Lines(down.transfer().lines()), ElementsAre("unions/fh-1 400"));
  EXPECT_TRUE(down.transfer().has_transfer_time());
  ASSERT_OK_AND_ASSIGN(const auto back, Return(kAdminPath, ReturnWish("unions/fh-1-a", 100)));
  EXPECT_EQ(back.transfer().from(), "unions/fh-1-a");
  EXPECT_EQ(back.transfer().to(), "unions/fh-1");
  EXPECT_THAT(Lines(back.transfer().lines()), ElementsAre("unions/fh-1 100"));
  ASSERT_OK_AND_ASSIGN(const v1::Union child, GetUnion(kHr, "unions/fh-1-a"));
  EXPECT_THAT(Lines(child.budgets()), ElementsAre("unions/fh-1 300"));
}

TEST_F(UnionBudgetServiceTest, TheFirstOutcomeWins) {
  const v1::AllocateBudgetRequest wish = AllocateWish(400);
  ASSERT_OK_AND_ASSIGN(const auto first, Allocate(kFinanceMaker, wish));
  const Sequence records = LastRecord();
  ASSERT_OK(Return(kAdminPath, ReturnWish("unions/fh-1-a", 400)));
  ASSERT_OK_AND_ASSIGN(const auto again, Allocate(kFinanceMaker, wish));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(LastRecord(), records + 1);
  v1::AllocateBudgetRequest other = wish;
  other.set_points(401);
  EXPECT_THAT(Allocate(kFinanceMaker, other), Refuses(Reason::kRequestIdReused));
}

TEST_F(UnionBudgetServiceTest, EachMalformedFieldIsNamed) {
  using Request = v1::AllocateBudgetRequest;
  const std::pair<const char*, std::function<void(Request*)>> cases[] = {
      {"request_id", [](Request* r) { r->clear_request_id(); }},
      {"union", [](Request* r) { r->set_union_("fh-1"); }},
      {"child", [](Request* r) { r->clear_child(); }},
      {"points", [](Request* r) { r->set_points(0); }},
      {"points", [](Request* r) { r->set_points(Points::kMax + 1); }},
      {"origin", [](Request* r) { r->set_origin("fh-1"); }},
  };
  for (const auto& [field, spoil] : cases) {
    // Shape comes before permission.
    Request request = AllocateWish(1, "unions/gz-2");
    spoil(&request);
    EXPECT_THAT(Allocate("/finance/unions/gz-2", request), Refuses(Reason::kInvalidField, field));
  }
  EXPECT_THAT(Return(kFinanceMaker, ReturnWish("fh-1", 1)),
              Refuses(Reason::kInvalidField, "union"));
  EXPECT_THAT(Return(kFinanceMaker, ReturnWish("unions/fh-1", -1)),
              Refuses(Reason::kInvalidField, "points"));
}

TEST_F(UnionBudgetServiceTest, AForeignUnionIsAnsweredLikeNone) {
  const auto foreign = Allocate(kFinanceMaker, AllocateWish(1, "unions/gz-2"));
  const auto missing = Allocate(kFinanceMaker, AllocateWish(1, "unions/nowhere"));
  EXPECT_THAT(foreign, Refuses(Reason::kNotFound));
  EXPECT_EQ(foreign.status(), missing.status());
  EXPECT_THAT(Allocate("/finance/unions/fh-1-a", AllocateWish(1)), Refuses(Reason::kNotFound))
      << "nobody below takes from above";
  v1::AllocateBudgetRequest of_foreign = AllocateWish(1);
  of_foreign.set_origin("unions/gz-2");
  v1::AllocateBudgetRequest of_nobody = AllocateWish(1);
  of_nobody.set_origin("unions/nowhere");
  const auto foreign_money = Allocate(kFinanceMaker, of_foreign);
  EXPECT_THAT(foreign_money, Refuses(Reason::kNotFound, "origin"));
  EXPECT_EQ(foreign_money.status(), Allocate(kFinanceMaker, of_nobody).status());
  EXPECT_THAT(Allocate(kFinanceMaker, AllocateWish(1, "unions/fh-1-a-b")),
              Refuses(Reason::kNotAChild, "child"));
  EXPECT_THAT(Return("/finance/unions/gz-2", ReturnWish("unions/fh-1-a", 1)),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Allocate(kHr, AllocateWish(1)), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Allocate(kFinanceMaker, AllocateWish(1'001)),
              Refuses(Reason::kBudgetTooSmall, "points"));
}

TEST_F(UnionBudgetServiceTest, ShowsABudgetAndThatOfTheWholeSubtree) {
  ASSERT_OK(Allocate(kFinanceMaker, AllocateWish(400)));
  ASSERT_OK_AND_ASSIGN(const auto own, GetBudget(kHr, "unions/fh-1", false));
  EXPECT_EQ(own.points(), 600);
  EXPECT_THAT(Lines(own.lines()), ElementsAre("unions/fh-1 600"));
  EXPECT_EQ(own.as_of_sequence(), LastRecord());
  ASSERT_OK_AND_ASSIGN(const auto all, GetBudget(kHr, "unions/fh-1", true));
  EXPECT_EQ(all.points(), 1'000);
  EXPECT_THAT(Lines(all.lines()), ElementsAre("unions/fh-1 1000"));
  ASSERT_OK_AND_ASSIGN(const auto below, GetBudget(kHr, "unions/fh-1-a-b", true));
  EXPECT_EQ(below.points(), 0);
  EXPECT_THAT(Lines(below.lines()), IsEmpty());
  EXPECT_THAT(GetBudget(kOutsider, "unions/fh-1", true), Refuses(Reason::kNotFound));
  EXPECT_THAT(GetBudget(kHr, "fh-1", true), Refuses(Reason::kInvalidField, "union"));
  EXPECT_OK(GetBudget(kAuditor, "unions/fh-1", true));
}

TEST_F(UnionBudgetServiceTest, PagesThroughTheOriginsOfASubtree) {
  for (const char* id : {"fh-1-c", "fh-1-d"}) {
    ASSERT_OK(CreateUnion(kOperatorPath, UnionWish(id, "unions/fh-1")));
    Fund(10, absl::StrCat("unions/", id));
  }
  std::vector<std::string> lines;
  std::string token;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, GetBudget(kHr, "unions/fh-1", true, token, 1));
    EXPECT_EQ(page.points(), 1'020) << "the total is of all pages";
    for (const std::string& line : Lines(page.lines())) lines.push_back(line);
    token = page.next_page_token();
    if (lines.size() == 1) {
      EXPECT_THAT(GetBudget(kHr, "unions/fh-1", false, token),
                  Refuses(Reason::kInvalidField, "page_token"));
      EXPECT_THAT(GetBudget(kHr, "unions/fh-1-a", true, token),
                  Refuses(Reason::kInvalidField, "page_token"));
      EXPECT_THAT(GetBudget(kHr, "unions/fh-1", true, token + "A"),
                  Refuses(Reason::kInvalidField, "page_token"));
    }
  } while (!token.empty());
  EXPECT_THAT(lines, ElementsAre("unions/fh-1 1000", "unions/fh-1-c 10", "unions/fh-1-d 10"));
  EXPECT_THAT(GetBudget(kHr, "unions/fh-1", true, "", -1),
              Refuses(Reason::kInvalidField, "page_size"));
}

}  // namespace
}  // namespace puhui::services
