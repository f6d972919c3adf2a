// SPDX-License-Identifier: Apache-2.0
// Personal data changed by HR: what the mask names, and never unseen.
#include "tests/unit/services/issuing/members_fixture.h"

namespace puhui::services {
namespace {

using ledger::Reason;
using MemberUpdateTest = MembersTest;

TEST_F(MemberUpdateTest, AnUpdateChangesWhatTheMaskNames) {
  const std::string name = AddPerson(1);
  const std::string etag = Get(name).etag();
  v1::UpdateMemberRequest request = UpdateWish(name, {"full_name", "department"});
  request.mutable_member()->set_full_name(" 王 小明 ");
  request.mutable_member()->set_mobile("not read");
  request.set_etag(etag);
  ASSERT_OK_AND_ASSIGN(const v1::UpdateMemberResponse updated, Update(request));
  EXPECT_EQ(updated.member().full_name(), "");
  const v1::Member member = Get(name);
  EXPECT_EQ(member.full_name(), "王 小明");
  EXPECT_EQ(member.department(), "");
  EXPECT_EQ(member.masked_mobile(), "100****0001");
  EXPECT_EQ(member.etag(), updated.member().etag());
  EXPECT_NE(member.etag(), etag);
  // The first answer, though the etag is old by now.
  ASSERT_OK_AND_ASSIGN(const v1::UpdateMemberResponse again, Update(request));
  EXPECT_EQ(again.SerializeAsString(), updated.SerializeAsString());
  request.set_request_id(NextRequestId());
  const auto stale = Update(request);
  EXPECT_THAT(stale, Refuses(Reason::kEtagMismatch, "etag"));
  EXPECT_EQ(stale.status().code(), absl::StatusCode::kAborted);
  request.clear_etag();
  EXPECT_OK(Update(request));
}

TEST_F(MemberUpdateTest, AnUpdateIsRefusedByFieldThenByScope) {
  const std::string name = AddPerson(1);
  EXPECT_THAT(Update(UpdateWish(name, {})), Refuses(Reason::kInvalidField, "update_mask"));
  EXPECT_THAT(Update(UpdateWish(name, {"mobile", "state"})),
              Refuses(Reason::kInvalidField, "update_mask"));
  EXPECT_THAT(Update(UpdateWish(name, {"mobile"})),
              Refuses(Reason::kInvalidField, "member.mobile"));
  v1::UpdateMemberRequest request = UpdateWish(name, {"department"});
  request.set_etag("7");
  EXPECT_THAT(Update(request, kOutsider), Refuses(Reason::kInvalidField, "etag"));
  request.clear_etag();
  const auto unseen = Update(request, kOutsider);
  request.set_name("members/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  EXPECT_EQ(unseen.status(), Update(request).status());
  EXPECT_THAT(unseen, Refuses(Reason::kNotFound));
  // A number of another country is for who has a passport.
  request = UpdateWish(name, {"mobile"});
  request.mutable_member()->set_mobile("+84912345678");
  EXPECT_THAT(Update(request), Refuses(Reason::kInvalidField, "member.mobile"));
}

TEST_F(MemberUpdateTest, ADocumentIsReplacedAndNeverShared) {
  const std::string name = AddPerson(1);
  ASSERT_OK(Add(Person(2)));
  v1::UpdateMemberRequest request = UpdateWish(name, {"id_number"});
  request.mutable_member()->set_id_number(Person(2).id_number());
  EXPECT_THAT(Update(request), Refuses(Reason::kDuplicatePerson, "id_number"));
  request.set_request_id(NextRequestId());
  request.mutable_member()->set_id_number("C1234567");
  request.mutable_member()->set_document_kind(v1::DOCUMENT_KIND_PASSPORT);
  request.mutable_member()->set_document_country("VNM");
  ASSERT_OK(Update(request));
  EXPECT_EQ(Get(name).masked_id_number(), "C*****67");
  // Whoever shows the earlier document is nobody else.
  v1::NewMember person = Person(1);
  person.set_external_id("E77");
  EXPECT_THAT(Add(person), Refuses(Reason::kDuplicatePerson, "member.id_number"));
}

}  // namespace
}  // namespace puhui::services
