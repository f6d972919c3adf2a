// SPDX-License-Identifier: Apache-2.0
// The life of a member as HR sees it: enrolled one at a time, found, changed, suspended, gone,
// back.
#include "tests/unit/services/issuing/members_fixture.h"

#include <atomic>
#include <set>
#include <thread>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kFederation[] = "/union-admin/unions/fed/people/fed-1";

class MemberLifeTest : public MembersTest {
 protected:
  absl::StatusOr<v1::Member> Lookup(const v1::LookupMemberRequest& request,
                                    const std::string& path = kHr) {
    const auto response = Ask(*members_, &Stub::LookupMember, path, request);
    if (!response.ok()) return response.status();
    return response->member();
  }
  absl::StatusOr<v1::Member> ByCard(const std::string& number, const std::string& path = kHr) {
    v1::LookupMemberRequest request;
    request.set_card_number(number);
    return Lookup(request, path);
  }
  absl::StatusOr<v1::Member> ByExternalId(const std::string& of, const std::string& system,
                                          const std::string& id, const std::string& path = kHr) {
    v1::LookupMemberRequest request;
    request.mutable_external()->set_union_(of);
    request.mutable_external()->set_hr_system(system);
    request.mutable_external()->set_external_id(id);
    return Lookup(request, path);
  }
  absl::StatusOr<v1::ListMembersResponse> List(const v1::ListMembersRequest& request,
                                               const std::string& path = kHr) {
    return Ask(*members_, &Stub::ListMembers, path, request);
  }
  absl::StatusOr<v1::TransferMemberResponse> Transfer(const std::string& name,
                                                      const std::string& to,
                                                      const std::string& external_id,
                                                      const std::string& path) {
    v1::TransferMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    request.set_union_(to);
    request.set_external_id(external_id);
    return Ask(*members_, &Stub::TransferMember, path, request);
  }
  // A federation with two enterprises.
  void Federate() {
    ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("fed")));
    ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("one", "unions/fed")));
    ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("two", "unions/fed")));
  }
};

TEST_F(MemberLifeTest, OnePersonIsEnrolledAndReadBack) {
  ASSERT_OK_AND_ASSIGN(const v1::CreateMemberResponse created, Add(Person(1)));
  EXPECT_FALSE(created.came_back());
  EXPECT_EQ(created.member().union_(), "unions/fh-1");
  EXPECT_EQ(created.member().state(), v1::MEMBER_STATE_ACTIVE);
  EXPECT_EQ(created.member().full_name(), "");
  const v1::Member member = Get(created.member().name());
  EXPECT_EQ(member.full_name(), Person(1).full_name());
  EXPECT_EQ(member.etag(), created.member().etag());
  EXPECT_EQ(member.masked_card(), created.member().masked_card());
  EXPECT_EQ(member.create_time().seconds(), created.member().create_time().seconds());
}

TEST_F(MemberLifeTest, APersonIsRefusedByFieldAndThenByWhoIsThere) {
  v1::NewMember person = Person(1);
  person.set_mobile("12");
  EXPECT_THAT(Add(person), Refuses(Reason::kInvalidField, "member.mobile"));
  EXPECT_THAT(Add(person, kOutsider), Refuses(Reason::kInvalidField, "member.mobile"));
  person = Person(1);
  char& check = person.mutable_id_number()->back();
  check = check == '1' ? '2' : '1';
  EXPECT_THAT(Add(person), Refuses(Reason::kInvalidField, "member.id_number"));
  person = Person(1);
  person.mutable_id_number()->replace(6, 8, "19900230");
  EXPECT_THAT(Add(person), Refuses(Reason::kInvalidField, "member.id_number"));
  EXPECT_THAT(Add(Person(1), kOutsider), Refuses(Reason::kNotFound));
  EXPECT_THAT(Add(Person(1), kAuditor), Refuses(Reason::kPermissionDenied));
  ASSERT_OK(Add(Person(1)));
  EXPECT_THAT(Add(Person(1)), Refuses(Reason::kAlreadyExists, "member.external_id"));
  EXPECT_THAT(Add(Person(1), kOutsider, "unions/gz-2"),
              Refuses(Reason::kDuplicatePerson, "member.id_number"));
  person = Person(2);
  person.set_external_id("E1");
  EXPECT_THAT(Add(person), Refuses(Reason::kAlreadyExists, "member.external_id"));
}

TEST_F(MemberLifeTest, APassportIsADocumentToo) {
  v1::NewMember person = Person(1);
  person.set_document_kind(v1::DOCUMENT_KIND_PASSPORT);
  EXPECT_THAT(Add(person), Refuses(Reason::kInvalidField, "member.id_number"));
  person.set_id_number(" c1234567 ");
  EXPECT_THAT(Add(person), Refuses(Reason::kInvalidField, "member.document_country"));
  person.set_document_country("CHN");
  EXPECT_THAT(Add(person), Refuses(Reason::kInvalidField, "member.document_country"));
  person.set_document_country("vnm");
  person.set_mobile("+84 91 234 5678");
  EXPECT_THAT(Add(person), Refuses(Reason::kInvalidField, "member.mobile"));
  person.set_mobile("+84912345678");
  ASSERT_OK_AND_ASSIGN(const v1::CreateMemberResponse created, Add(person));
  const v1::Member member = Get(created.member().name());
  EXPECT_EQ(member.document_kind(), v1::DOCUMENT_KIND_PASSPORT);
  EXPECT_EQ(member.document_country(), "VNM");
  EXPECT_EQ(member.masked_id_number(), "C*****67");
  person.set_external_id("E9");
  EXPECT_THAT(Add(person), Refuses(Reason::kDuplicatePerson, "member.id_number"));
  person.set_document_country("LAO");
  EXPECT_OK(Add(person));
  v1::NewMember resident = Person(3);
  resident.set_document_country("VNM");
  EXPECT_THAT(Add(resident), Refuses(Reason::kInvalidField, "member.document_country"));
}

TEST_F(MemberLifeTest, TheSameCallAtTheSameTimeEnrolsOnce) {
  v1::CreateMemberRequest request;
  request.set_request_id(NextRequestId());
  request.set_union_("unions/fh-1");
  *request.mutable_member() = Person(1);
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*members_, &Stub::CreateMember, kHr, request));
  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*members_, &Stub::CreateMember, kHr, request));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
}

TEST_F(MemberLifeTest, OnePersonJoinsOnceHoweverManyAskAtOnce) {
  constexpr int kCalls = 8;
  std::vector<v1::CreateMemberRequest> requests(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    v1::CreateMemberRequest& request = requests[static_cast<std::size_t>(i)];
    request.set_request_id(NextRequestId());
    request.set_union_(i % 2 == 0 ? "unions/fh-1" : "unions/gz-2");
    *request.mutable_member() = Person(1);
    request.mutable_member()->set_external_id(absl::StrCat("E", i));
  }
  std::atomic<int> joined = 0;
  {
    std::vector<std::jthread> calls;
    for (int i = 0; i < kCalls; ++i) {
      calls.emplace_back([this, &joined, &requests, i] {
        const auto answer = Ask(*members_, &Stub::CreateMember, i % 2 == 0 ? kHr : kOutsider,
                                requests[static_cast<std::size_t>(i)]);
        if (answer.ok()) ++joined;
        if (!answer.ok()) {
          EXPECT_THAT(answer, Refuses(Reason::kDuplicatePerson, "member.id_number"));
        }
      });
    }
  }
  EXPECT_EQ(joined, 1);
}

TEST_F(MemberLifeTest, SomebodyWhoLeftComesBackInAnotherUnion) {
  const std::string name = AddPerson(1);
  const std::string card = Get(name).card_number();
  ASSERT_OK(Named(&Stub::RemoveMember, name));
  EXPECT_EQ(Get(name).state(), v1::MEMBER_STATE_LEFT);
  v1::NewMember person = Person(1);
  person.set_external_id("G-1");
  ASSERT_OK_AND_ASSIGN(const v1::CreateMemberResponse back, Add(person, kOutsider, "unions/gz-2"));
  EXPECT_TRUE(back.came_back());
  EXPECT_EQ(back.member().name(), name);
  EXPECT_EQ(back.member().union_(), "unions/gz-2");
  const v1::Member member = Get(name, kOutsider);
  EXPECT_EQ(member.external_id(), "G-1");
  EXPECT_EQ(member.card_number(), card);
  // What the other union called the person is not for this one.
  EXPECT_THAT(member.other_external_ids(), IsEmpty());
  v1::GetMemberRequest request;
  request.set_name(name);
  EXPECT_THAT(Ask(*members_, &Stub::GetMember, kHr, request), Refuses(Reason::kNotFound));
}

TEST_F(MemberLifeTest, ABatchSaysWhoCameBack) {
  const std::string name = AddPerson(1);
  ASSERT_OK(Named(&Stub::RemoveMember, name));
  v1::BatchCreateMembersRequest request;
  request.set_request_id(NextRequestId());
  request.set_union_("unions/fh-1");
  *request.add_members() = Person(2);
  *request.add_members() = Person(1);
  ASSERT_OK_AND_ASSIGN(const v1::BatchCreateMembersResponse response, BatchCreate(kHr, request));
  EXPECT_EQ(response.results(0).outcome(), v1::MemberRowResult::OUTCOME_CREATED);
  EXPECT_EQ(response.results(1).outcome(), v1::MemberRowResult::OUTCOME_CAME_BACK);
  EXPECT_EQ(response.results(1).member(), name);
}

TEST_F(MemberLifeTest, ExternalIdsAreOfAnHrSystem) {
  v1::NewMember person = Person(1);
  person.set_hr_system("payroll");
  ASSERT_OK_AND_ASSIGN(const v1::CreateMemberResponse created, Add(person));
  const std::string name = created.member().name();
  EXPECT_THAT(ByExternalId("unions/fh-1", "", "E1"), Refuses(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::Member found, ByExternalId("unions/fh-1", "payroll", "E1"));
  EXPECT_EQ(found.name(), name);
  EXPECT_EQ(found.external_id(), "");
  ASSERT_THAT(found.other_external_ids(), SizeIs(1));
  EXPECT_EQ(found.other_external_ids(0).hr_system(), "payroll");
  // Somebody else may have the number in another system.
  EXPECT_OK(Add(Person(2)));
  v1::UpdateMemberRequest update = UpdateWish(name, {"external_id"});
  update.mutable_member()->set_external_id("E7");
  update.mutable_member()->set_hr_system("payroll");
  EXPECT_THAT(Update(update), Refuses(Reason::kAlreadyExists, "external_id"));
  update.set_request_id(NextRequestId());
  update.mutable_member()->set_hr_system("");
  EXPECT_OK(Update(update));
  EXPECT_EQ(Get(name).external_id(), "E7");
  update.set_request_id(NextRequestId());
  update.mutable_member()->set_external_id("E8");
  EXPECT_THAT(Update(update), Refuses(Reason::kAlreadyExists, "external_id"));
  update.mutable_member()->set_hr_system("Pay roll");
  EXPECT_THAT(Update(update), Refuses(Reason::kInvalidField, "member.hr_system"));
}

TEST_F(MemberLifeTest, ACardLeadsToItsMemberEvenWhenBlocked) {
  const std::string name = AddPerson(1);
  const std::string number = Get(name).card_number();
  ASSERT_OK(Named(&Stub::BlockCard, name));
  ASSERT_OK_AND_ASSIGN(const v1::Member blocked, ByCard(number));
  EXPECT_EQ(blocked.name(), name);
  EXPECT_TRUE(blocked.card_blocked());
  EXPECT_THAT(Named(&Stub::BlockCard, name), Refuses(Reason::kCardState, "name"));
  ASSERT_OK_AND_ASSIGN(const v1::IssueCardResponse issued, Named(&Stub::IssueCard, name));
  EXPECT_THAT(Named(&Stub::IssueCard, name), Refuses(Reason::kCardState, "name"));
  const v1::Member member = Get(name);
  EXPECT_NE(member.card_number(), number);
  EXPECT_EQ(member.masked_card(), issued.member().masked_card());
  EXPECT_FALSE(member.card_blocked());
  EXPECT_OK(ByCard(number));
  ASSERT_OK_AND_ASSIGN(const v1::Member auditors, ByCard(member.card_number(), kAuditor));
  EXPECT_EQ(auditors.name(), name);
  EXPECT_EQ(auditors.full_name(), "");
  EXPECT_THAT(ByCard("8800000000000005"), Refuses(Reason::kNotFound));
  EXPECT_EQ(ByCard(number, kOutsider).status(), ByCard("8800000000000005").status());
  EXPECT_THAT(ByCard("8800000000000007"), Refuses(Reason::kInvalidField, "card_number"));
  EXPECT_THAT(Lookup({}), Refuses(Reason::kInvalidField, "key"));
  ASSERT_OK(Named(&Stub::ReplaceCard, name));
  EXPECT_NE(Get(name).card_number(), member.card_number());
}

TEST_F(MemberLifeTest, MembersAreListedPageByPageAndByState) {
  std::set<std::string> names;
  for (const std::string& name : Enrol(1, 7)) names.insert(name);
  ASSERT_OK(Named(&Stub::SuspendMember, *names.begin()));
  ASSERT_OK(Named(&Stub::RemoveMember, *names.rbegin()));
  v1::ListMembersRequest request;
  request.set_parent("unions/fh-1");
  request.set_page_size(3);
  std::vector<std::string> listed;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::ListMembersResponse page, List(request));
    for (const v1::Member& member : page.members()) listed.push_back(member.name());
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(listed, std::vector<std::string>(names.begin(), names.end()));

  request.set_state(v1::MEMBER_STATE_SUSPENDED);
  ASSERT_OK_AND_ASSIGN(const v1::ListMembersResponse suspended, List(request));
  ASSERT_THAT(suspended.members(), SizeIs(1));
  EXPECT_EQ(suspended.members(0).name(), *names.begin());
  EXPECT_EQ(suspended.next_page_token(), "");
  request.set_state(v1::MEMBER_STATE_ACTIVE);
  ASSERT_OK_AND_ASSIGN(const v1::ListMembersResponse active, List(request));
  ASSERT_THAT(active.members(), SizeIs(3));
  request.set_page_token(active.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListMembersResponse rest, List(request, kHr));
  EXPECT_THAT(rest.members(), SizeIs(2));
  EXPECT_EQ(rest.next_page_token(), "");
  request.set_state(v1::MEMBER_STATE_LEFT);
  EXPECT_THAT(List(request), Refuses(Reason::kInvalidField, "page_token"));
}

TEST_F(MemberLifeTest, AListIsForThoseWhoSeeTheUnion) {
  Enrol(1, 1);
  v1::ListMembersRequest request;
  request.set_parent("unions/fh-1");
  EXPECT_THAT(List(request, kOutsider), Refuses(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::ListMembersResponse hr, List(request));
  EXPECT_EQ(hr.members(0).full_name(), Person(1).full_name());
  ASSERT_OK_AND_ASSIGN(const v1::ListMembersResponse auditor, List(request, kAuditor));
  EXPECT_EQ(auditor.members(0).name(), hr.members(0).name());
  EXPECT_EQ(auditor.members(0).full_name(), "");
  request.set_parent("fh-1");
  EXPECT_THAT(List(request), Refuses(Reason::kInvalidField, "parent"));
  request.set_parent("unions/fh-1");
  request.set_page_size(1'001);
  EXPECT_THAT(List(request), Refuses(Reason::kInvalidField, "page_size"));
}

TEST_F(MemberLifeTest, StatesFollowEachOther) {
  const std::string name = AddPerson(1);
  ASSERT_OK_AND_ASSIGN(const auto suspended, Named(&Stub::SuspendMember, name));
  EXPECT_EQ(suspended.member().state(), v1::MEMBER_STATE_SUSPENDED);
  EXPECT_THAT(Named(&Stub::SuspendMember, name), Refuses(Reason::kMemberState, "name"));
  ASSERT_OK_AND_ASSIGN(const auto reinstated, Named(&Stub::ReinstateMember, name));
  EXPECT_EQ(reinstated.member().state(), v1::MEMBER_STATE_ACTIVE);
  v1::RemoveMemberRequest remove;
  remove.set_request_id(NextRequestId());
  remove.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto left, Ask(*members_, &Stub::RemoveMember, kHr, remove));
  EXPECT_EQ(left.member().state(), v1::MEMBER_STATE_LEFT);
  EXPECT_EQ(left.returned_points(), 0);
  EXPECT_THAT(Named(&Stub::SuspendMember, name), Refuses(Reason::kMemberState, "name"));
  EXPECT_THAT(Named(&Stub::SuspendMember, name, kOutsider), Refuses(Reason::kNotFound));
  EXPECT_THAT(Named(&Stub::SuspendMember, "members/7"), Refuses(Reason::kInvalidField, "name"));
}

TEST_F(MemberLifeTest, ATransferNeedsAScopeOverBothUnions) {
  Federate();
  const std::string hr_one = "/hr/unions/one/people/hr-1";
  const std::string name = Add(Person(1), hr_one, "unions/one")->member().name();
  EXPECT_THAT(Transfer(name, "unions/two", "T-1", hr_one), Refuses(Reason::kNotFound));
  EXPECT_EQ(Transfer(name, "unions/two", "T-1", hr_one).status(),
            Transfer(name, "unions/nowhere", "T-1", hr_one).status());
  EXPECT_THAT(Transfer(name, "unions/one", "", kFederation),
              Refuses(Reason::kAlreadyExists, "union"));
  EXPECT_THAT(Transfer(name, "unions/two", "=T", kFederation),
              Refuses(Reason::kInvalidField, "external_id"));
  ASSERT_OK_AND_ASSIGN(const auto moved, Transfer(name, "unions/two", "T-1", kFederation));
  EXPECT_EQ(moved.member().union_(), "unions/two");
  const v1::Member member = Get(name, kFederation);
  EXPECT_EQ(member.external_id(), "T-1");
  ASSERT_THAT(member.other_external_ids(), SizeIs(1));
  EXPECT_EQ(member.other_external_ids(0).union_(), "unions/one");
  EXPECT_EQ(member.other_external_ids(0).external_id(), "E1");
  EXPECT_THAT(ByExternalId("unions/one", "", "E1", hr_one), Refuses(Reason::kNotFound));
  EXPECT_OK(ByExternalId("unions/one", "", "E1", kFederation));
  // Back where the person was, another number would be a change.
  EXPECT_THAT(Transfer(name, "unions/one", "E2", kFederation),
              Refuses(Reason::kAlreadyExists, "external_id"));
  ASSERT_OK(Transfer(name, "unions/one", "", kFederation));
  EXPECT_EQ(Get(name, hr_one).external_id(), "E1");
}

TEST_F(MemberLifeTest, WhoWasTransferredIsNoMemberOfTheOldUnionAndItsNumbersStayItsOwn) {
  Federate();
  const std::string hr_one = "/hr/unions/one/people/hr-1";
  const std::string hr_two = "/hr/unions/two/people/hr-2";
  const std::string name = Add(Person(1), hr_one, "unions/one")->member().name();
  ASSERT_OK(Transfer(name, "unions/two", "T-1", kFederation));
  v1::BatchCreateMembersRequest nightly;
  nightly.set_request_id(NextRequestId());
  nightly.set_union_("unions/one");
  *nightly.add_members() = Person(1);
  ASSERT_OK_AND_ASSIGN(const auto again, BatchCreate(hr_one, nightly));
  EXPECT_EQ(again.results(0).outcome(), v1::MemberRowResult::OUTCOME_REFUSED);
  EXPECT_EQ(again.results(0).reason(), "DUPLICATE_PERSON");
  EXPECT_EQ(again.results(0).member(), "");

  EXPECT_OK(ByExternalId("unions/two", "", "T-1", hr_two));
  EXPECT_THAT(ByExternalId("unions/one", "", "E1", hr_two), Refuses(Reason::kNotFound));
  v1::SearchMembersRequest search;
  search.set_parent("unions/two");
  search.set_external_id("T-1");
  EXPECT_EQ(Ask(*members_, &Stub::SearchMembers, hr_two, search)->members_size(), 1);
  search.set_external_id("E1");
  EXPECT_EQ(Ask(*members_, &Stub::SearchMembers, hr_two, search)->members_size(), 0);
  search.set_parent("unions/fed");
  EXPECT_EQ(Ask(*members_, &Stub::SearchMembers, kFederation, search)->members_size(), 1);
}

}  // namespace
}  // namespace puhui::services
