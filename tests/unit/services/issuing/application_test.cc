// SPDX-License-Identifier: Apache-2.0
// People ask to join, and somebody of the union decides.
#include "tests/unit/services/issuing/members_fixture.h"

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::SizeIs;
using Decide = v1::DecideApplicationRequest;

class ApplicationTest : public MembersTest {
 protected:
  absl::StatusOr<v1::Application> Submit(const v1::NewMember& person, const std::string& path = kHr,
                                         const std::string& of = "unions/fh-1") {
    v1::SubmitApplicationRequest request;
    request.set_request_id(NextRequestId());
    request.set_parent(of);
    *request.mutable_applicant() = person;
    const auto response = Ask(*members_, &Stub::SubmitApplication, path, request);
    if (!response.ok()) return response.status();
    return response->application();
  }
  Decide DecisionOn(const std::string& name, Decide::Decision decision) {
    Decide request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    request.set_decision(decision);
    request.set_reason("papers seen");
    return request;
  }
  absl::StatusOr<v1::Application> Do(const Decide& request, const std::string& path = kAdminPath) {
    const auto response = Ask(*members_, &Stub::DecideApplication, path, request);
    if (!response.ok()) return response.status();
    return response->application();
  }
  absl::StatusOr<v1::ListApplicationsResponse> List(v1::ListApplicationsRequest request = {},
                                                    const std::string& path = kAdminPath) {
    if (request.parent().empty()) request.set_parent("unions/fh-1");
    return Ask(*members_, &Stub::ListApplications, path, request);
  }
};

TEST_F(ApplicationTest, AnApplicantIsShownMaskedAndTakenIn) {
  ASSERT_OK_AND_ASSIGN(const v1::Application submitted, Submit(Person(1)));
  EXPECT_EQ(submitted.state(), v1::APPLICATION_STATE_SUBMITTED);
  EXPECT_FALSE(submitted.has_applicant());
  ASSERT_OK_AND_ASSIGN(const auto listed, List());
  ASSERT_THAT(listed.applications(), SizeIs(1));
  const v1::Application& shown = listed.applications(0);
  EXPECT_EQ(shown.name(), submitted.name());
  EXPECT_EQ(shown.applicant().full_name(), Person(1).full_name());
  EXPECT_EQ(shown.applicant().masked_mobile(), "100****0001");
  EXPECT_EQ(shown.applicant().card_number(), "");
  EXPECT_FALSE(shown.has_known());

  const Decide request = DecisionOn(submitted.name(), Decide::DECISION_ACCEPT);
  ASSERT_OK_AND_ASSIGN(const v1::Application accepted, Do(request));
  EXPECT_EQ(accepted.state(), v1::APPLICATION_STATE_ACCEPTED);
  EXPECT_EQ(accepted.reason(), "papers seen");
  ASSERT_OK_AND_ASSIGN(const v1::Application again, Do(request));
  EXPECT_EQ(again.SerializeAsString(), accepted.SerializeAsString());
  const v1::Member member = Get(accepted.member());
  EXPECT_EQ(member.full_name(), Person(1).full_name());
  EXPECT_EQ(member.external_id(), "E1");
  EXPECT_EQ(member.card_number().size(), 16U);
  ASSERT_OK_AND_ASSIGN(const auto decided, List());
  EXPECT_EQ(decided.applications(0).member(), accepted.member());
  EXPECT_EQ(decided.applications(0).reason(), "papers seen");
  EXPECT_FALSE(decided.applications(0).has_applicant());
}

TEST_F(ApplicationTest, TheNumberMayComeWithTheDecision) {
  v1::NewMember person = Person(1);
  person.clear_external_id();
  ASSERT_OK_AND_ASSIGN(const v1::Application submitted, Submit(person));
  Decide request = DecisionOn(submitted.name(), Decide::DECISION_ACCEPT);
  EXPECT_THAT(Do(request), Refuses(Reason::kInvalidField, "external_id"));
  request.set_external_id("N-7");
  request.set_hr_system("payroll");
  ASSERT_OK_AND_ASSIGN(const v1::Application accepted, Do(request));
  EXPECT_EQ(Get(accepted.member()).other_external_ids(0).external_id(), "N-7");
  ASSERT_OK_AND_ASSIGN(const v1::Application other, Submit(Person(2)));
  request = DecisionOn(other.name(), Decide::DECISION_ACCEPT);
  request.set_external_id("N-8");
  EXPECT_THAT(Do(request), Refuses(Reason::kInvalidField, "external_id"));
}

TEST_F(ApplicationTest, WhoIsAMemberAlreadyIsSaidWithoutTheNumber) {
  const std::string own = AddPerson(1);
  ASSERT_OK(Add(Person(2), kOutsider, "unions/gz-2"));
  ASSERT_OK(Submit(Person(1)));
  ASSERT_OK(Submit(Person(2)));
  ASSERT_OK_AND_ASSIGN(const auto listed, List());
  ASSERT_THAT(listed.applications(), SizeIs(2));
  const v1::KnownPerson& here = listed.applications(0).known();
  EXPECT_EQ(here.state(), v1::MEMBER_STATE_ACTIVE);
  EXPECT_EQ(here.union_(), "unions/fh-1");
  EXPECT_EQ(here.member(), own);
  // Elsewhere: that, and no more.
  ASSERT_TRUE(listed.applications(1).has_known());
  const v1::KnownPerson& elsewhere = listed.applications(1).known();
  EXPECT_EQ(elsewhere.state(), v1::MEMBER_STATE_ACTIVE);
  EXPECT_EQ(elsewhere.union_(), "");
  EXPECT_EQ(elsewhere.member(), "");
  EXPECT_THAT(Do(DecisionOn(listed.applications(1).name(), Decide::DECISION_ACCEPT)),
              Refuses(Reason::kDuplicatePerson, "applicant.id_number"));
  EXPECT_THAT(Do(DecisionOn(listed.applications(0).name(), Decide::DECISION_ACCEPT)),
              Refuses(Reason::kAlreadyExists, "applicant.external_id"));
}

TEST_F(ApplicationTest, SomebodyWhoLeftComesBackWithTheCard) {
  const std::string name = AddPerson(1);
  const std::string card = Get(name).card_number();
  ASSERT_OK(Named(&Stub::RemoveMember, name));
  ASSERT_OK_AND_ASSIGN(const v1::Application submitted, Submit(Person(1)));
  ASSERT_OK_AND_ASSIGN(const v1::Application accepted,
                       Do(DecisionOn(submitted.name(), Decide::DECISION_ACCEPT)));
  EXPECT_EQ(accepted.member(), name);
  EXPECT_EQ(Get(name).state(), v1::MEMBER_STATE_ACTIVE);
  EXPECT_EQ(Get(name).card_number(), card);
}

TEST_F(ApplicationTest, ARejectionForgetsWhoAsked) {
  ASSERT_OK_AND_ASSIGN(const v1::Application submitted, Submit(Person(1)));
  ASSERT_OK_AND_ASSIGN(const v1::Application rejected,
                       Do(DecisionOn(submitted.name(), Decide::DECISION_REJECT)));
  EXPECT_EQ(rejected.state(), v1::APPLICATION_STATE_REJECTED);
  EXPECT_EQ(rejected.member(), "");
  EXPECT_THAT(Do(DecisionOn(submitted.name(), Decide::DECISION_ACCEPT)),
              Refuses(Reason::kApplicationState, "name"));
  EXPECT_OK(Add(Person(1)));
}

TEST_F(ApplicationTest, ListsGoPageByPageAndByState) {
  std::vector<std::string> names;
  for (int n = 1; n <= 5; ++n) names.push_back(Submit(Person(n))->name());
  ASSERT_OK(Do(DecisionOn(names[1], Decide::DECISION_REJECT)));
  v1::ListApplicationsRequest request;
  request.set_page_size(2);
  std::vector<std::string> listed;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, List(request));
    for (const v1::Application& one : page.applications()) listed.push_back(one.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, names);
  request.set_state(v1::APPLICATION_STATE_REJECTED);
  ASSERT_OK_AND_ASSIGN(const auto rejected, List(request));
  ASSERT_THAT(rejected.applications(), SizeIs(1));
  EXPECT_EQ(rejected.applications(0).name(), names[1]);
  EXPECT_EQ(rejected.next_page_token(), "");
}

TEST_F(ApplicationTest, RefusalsComeInOrder) {
  v1::NewMember person = Person(1);
  person.set_mobile("1");
  EXPECT_THAT(Submit(person, kOutsider), Refuses(Reason::kInvalidField, "applicant.mobile"));
  EXPECT_THAT(Submit(Person(1), kOutsider), Refuses(Reason::kNotFound));
  EXPECT_THAT(Submit(Person(1), kAuditor), Refuses(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::Application submitted, Submit(Person(1)));
  Decide request = DecisionOn(submitted.name(), Decide::DECISION_UNSPECIFIED);
  EXPECT_THAT(Do(request), Refuses(Reason::kInvalidField, "decision"));
  request.set_decision(Decide::DECISION_REJECT);
  request.set_reason("");
  EXPECT_THAT(Do(request), Refuses(Reason::kInvalidField, "reason"));
  request.set_reason("call 13912345678");
  EXPECT_THAT(Do(request), Refuses(Reason::kInvalidField, "reason"));
  request.set_reason(absl::StrCat("we know ", Person(1).full_name()));
  EXPECT_THAT(Do(request), Refuses(Reason::kInvalidField, "reason"));
  request.set_reason("papers missing");
  EXPECT_THAT(Do(request, kHr), Refuses(Reason::kPermissionDenied));
  const std::string outside_admin = "/union-admin/unions/gz-2/people/admin-9";
  const auto unseen = Do(request, outside_admin);
  EXPECT_THAT(unseen, Refuses(Reason::kNotFound));
  request.set_name("unions/fh-1/applications/999999");
  EXPECT_EQ(Do(request).status(), unseen.status());
  request.set_name("unions/gz-2/applications/" +
                   submitted.name().substr(submitted.name().rfind('/') + 1));
  EXPECT_EQ(Do(request, outside_admin).status(), unseen.status());
  request.set_name("unions/fh-1/applications/07");
  EXPECT_THAT(Do(request), Refuses(Reason::kInvalidField, "name"));
  v1::ListApplicationsRequest list;
  list.set_parent("unions/gz-2");
  EXPECT_THAT(List(list), Refuses(Reason::kNotFound));
  list.set_parent("unions/fh-1");
  list.set_state(static_cast<v1::ApplicationState>(9));
  EXPECT_THAT(List(list), Refuses(Reason::kInvalidField, "state"));
}

}  // namespace
}  // namespace puhui::services
