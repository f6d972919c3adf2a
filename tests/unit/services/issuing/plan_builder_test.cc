// SPDX-License-Identifier: Apache-2.0
// Plans that a rule makes.
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <set>

namespace puhui::services {
namespace {

using ledger::Reason;

class PlanBuilderTest : public CampaignTest {
 protected:
  PlanBuilderTest() { EXPECT_OK(Create(kHr, CampaignWish())); }

  v1::BuildPlanRequest Wish(std::int64_t points) {
    v1::BuildPlanRequest request;
    request.set_request_id(NextRequestId());
    request.set_name("campaigns/spring");
    request.mutable_rule()->add_tiers()->set_points(points);
    return request;
  }
  absl::StatusOr<std::vector<v1::BuildPlanResponse>> Build(const v1::BuildPlanRequest& request,
                                                           const std::string& path = kHr) {
    const auto context = As(path);
    return ReadAll<v1::BuildPlanResponse>(*campaigns_->BuildPlan(context.get(), request));
  }
  std::set<std::string> Planned() {
    v1::ListRowsRequest wish;
    wish.set_name("campaigns/spring");
    wish.set_page_size(1'000);
    const auto rows = ListRows(kHr, wish);
    EXPECT_OK(rows);
    std::set<std::string> members;
    for (const v1::RowVerdict& row : rows->rows()) members.insert(row.member());
    return members;
  }
};

TEST_F(PlanBuilderTest, EverybodyOfTheUnionIsInIt) {
  const std::vector<std::string> names = Enrol(1, 3);
  ASSERT_OK_AND_ASSIGN(const auto answers, Build(Wish(700)));
  ASSERT_FALSE(answers.empty());
  const v1::BuildPlanResponse& last = answers.back();
  EXPECT_EQ(last.members(), 3U);
  EXPECT_EQ(last.rows(), 3U);
  EXPECT_EQ(last.plan().rows(), 3U);
  EXPECT_EQ(last.plan().points(), 2'100);
  EXPECT_EQ(Planned(), std::set<std::string>(names.begin(), names.end()));
  for (std::size_t i = 0; i + 1 < answers.size(); ++i) EXPECT_FALSE(answers[i].has_plan());
}

TEST_F(PlanBuilderTest, ManyPagesMakeOnePlan) {
  for (int first = 1; first <= 4'501; first += 1'500) Enrol(first, first + 1'499);
  ASSERT_OK_AND_ASSIGN(const auto answers, Build(Wish(1)));
  EXPECT_EQ(answers.back().plan().rows(), 6'000U);
  EXPECT_EQ(answers.back().plan().points(), 6'000);
  EXPECT_GT(answers.size(), 2U);
}

TEST_F(PlanBuilderTest, UnionsBelowAreInItWhenAskedFor) {
  const std::vector<std::string> own = Enrol(1, 1);
  v1::CreateUnionRequest group = UnionWish("group", "unions/fh-1");
  ASSERT_OK(CreateUnion(kAdminPath, group));
  const std::vector<std::string> below = Enrol(2, 2, "unions/group");
  ASSERT_OK(Build(Wish(1)));
  EXPECT_EQ(Planned(), std::set<std::string>({own[0]}));
  v1::BuildPlanRequest all = Wish(1);
  all.mutable_rule()->set_subtree(true);
  ASSERT_OK(Build(all));
  EXPECT_EQ(Planned(), std::set<std::string>({own[0], below[0]}));
}

TEST_F(PlanBuilderTest, TiersAskTheVault) {
  v1::BatchCreateMembersRequest request;
  request.set_request_id(NextRequestId());
  request.set_union_("unions/fh-1");
  for (int n = 1; n <= 3; ++n) *request.add_members() = Person(n);
  request.mutable_members(0)->set_employment("正式");
  request.mutable_members(1)->set_employment("派遣");
  request.mutable_members(2)->set_employment("临时");
  ASSERT_OK_AND_ASSIGN(const auto created, BatchCreate(kHr, request));
  v1::BuildPlanRequest wish = Wish(500);
  wish.mutable_rule()->mutable_tiers(0)->add_employments("正式");
  v1::PlanTier& second = *wish.mutable_rule()->add_tiers();
  second.set_points(200);
  second.add_employments("派遣");
  ASSERT_OK_AND_ASSIGN(const auto answers, Build(wish));
  EXPECT_EQ(answers.back().members(), 3U);
  EXPECT_EQ(answers.back().plan().rows(), 2U);
  EXPECT_EQ(answers.back().plan().points(), 700);
  EXPECT_EQ(Planned(),
            std::set<std::string>({created.results(0).member(), created.results(1).member()}));
}

TEST_F(PlanBuilderTest, RepeatedItAnswersWithTheFirstPlan) {
  Enrol(1, 2);
  const v1::BuildPlanRequest wish = Wish(500);
  ASSERT_OK_AND_ASSIGN(const auto first, Build(wish));
  Enrol(3, 3);
  const Sequence before = LastRecord();
  ASSERT_OK_AND_ASSIGN(const auto again, Build(wish));
  EXPECT_EQ(again.back().plan().SerializeAsString(), first.back().plan().SerializeAsString());
  EXPECT_EQ(LastRecord(), before);
  v1::BuildPlanRequest other = wish;
  other.mutable_rule()->mutable_tiers(0)->set_points(1);
  EXPECT_THAT(Build(other), Refuses(Reason::kRequestIdReused));
}

TEST_F(PlanBuilderTest, RefusesInOrder) {
  Enrol(1, 1);
  v1::BuildPlanRequest wish = Wish(0);
  EXPECT_THAT(Build(wish, kOutsider), Refuses(Reason::kInvalidField, "rule.tiers[0].points"));
  wish = Wish(1);
  EXPECT_THAT(Build(wish, kOutsider), Refuses(Reason::kNotFound));
  wish.mutable_rule()->mutable_tiers(0)->add_employments("nothing");
  EXPECT_THAT(Build(wish), Refuses(Reason::kPlanEmpty));
  wish.clear_request_id();
  EXPECT_THAT(Build(wish), Refuses(Reason::kInvalidField, "request_id"));
}

TEST_F(PlanBuilderTest, ARuleThatFitsNobodyChangesNothing) {
  Enrol(1, 2);
  ASSERT_OK_AND_ASSIGN(const auto built, Build(Wish(100)));
  const std::string hash = built.back().plan().hash();
  ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
  v1::BuildPlanRequest nobody = Wish(1);
  nobody.mutable_rule()->mutable_tiers(0)->add_employments("nothing");
  EXPECT_THAT(Build(nobody), Refuses(Reason::kPlanEmpty, "rule"));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign campaign, Get(kHr));
  EXPECT_EQ(campaign.state(), v1::CAMPAIGN_STATE_SUBMITTED);
  EXPECT_EQ(campaign.plan().hash(), hash);
}

TEST_F(PlanBuilderTest, ARuleThatComesToTooMuchChangesNothing) {
  Enrol(1, 3);
  ASSERT_OK_AND_ASSIGN(const auto built, Build(Wish(100)));
  ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(built.back().plan().hash())));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign before, Get(kHr));
  const Sequence records = LastRecord();
  EXPECT_THAT(Build(Wish(Points::kMax / 2)), Refuses(Reason::kAmountOverflow, "rows[2].points"));
  EXPECT_EQ(LastRecord(), records);
  ASSERT_OK_AND_ASSIGN(const v1::Campaign after, Get(kHr));
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
}

TEST_F(PlanBuilderTest, WhoIsSuspendedIsNotInIt) {
  const std::vector<std::string> names = Enrol(1, 2);
  v1::SuspendMemberRequest suspend;
  suspend.set_request_id(NextRequestId());
  suspend.set_name(names[0]);
  ASSERT_OK(Ask(*members_, &v1::MemberService::Stub::SuspendMember, kHr, suspend));
  ASSERT_OK(Build(Wish(1)));
  EXPECT_EQ(Planned(), std::set<std::string>({names[1]}));
}

}  // namespace
}  // namespace puhui::services
