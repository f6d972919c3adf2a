// SPDX-License-Identifier: Apache-2.0
// Members searched for by what is known of them.
#include "tests/unit/services/issuing/members_fixture.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class MemberSearchTest : public MembersTest {
 protected:
  absl::StatusOr<std::vector<std::string>> Search(v1::SearchMembersRequest request,
                                                  const std::string& path = kHr) {
    if (request.parent().empty()) request.set_parent("unions/fh-1");
    const auto response = Ask(*members_, &Stub::SearchMembers, path, request);
    if (!response.ok()) return response.status();
    std::vector<std::string> names;
    for (const v1::Member& member : response->members()) names.push_back(member.full_name());
    return names;
  }
  absl::StatusOr<std::vector<std::string>> ByName(const std::string& prefix,
                                                  const std::string& parent = "unions/fh-1",
                                                  const std::string& path = kHr) {
    v1::SearchMembersRequest request;
    request.set_parent(parent);
    request.set_name_prefix(prefix);
    return Search(request, path);
  }
  std::string AddNamed(int n, const std::string& full_name) {
    v1::NewMember person = Person(n);
    person.set_full_name(full_name);
    return Add(person)->member().name();
  }
};

TEST_F(MemberSearchTest, NamesAreFoundByTheirBeginningHoweverTheyAreWritten) {
  AddNamed(1, "王小明");
  AddNamed(2, "王 小红");
  AddNamed(3, "欧阳修");
  AddNamed(4, "Alexander von Humboldt");
  AddNamed(5, "Alexandra David-Neel");
  EXPECT_THAT(*ByName("王"), UnorderedElementsAre("王小明", "王 小红"));
  EXPECT_THAT(*ByName("王小"), SizeIs(2));
  EXPECT_THAT(*ByName(" 王　小明 "), ElementsAre("王小明"));
  EXPECT_THAT(*ByName("小"), IsEmpty()) << "a beginning, not any part";
  EXPECT_THAT(*ByName("ＡＬＥＸ"), SizeIs(2));
  EXPECT_THAT(*ByName("alexander"), ElementsAre("Alexander von Humboldt"));
  EXPECT_THAT(*ByName("alexandervonhumboldt"), SizeIs(1));
  EXPECT_THAT(*ByName("alexx"), IsEmpty());
}

TEST_F(MemberSearchTest, MembersAreFoundByTheirNumbers) {
  const std::string name = AddNamed(1234, "王小明");
  v1::SearchMembersRequest request;
  request.set_mobile_last_four("１234");
  EXPECT_THAT(*Search(request), ElementsAre("王小明"));
  request.set_mobile_last_four("1235");
  EXPECT_THAT(*Search(request), IsEmpty());
  request.set_external_id("E1234");
  EXPECT_THAT(*Search(request), ElementsAre("王小明"));
  request.set_external_id("E123");
  EXPECT_THAT(*Search(request), IsEmpty());
  request.set_card_number(Get(name).card_number());
  EXPECT_THAT(*Search(request), ElementsAre("王小明"));
  request.set_parent("unions/gz-2");
  EXPECT_THAT(*Search(request, kOutsider), IsEmpty()) << "a card of another union finds nobody";
}

TEST_F(MemberSearchTest, ASearchStaysWithinTheUnionAndThoseBelow) {
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("fed")));
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("one", "unions/fed")));
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("two", "unions/fed")));
  const std::string federation = "/union-admin/unions/fed/people/fed-1";
  int n = 10;
  for (const char* of : {"unions/one", "unions/two", "unions/fed"}) {
    v1::NewMember person = Person(++n);
    person.set_full_name(absl::StrCat("李", of));
    ASSERT_OK(Add(person, federation, of));
  }
  EXPECT_THAT(*ByName("李", "unions/fed", federation), SizeIs(3));
  EXPECT_THAT(*ByName("李", "unions/one", federation), ElementsAre("李unions/one"));
  EXPECT_THAT(ByName("李", "unions/two", "/hr/unions/one"), Refuses(Reason::kNotFound));
  EXPECT_THAT(*ByName("李"), IsEmpty());
}

TEST_F(MemberSearchTest, WhoseUnionMovedToAnotherTreeIsFoundFromThere) {
  AddNamed(1, "王小明");
  v1::MoveUnionRequest move;
  move.set_request_id(NextRequestId());
  move.set_name("unions/fh-1");
  move.set_parent("unions/gz-2");
  ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::MoveUnion, kOperatorPath, move));
  AddNamed(2, "王小红");
  const std::string hr = "/hr/unions/gz-2/people/hr-2";
  ASSERT_OK(Add(Person(3), hr, "unions/gz-2"));
  v1::NewMember known = Person(4);
  known.set_full_name("王大力");
  ASSERT_OK(Add(known, hr, "unions/gz-2"));
  EXPECT_THAT(*ByName("王小", "unions/gz-2", hr), UnorderedElementsAre("王小明", "王小红"));
  EXPECT_THAT(*ByName("王", "unions/gz-2", hr), SizeIs(3));
  EXPECT_THAT(*ByName("王"), UnorderedElementsAre("王小明", "王小红"));
  move.set_request_id(NextRequestId());
  move.clear_parent();
  ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::MoveUnion, kOperatorPath, move));
  EXPECT_THAT(*ByName("王"), UnorderedElementsAre("王小明", "王小红"));
  EXPECT_THAT(*ByName("王", "unions/gz-2", hr), ElementsAre("王大力"));

  v1::SearchMembersRequest request;
  request.set_parent("unions/gz-2");
  request.set_name_prefix("王");
  request.set_page_size(1);
  move.set_request_id(NextRequestId());
  move.set_parent("unions/gz-2");
  ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::MoveUnion, kOperatorPath, move));
  std::vector<std::string> names;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Ask(*members_, &Stub::SearchMembers, hr, request));
    for (const v1::Member& member : page.members()) names.push_back(member.full_name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, UnorderedElementsAre("王小明", "王小红", "王大力"));
}

TEST_F(MemberSearchTest, ASearchComesInPages) {
  for (int n = 1; n <= 5; ++n) AddNamed(n, absl::StrCat("赵", n));
  v1::SearchMembersRequest request;
  request.set_parent("unions/fh-1");
  request.set_name_prefix("赵");
  request.set_page_size(2);
  std::vector<std::string> names;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::SearchMembersResponse page,
                         Ask(*members_, &Stub::SearchMembers, kHr, request));
    for (const v1::Member& member : page.members()) names.push_back(member.full_name());
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  std::sort(names.begin(), names.end());
  EXPECT_THAT(names, ElementsAre("赵1", "赵2", "赵3", "赵4", "赵5"));
}

TEST_F(MemberSearchTest, ASearchIsRefusedByItsField) {
  v1::SearchMembersRequest request;
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "query"));
  EXPECT_THAT(ByName(" "), Refuses(Reason::kInvalidField, "name_prefix"));
  EXPECT_THAT(ByName(std::string(129, 'x')), Refuses(Reason::kInvalidField, "name_prefix"));
  request.set_mobile_last_four("123");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "mobile_last_four"));
  request.set_mobile_last_four("12a4");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "mobile_last_four"));
  request.set_card_number("8800000000000007");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "card_number"));
  request.set_external_id("=1");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "external_id"));
  EXPECT_THAT(ByName("王", "unions/gz-2"), Refuses(Reason::kNotFound));
  EXPECT_THAT(ByName("王", "unions/fh-1", kAuditor), Refuses(Reason::kPermissionDenied));
}

TEST_F(MemberSearchTest, WhoIsErasedIsNotFound) {
  const std::string name = AddNamed(1, "王小明");
  ASSERT_OK(Named(&Stub::RemoveMember, name));
  EXPECT_THAT(*ByName("王"), SizeIs(1));
  ASSERT_OK(Named(&Stub::ErasePersonalData, name, kAdminPath));
  EXPECT_THAT(*ByName("王"), IsEmpty());
}

}  // namespace
}  // namespace puhui::services
