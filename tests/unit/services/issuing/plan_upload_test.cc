// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/issuing/campaign_fixture.h"

namespace puhui::services {
namespace {

using ledger::Reason;

class PlanUploadTest : public CampaignTest {
 protected:
  PlanUploadTest() { EXPECT_OK(Create(kHr, CampaignWish())); }

  // Somebody of gz-2, whose HR alone knows the numbers.
  v1::Member Outsider(int person) {
    v1::GetMemberRequest request;
    const auto names = Enrol(person, person, "unions/gz-2", kOutsider);
    request.set_name(names.empty() ? "" : names[0]);
    const auto response = Ask(*members_, &v1::MemberService::Stub::GetMember, kOutsider, request);
    EXPECT_OK(response);
    return response.ok() ? response->member() : v1::Member();
  }
  // What comes over the wire of an upload of `rows`, all of it.
  std::string WireStatus(const std::vector<v1::PlanRow>& rows) {
    const auto context = As(kHr);
    v1::UploadPlanResponse response;
    const auto writer = campaigns_->UploadPlan(context.get(), &response);
    writer->Write(Start(NextRequestId(), rows.size()));
    writer->Write(Rows(rows));
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    return absl::StrCat(status.error_code(), "|", status.error_message(), "|",
                        status.error_details());
  }
  // Of the plan of one row, with the money there.
  void SubmitAndApprove(const v1::PlanRow& row) {
    ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse plan, Upload({row}));
    Fund(row.points());
    ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(plan.plan().hash())));
    ASSERT_OK(Approve(kApprover, ApprovalWish(plan.plan().hash())));
  }
};

class PlanSilenceTest : public CampaignTest {
 protected:
  PlanSilenceTest() : CampaignTest(absl::Seconds(1)) { EXPECT_OK(Create(kHr, CampaignWish())); }
};

TEST_F(PlanSilenceTest, WhoFallsSilentIsNotWaitedFor) {
  const auto context = As(kHr);
  v1::UploadPlanResponse response;
  const auto writer = campaigns_->UploadPlan(context.get(), &response);
  ASSERT_TRUE(writer->Write(Start(NextRequestId(), 3)));
  EXPECT_THAT(FromGrpcStatus(writer->Finish()), Refuses(Reason::kDeadlineExceeded));
}

TEST_F(PlanUploadTest, RowsNameMembersOrTheUnionsOwnNumbers) {
  const std::vector<std::string> names = Enrol(1, 3);
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse uploaded,
                       Send(kHr, {Start(NextRequestId(), 3), Rows({ByMember(names[2], 300)}),
                                  Rows({}), Rows({ByNumber(" Ｅ１ ", 100), ByNumber("E2", 200)})}));
  EXPECT_EQ(uploaded.plan().rows(), 3U);
  EXPECT_EQ(uploaded.plan().points(), 600);
  EXPECT_EQ(uploaded.plan().hash().size(), 64U);
  v1::ListRowsRequest wish;
  wish.set_name("campaigns/spring");
  ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse listed, ListRows(kHr, wish));
  ASSERT_EQ(listed.rows_size(), 3);
  EXPECT_EQ(listed.rows(0).member(), names[2]);
  EXPECT_EQ(listed.rows(1).member(), names[0]);
  EXPECT_EQ(listed.rows(1).points(), 100);
  EXPECT_EQ(listed.rows(2).member(), names[1]);
  // The same plan named otherwise has the same hash.
  ASSERT_OK_AND_ASSIGN(
      const v1::UploadPlanResponse other,
      Upload({ByNumber("E3", 300), ByMember(names[0], 100), ByMember(names[1], 200)}));
  EXPECT_EQ(other.plan().SerializeAsString(), uploaded.plan().SerializeAsString());
}

TEST_F(PlanUploadTest, APlanOfSeveralPiecesIsOnePlan) {
  std::vector<v1::UploadPlanRequest> messages = {Start(NextRequestId(), 5'000)};
  for (int first = 1; first <= 4'801; first += 1'200) {
    Enrol(first, first + 1'199 - (first == 4'801 ? 1'000 : 0));
  }
  for (int n = 1; n <= 5'000; n += 1'000) {
    std::vector<v1::PlanRow> rows;
    for (int i = n; i < n + 1'000; ++i) rows.push_back(ByNumber(absl::StrCat("E", i), i));
    messages.push_back(Rows(rows));
  }
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse uploaded, Send(kHr, messages));
  EXPECT_EQ(uploaded.plan().rows(), 5'000U);
  EXPECT_EQ(uploaded.plan().points(), 5'000 * 5'001 / 2);
  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse again, Send(kHr, messages));
  EXPECT_EQ(uploaded.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
  // A row of the last piece that repeats one of the first is found before anything is written.
  messages[0] = Start(NextRequestId(), 5'000);
  *messages.back().mutable_rows()->mutable_rows(999) = ByNumber("E1");
  EXPECT_THAT(Send(kHr, messages), Refuses(Reason::kDuplicateMemberInPlan, "rows[4999].member"));
  EXPECT_EQ(LastRecord(), records);
}

TEST_F(PlanUploadTest, AnIdWithOtherRowsIsRefusedAndThePlanStays) {
  Enrol(1, 2);
  const std::string id = NextRequestId();
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse uploaded, Upload({ByNumber("E1")}, id));
  const Sequence records = LastRecord();
  EXPECT_THAT(Upload({ByNumber("E2")}, id), Refuses(Reason::kRequestIdReused));
  EXPECT_THAT(Upload({ByNumber("E1", 0)}, id), Refuses(Reason::kRequestIdReused));
  EXPECT_EQ(LastRecord(), records);
  ASSERT_OK_AND_ASSIGN(const v1::Campaign campaign, Get(kHr));
  EXPECT_EQ(campaign.plan().SerializeAsString(), uploaded.plan().SerializeAsString());
}

TEST_F(PlanUploadTest, ABadRowIsNamedAndLeavesNothingBehind) {
  const std::vector<std::string> names = Enrol(1, 2);
  const std::string id = NextRequestId();
  const Sequence records = LastRecord();
  EXPECT_THAT(Upload({ByNumber("E1"), ByNumber("E9")}, id),
              Refuses(Reason::kMemberOfOtherUnion, "rows[1].external_id"));
  EXPECT_THAT(Upload({ByNumber("E1"), ByNumber("E2", 0)}, id),
              Refuses(Reason::kInvalidField, "rows[1].points"));
  EXPECT_THAT(Upload({ByNumber("E1", Points::kMax + 1)}, id),
              Refuses(Reason::kInvalidField, "rows[0].points"));
  EXPECT_THAT(Upload({ByMember("members/7")}, id),
              Refuses(Reason::kInvalidField, "rows[0].member"));
  EXPECT_THAT(Upload({ByNumber("")}, id), Refuses(Reason::kInvalidField, "rows[0].external_id"));
  EXPECT_THAT(Upload({v1::PlanRow()}, id), Refuses(Reason::kInvalidField, "rows[0]"));
  EXPECT_THAT(Upload({}, id), Refuses(Reason::kInvalidField, "start.rows"));
  // Shape comes before who the members are.
  EXPECT_THAT(Upload({ByNumber("E9"), ByNumber("E1", 0)}, id),
              Refuses(Reason::kInvalidField, "rows[1].points"));
  EXPECT_EQ(LastRecord(), records);
  // Mended, the same id may be tried again.
  EXPECT_OK(Upload({ByNumber("E1"), ByMember(names[1])}, id));
}

TEST_F(PlanUploadTest, ARefusedPlanLeavesAnApprovedCampaignAsItWas) {
  const std::vector<std::string> names = Enrol(1, 2);
  const v1::Member other = Outsider(50);
  SubmitAndApprove(ByMember(names[0]));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign before, Get(kHr));
  ASSERT_EQ(before.state(), v1::CAMPAIGN_STATE_APPROVED);
  const Sequence records = LastRecord();
  const std::string id = NextRequestId();
  EXPECT_THAT(Upload({ByMember(names[1]), ByMember(other.name())}, id),
              Refuses(Reason::kMemberOfOtherUnion, "rows[1].member"));
  EXPECT_THAT(Upload({ByMember(names[0]), ByMember(names[1]), ByNumber("E1")}, id),
              Refuses(Reason::kDuplicateMemberInPlan, "rows[2].member"));
  EXPECT_THAT(Upload({ByMember(names[0], Points::kMax), ByMember(names[1], 1)}, id),
              Refuses(Reason::kAmountOverflow, "rows[1].points"));
  // Who the members are comes before how often, and that before what it comes to.
  EXPECT_THAT(Upload({ByMember(names[0], Points::kMax), ByMember(names[0], 1), ByNumber("E9")}, id),
              Refuses(Reason::kMemberOfOtherUnion, "rows[2].external_id"));
  EXPECT_THAT(Upload({ByMember(names[0], Points::kMax), ByMember(names[1], 1), ByNumber("E2")}, id),
              Refuses(Reason::kDuplicateMemberInPlan, "rows[2].member"));
  EXPECT_EQ(LastRecord(), records);
  ASSERT_OK_AND_ASSIGN(const v1::Campaign after, Get(kHr));
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
  // Mended, the same id may be tried again.
  EXPECT_OK(Upload({ByMember(names[1])}, id));
}

// Whoever has a campaign could find out otherwise which cards and which people there are.
TEST_F(PlanUploadTest, SomebodyElsewhereAndNobodyLookTheSame) {
  const std::vector<std::string> names = Enrol(1, 1);
  const v1::Member other = Outsider(50);
  ASSERT_EQ(other.card_number().size(), 16U);
  SubmitAndApprove(ByMember(names[0]));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign before, Get(kHr));
  const Sequence records = LastRecord();

  std::string no_name = other.name();
  no_name.back() = no_name.back() == '0' ? '1' : '0';
  v1::PlanRow card = ByMember("");
  v1::PlanRow no_card = ByMember("");
  v1::PlanRow person = ByMember("");
  v1::PlanRow no_person = ByMember("");
  card.set_card_number(other.card_number());
  no_card.set_card_number("6200000000000000");
  person.set_id_number(Person(50).id_number());
  no_person.set_id_number(Person(51).id_number());
  const std::string refused = WireStatus({no_card});
  EXPECT_THAT(refused, ::testing::HasSubstr("MEMBER_OF_OTHER_UNION"));
  for (const v1::PlanRow& row :
       {card, person, no_person, ByMember(other.name()), ByMember(no_name)}) {
    SCOPED_TRACE(row.ShortDebugString());
    EXPECT_EQ(WireStatus({row}), refused);
    EXPECT_EQ(WireStatus({row, no_card}), refused);
    EXPECT_EQ(WireStatus({row, card, ByNumber("E9")}), refused);
    EXPECT_EQ(WireStatus({no_card, row}), refused);
    EXPECT_EQ(WireStatus({ByNumber("E1"), row}), WireStatus({ByNumber("E1"), no_card}));
  }
  EXPECT_EQ(LastRecord(), records);
  ASSERT_OK_AND_ASSIGN(const v1::Campaign after, Get(kHr));
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
}

TEST_F(PlanUploadTest, OnlyMembersOfTheUnionAndEachOnce) {
  const std::vector<std::string> names = Enrol(1, 2);
  const std::vector<std::string> others = Enrol(50, 50, "unions/gz-2", kOutsider);
  EXPECT_THAT(Upload({ByMember(names[0]), ByMember(others[0])}),
              Refuses(Reason::kMemberOfOtherUnion, "rows[1].member"));
  const std::string id = NextRequestId();
  EXPECT_THAT(Upload({ByMember(names[0]), ByMember(names[1]), ByNumber("E1")}, id),
              Refuses(Reason::kDuplicateMemberInPlan, "rows[2].member"));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign campaign, Get(kHr));
  EXPECT_FALSE(campaign.has_plan());
  EXPECT_OK(Upload({ByMember(names[0]), ByMember(names[1])}, id));
}

TEST_F(PlanUploadTest, TheStreamHasOneStartThenRows) {
  Enrol(1, 1);
  const std::string id = NextRequestId();
  EXPECT_THAT(Send(kHr, {}), Refuses(Reason::kInvalidField, "start"));
  EXPECT_THAT(Send(kHr, {Rows({ByNumber("E1")})}), Refuses(Reason::kInvalidField, "start"));
  EXPECT_THAT(Send(kHr, {Start(id, 1), Start(id, 1)}), Refuses(Reason::kInvalidField, "start"));
  EXPECT_THAT(Send(kHr, {Start(id, 1), {}}), Refuses(Reason::kInvalidField, "part"));
  EXPECT_THAT(Send(kHr, {Start("7", 1)}), Refuses(Reason::kInvalidField, "start.request_id"));
  EXPECT_THAT(Send(kHr, {Start(id, 1, "spring")}),
              Refuses(Reason::kInvalidField, "start.campaign"));
  const std::vector<v1::PlanRow> many(kRowsPerImportCallMax + 1, ByNumber("E1"));
  EXPECT_THAT(Send(kHr, {Start(id, many.size()), Rows(many)}),
              Refuses(Reason::kInvalidField, "rows"));
  EXPECT_THAT(Send(kApprover, {Start(id, 1)}), Refuses(Reason::kPermissionDenied));
}

// Fewer rows than the start says is what a stream looks like that was cut.
TEST_F(PlanUploadTest, APlanOfFewerOrMoreRowsThanItSaidIsRefused) {
  Enrol(1, 3);
  const std::string id = NextRequestId();
  const Sequence records = LastRecord();
  const v1::UploadPlanRequest two = Rows({ByNumber("E1"), ByNumber("E2")});
  EXPECT_THAT(Send(kHr, {Start(id, 3)}), Refuses(Reason::kInvalidField, "start.rows"));
  EXPECT_THAT(Send(kHr, {Start(id, 3), two}), Refuses(Reason::kInvalidField, "start.rows"));
  EXPECT_THAT(Send(kHr, {Start(id, 1), two}), Refuses(Reason::kInvalidField, "start.rows"));
  EXPECT_THAT(Send(kHr, {Start(id, 3), two, two}), Refuses(Reason::kInvalidField, "start.rows"));
  EXPECT_THAT(Send(kHr, {Start(id, 0)}), Refuses(Reason::kInvalidField, "start.rows"));
  EXPECT_THAT(Send(kHr, {Start(id, kPlanRowsMax + 1)}),
              Refuses(Reason::kPlanRowsLimit, "start.rows"));
  EXPECT_EQ(LastRecord(), records);
  EXPECT_OK(Send(kHr, {Start(id, 3), two, Rows({ByNumber("E3")})}));
}

TEST_F(PlanUploadTest, ANewPlanTakesAnApprovedCampaignBackAndItsMoneyToo) {
  Enrol(1, 2);
  ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse plan, Upload({ByNumber("E1")}));
  Fund(500);
  ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(plan.plan().hash())));
  ASSERT_OK(Approve(kApprover, ApprovalWish(plan.plan().hash())));
  ASSERT_OK(Upload({ByNumber("E2")}));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign campaign, Get(kHr));
  EXPECT_EQ(campaign.state(), v1::CAMPAIGN_STATE_DRAFT);
  ASSERT_OK_AND_ASSIGN(const v1::Union of, GetUnion(kHr, "unions/fh-1"));
  ASSERT_EQ(of.budgets_size(), 1);
  EXPECT_EQ(of.budgets(0).points(), 500);
}

}  // namespace
}  // namespace puhui::services
