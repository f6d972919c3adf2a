// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_convert.h"
#include "tests/unit/services/issuing/issuing_fixture.h"

#include "absl/strings/match.h"

#include <functional>

namespace puhui::services {
namespace {

using ledger::Reason;
using Result = v1::MemberRowResult;

class MemberServiceTest : public IssuingTest {
 protected:
  v1::BatchCreateMembersRequest BatchWish(int first, int last) {
    v1::BatchCreateMembersRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_("unions/fh-1");
    for (int n = first; n <= last; ++n) *request.add_members() = Person(n);
    return request;
  }
  absl::StatusOr<v1::Member> GetMember(const std::string& path,
                                       const v1::GetMemberRequest& request) {
    auto response = Ask(*members_, &v1::MemberService::Stub::GetMember, path, request);
    if (!response.ok()) return response.status();
    return response->member();
  }
  absl::StatusOr<v1::Member> ByName(const std::string& path, const std::string& name) {
    v1::GetMemberRequest request;
    request.set_name(name);
    return GetMember(path, request);
  }
  absl::StatusOr<v1::Member> ByExternalId(const std::string& path, const std::string& external_id,
                                          const std::string& of = "unions/fh-1") {
    v1::GetMemberRequest request;
    request.mutable_external()->set_union_(of);
    request.mutable_external()->set_external_id(external_id);
    return GetMember(path, request);
  }
};

TEST_F(MemberServiceTest, EveryRowGetsAResultInOrder) {
  Enrol(1, 1);
  v1::BatchCreateMembersRequest request = BatchWish(1, 3);
  char& check = request.mutable_members(1)->mutable_id_number()->back();
  check = check == '1' ? '2' : '1';
  *request.add_members() = Person(3);  // As the row before.
  *request.add_members() = Person(4);
  request.mutable_members(4)->set_external_id("E1");  // Somebody else's.
  *request.add_members() = Person(1);
  request.mutable_members(5)->set_external_id("E99");  // Known by another number.
  ASSERT_OK_AND_ASSIGN(const v1::BatchCreateMembersResponse response, BatchCreate(kHr, request));
  ASSERT_EQ(response.results_size(), 6);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(response.results(i).row(), static_cast<unsigned>(i));
  EXPECT_EQ(response.results(0).outcome(), Result::OUTCOME_UNCHANGED);
  EXPECT_FALSE(response.results(0).member().empty());
  EXPECT_EQ(response.results(1).outcome(), Result::OUTCOME_REFUSED);
  EXPECT_EQ(response.results(1).reason(), "INVALID_FIELD");
  EXPECT_EQ(response.results(1).field(), "id_number");
  EXPECT_TRUE(absl::StartsWith(response.results(1).shape(), "CHECK_DIGIT: "));
  EXPECT_FALSE(absl::StrContains(response.results(1).shape(), "9900"));
  EXPECT_EQ(response.results(2).outcome(), Result::OUTCOME_CREATED);
  EXPECT_EQ(response.results(3).outcome(), Result::OUTCOME_UNCHANGED);
  EXPECT_EQ(response.results(3).member(), response.results(2).member());
  EXPECT_EQ(response.results(4).reason(), "ALREADY_EXISTS");
  EXPECT_EQ(response.results(4).field(), "external_id");
  EXPECT_EQ(response.results(5).reason(), "DUPLICATE_PERSON");
  EXPECT_EQ(response.results(5).field(), "id_number");
}

TEST_F(MemberServiceTest, AReplayGivesTheSameBytesShapesIncluded) {
  v1::BatchCreateMembersRequest request = BatchWish(1, 3);
  request.mutable_members(1)->set_mobile("12");
  ASSERT_OK_AND_ASSIGN(const v1::BatchCreateMembersResponse first, BatchCreate(kHr, request));
  const Sequence records = LastRecord();
  clock_.Advance(absl::Hours(24 * 30));
  ASSERT_OK_AND_ASSIGN(const v1::BatchCreateMembersResponse again, BatchCreate(kHr, request));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(first.results(1).shape(), "BAD_MOBILE: 2 characters");
  EXPECT_EQ(LastRecord(), records);
  request.set_all_or_nothing(true);
  EXPECT_THAT(BatchCreate(kHr, request), Refuses(Reason::kRequestIdReused));
}

TEST_F(MemberServiceTest, OneRefusedRowRefusesAllWhenAsked) {
  v1::BatchCreateMembersRequest request = BatchWish(1, 2);
  request.mutable_members(1)->clear_full_name();
  request.set_all_or_nothing(true);
  ASSERT_OK_AND_ASSIGN(const v1::BatchCreateMembersResponse response, BatchCreate(kHr, request));
  EXPECT_EQ(response.results(0).outcome(), Result::OUTCOME_SKIPPED);
  EXPECT_EQ(response.results(1).outcome(), Result::OUTCOME_REFUSED);
  EXPECT_EQ(response.results(1).field(), "full_name");
  EXPECT_EQ(response.results(1).shape(), "REQUIRED: empty");
  EXPECT_THAT(ByExternalId(kHr, "E1"), Refuses(Reason::kNotFound));
}

TEST_F(MemberServiceTest, EachMalformedCellOfARowIsNamed) {
  using Row = v1::NewMember;
  const std::pair<const char*, std::function<void(Row*)>> cases[] = {
      {"external_id", [](Row* r) { r->clear_external_id(); }},
      {"external_id", [](Row* r) { r->set_external_id(std::string(41, '1')); }},
      {"full_name", [](Row* r) { r->set_full_name("=cmd()"); }},
      {"id_number", [](Row* r) { r->set_id_number("9.90102E+17"); }},
      {"id_number", [](Row* r) { r->clear_id_number(); }},
      {"mobile", [](Row* r) { r->set_mobile("20012345678"); }},
      {"department", [](Row* r) { r->set_department(std::string(129, 'x')); }},
      {"employment", [](Row* r) { r->set_employment("a\tb"); }},
  };
  for (const auto& [field, spoil] : cases) {
    v1::BatchCreateMembersRequest request = BatchWish(1, 1);
    spoil(request.mutable_members(0));
    ASSERT_OK_AND_ASSIGN(const v1::BatchCreateMembersResponse response, BatchCreate(kHr, request));
    EXPECT_EQ(response.results(0).reason(), "INVALID_FIELD") << field;
    EXPECT_EQ(response.results(0).field(), field);
    EXPECT_FALSE(response.results(0).shape().empty()) << field;
  }
}

TEST_F(MemberServiceTest, ABatchIsRefusedForItsShapeThenItsScope) {
  v1::BatchCreateMembersRequest request = BatchWish(1, 1);
  request.clear_members();
  EXPECT_THAT(BatchCreate(kOutsider, request), Refuses(Reason::kInvalidField, "members"));
  request = BatchWish(1, 1);
  for (std::size_t i = 0; i < kRowsPerImportCallMax; ++i) *request.add_members() = Person(1);
  EXPECT_THAT(BatchCreate(kHr, request), Refuses(Reason::kInvalidField, "members"));
  request = BatchWish(1, 1);
  request.set_union_("fh-1");
  EXPECT_THAT(BatchCreate(kHr, request), Refuses(Reason::kInvalidField, "union"));
  request = BatchWish(1, 1);
  request.clear_request_id();
  EXPECT_THAT(BatchCreate(kHr, request), Refuses(Reason::kInvalidField, "request_id"));
  EXPECT_THAT(BatchCreate(kOutsider, BatchWish(1, 1)), Refuses(Reason::kNotFound));
  EXPECT_THAT(BatchCreate(kFinanceMaker, BatchWish(1, 1)), Refuses(Reason::kPermissionDenied));
}

TEST_F(MemberServiceTest, HrSeesMaskedDataAndTheWholeCard) {
  const std::string name = Enrol(7, 7).at(0);
  ASSERT_OK_AND_ASSIGN(const v1::Member member, ByName(kHr, name));
  EXPECT_EQ(member.name(), name);
  EXPECT_EQ(member.union_(), "unions/fh-1");
  EXPECT_EQ(member.state(), v1::MEMBER_STATE_ACTIVE);
  EXPECT_EQ(member.external_id(), "E7");
  EXPECT_EQ(member.full_name(), Person(7).full_name());
  EXPECT_EQ(member.masked_id_number(),
            absl::StrCat("990000********", Person(7).id_number().substr(14)));
  EXPECT_EQ(member.masked_mobile(), "100****0007");
  EXPECT_EQ(member.department(), "装配车间");
  EXPECT_TRUE(issuing::HasLuhnCheckDigit(member.card_number()));
  EXPECT_EQ(member.masked_card(), absl::StrCat("************", member.card_number().substr(12)));
}

TEST_F(MemberServiceTest, TheUnionsOwnNumberFindsAMemberHoweverItIsWritten) {
  const std::string name = Enrol(7, 7).at(0);
  ASSERT_OK_AND_ASSIGN(const v1::Member member, ByExternalId(kAdminPath, " Ｅ７ "));
  EXPECT_EQ(member.name(), name);
  EXPECT_THAT(ByExternalId(kHr, "E8"), Refuses(Reason::kNotFound));
}

TEST_F(MemberServiceTest, TheAuditorSeesAPseudonym) {
  const std::string name = Enrol(7, 7).at(0);
  ASSERT_OK_AND_ASSIGN(const v1::Member member, ByName(kAuditor, name));
  EXPECT_EQ(member.union_(), "unions/fh-1");
  EXPECT_FALSE(member.masked_card().empty());
  for (const std::string& text :
       {member.external_id(), member.full_name(), member.masked_id_number(), member.masked_mobile(),
        member.department(), member.card_number()}) {
    EXPECT_EQ(text, "");
  }
}

TEST_F(MemberServiceTest, AMemberOutOfSightReadsLikeOneWhoIsNotThere) {
  const std::string name = Enrol(7, 7).at(0);
  const auto unseen = ByName(kOutsider, name);
  EXPECT_THAT(unseen, Refuses(Reason::kNotFound));
  EXPECT_EQ(unseen.status(), ByName(kOutsider, "members/01ARZ3NDEKTSV4RRFFQ69G5FAV").status());
  EXPECT_EQ(unseen.status(), ByExternalId(kOutsider, "E7").status());
  EXPECT_EQ(unseen.status(), ByExternalId(kOutsider, "E7", "unions/nowhere").status());
}

TEST_F(MemberServiceTest, AMalformedKeyIsNamed) {
  EXPECT_THAT(GetMember(kHr, {}), Refuses(Reason::kInvalidField, "key"));
  EXPECT_THAT(ByName(kHr, "members/7"), Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(ByExternalId(kHr, "E7", "fh-1"), Refuses(Reason::kInvalidField, "external.union"));
  EXPECT_THAT(ByExternalId(kHr, " "), Refuses(Reason::kInvalidField, "external.external_id"));
}

TEST(MaskTest, NothingShowsOfWhatIsTooShortToMask) {
  EXPECT_EQ(MaskIdNumber("1234567890"), "**********");
  EXPECT_EQ(MaskIdNumber("12345678901"), "123456*8901");
  EXPECT_EQ(MaskMobile("1234567"), "*******");
  EXPECT_EQ(MaskMobile(""), "");
}

}  // namespace
}  // namespace puhui::services
