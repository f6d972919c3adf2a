// SPDX-License-Identifier: Apache-2.0
// Personal data as HR sees it: shown in the clear, destroyed.
#include "services/issuing/member_privacy.h"

#include "ledger/journal/journal_reader.h"
#include "tests/unit/services/issuing/members_fixture.h"

#include "absl/strings/match.h"

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class MemberPrivacyTest : public MembersTest {
 protected:
  v1::RevealMemberRequest RevealWish(const std::string& name, std::vector<v1::PersonalField> fields,
                                     const std::string& reason = "hospital asks, case 42") {
    v1::RevealMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    for (const v1::PersonalField field : fields) request.add_fields(field);
    request.set_reason(reason);
    return request;
  }
  absl::StatusOr<v1::RevealMemberResponse> Reveal(const v1::RevealMemberRequest& request,
                                                  const std::string& path = kHr) {
    return Ask(*members_, &Stub::RevealMember, path, request);
  }
};

TEST_F(MemberPrivacyTest, ALookShowsWhatWasAskedForAndLeavesARecord) {
  const std::string name = AddPerson(1);
  ASSERT_OK_AND_ASSIGN(
      const v1::RevealMemberResponse shown,
      Reveal(RevealWish(name, {v1::PERSONAL_FIELD_ID_NUMBER, v1::PERSONAL_FIELD_MOBILE})));
  EXPECT_EQ(shown.id_number(), Person(1).id_number());
  EXPECT_EQ(shown.document_kind(), v1::DOCUMENT_KIND_RESIDENT_ID);
  EXPECT_EQ(shown.mobile(), Person(1).mobile());
  EXPECT_EQ(shown.full_name(), "");
  EXPECT_EQ(shown.card_number(), "");
  EXPECT_EQ(shown.sequence(), LastRecord());
  ASSERT_OK_AND_ASSIGN(const std::string bytes,
                       ledger::ReadRecord(ledger_.store, shown.sequence()));
  journal::v1::Record record;
  ASSERT_TRUE(record.ParseFromString(bytes));
  EXPECT_THAT(record.member_revealed().fields(), ElementsAre("id_number", "mobile"));
  EXPECT_EQ(record.member_revealed().reason(), "hospital asks, case 42");
  EXPECT_EQ(record.member_revealed().person(), "people/hr-1");
  EXPECT_FALSE(absl::StrContains(bytes, Person(1).mobile()));
}

TEST_F(MemberPrivacyTest, TheSameRequestIsOneLook) {
  const std::string name = AddPerson(1);
  const v1::RevealMemberRequest request = RevealWish(name, {v1::PERSONAL_FIELD_FULL_NAME});
  ASSERT_OK_AND_ASSIGN(const auto first, Reveal(request));
  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const auto again, Reveal(request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
}

TEST_F(MemberPrivacyTest, ALookIsRefusedWithoutAReasonThatAuditorsMayRead) {
  const std::string name = AddPerson(1);
  const std::vector<v1::PersonalField> mobile = {v1::PERSONAL_FIELD_MOBILE};
  for (const std::string& reason :
       {std::string(), std::string(201, 'x'), std::string("two\nlines"),
        std::string("of 13912345678"), std::string("of 139/1234/5678"),
        std::string("of 139、1234、5678"), std::string("of 139–1234"),
        std::string("of １３９１２３ too"), std::string("of 139-123 45"),
        "of " + Person(1).full_name(), std::string("of 测 试1")}) {
    EXPECT_THAT(Reveal(RevealWish(name, mobile, reason)), Refuses(Reason::kInvalidField, "reason"))
        << reason;
  }
  EXPECT_OK(Reveal(RevealWish(name, mobile, "case 12345 of E1")));
  EXPECT_THAT(Reveal(RevealWish(name, {})), Refuses(Reason::kInvalidField, "fields"));
  EXPECT_THAT(Reveal(RevealWish(name, {v1::PERSONAL_FIELD_MOBILE, v1::PERSONAL_FIELD_MOBILE})),
              Refuses(Reason::kInvalidField, "fields"));
  EXPECT_THAT(Reveal(RevealWish(name, {static_cast<v1::PersonalField>(9)})),
              Refuses(Reason::kInvalidField, "fields"));
  const Sequence records = LastRecord();
  EXPECT_THAT(Reveal(RevealWish(name, mobile), kApprover), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Reveal(RevealWish(name, mobile), kOutsider), Refuses(Reason::kNotFound));
  EXPECT_EQ(LastRecord(), records);
}

TEST_F(MemberPrivacyTest, AnAuditorSeesPseudonymsUntilItBreaksTheGlass) {
  const std::string name = AddPerson(1);
  v1::GetMemberRequest read;
  read.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto seen, Ask(*members_, &Stub::GetMember, kAuditor, read));
  EXPECT_THAT(seen.DebugString(), Not(HasSubstr(Person(1).full_name())));
  EXPECT_EQ(seen.member().masked_id_number(), "");
  ASSERT_OK_AND_ASSIGN(const auto shown,
                       Reveal(RevealWish(name, {v1::PERSONAL_FIELD_FULL_NAME}), kAuditor));
  EXPECT_EQ(shown.full_name(), Person(1).full_name());
  ASSERT_OK_AND_ASSIGN(const std::string bytes,
                       ledger::ReadRecord(ledger_.store, shown.sequence()));
  journal::v1::Record record;
  ASSERT_TRUE(record.ParseFromString(bytes));
  EXPECT_TRUE(record.member_revealed().break_glass());
  EXPECT_THAT(record.DebugString(), Not(HasSubstr(Person(1).full_name())));
}

TEST_F(MemberPrivacyTest, ErasureTakesThePersonAndLeavesTheMember) {
  const std::string name = AddPerson(1);
  const std::string card = Get(name).card_number();
  EXPECT_THAT(Named(&Stub::ErasePersonalData, name, kHr), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Named(&Stub::ErasePersonalData, name, kAdminPath),
              Refuses(Reason::kMemberState, "name"));
  ASSERT_OK(Named(&Stub::RemoveMember, name));
  ASSERT_OK(Named(&Stub::ErasePersonalData, name, kAdminPath));
  const v1::Member member = Get(name);
  EXPECT_EQ(member.state(), v1::MEMBER_STATE_LEFT);
  EXPECT_EQ(member.full_name(), "");
  EXPECT_EQ(member.external_id(), "");
  EXPECT_EQ(member.masked_card(), absl::StrCat("************", card.substr(12)));
  EXPECT_THAT(Reveal(RevealWish(name, {v1::PERSONAL_FIELD_MOBILE})),
              Refuses(Reason::kMemberErased, "name"));
  EXPECT_THAT(Named(&Stub::ReinstateMember, name), Refuses(Reason::kMemberErased, "name"));
  EXPECT_THAT(Named(&Stub::ErasePersonalData, name, kAdminPath),
              Refuses(Reason::kMemberErased, "name"));
  // The same person is the same member, and the old card still leads there until it is replaced.
  ASSERT_OK_AND_ASSIGN(const auto back, Add(Person(1)));
  EXPECT_EQ(back.member().name(), name);
  EXPECT_TRUE(back.came_back());
  EXPECT_EQ(Get(name).full_name(), Person(1).full_name());
  EXPECT_EQ(Get(name).card_number(), "");
  ASSERT_OK(Named(&Stub::ReplaceCard, name));
  EXPECT_NE(Get(name).card_number(), card);
}

}  // namespace
}  // namespace puhui::services
