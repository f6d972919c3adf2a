// SPDX-License-Identifier: Apache-2.0
// `puhui member`, from the arguments to the service and back to the terminal.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using MemberNounsTest = CommandsTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(MemberNounsTest, AddsOnePersonByFlags) {
  EXPECT_EQ(Run({"members", "add", "--union", "fh-1", "--external-id", "E1", "--full-name", "张三",
                 "--id-number", "C1234567", "--document-kind", "passport", "--document-country",
                 "VNM", "--mobile", "2", "--hr-system", "payroll"}),
            0);
  EXPECT_EQ(script_.added.union_(), "unions/fh-1");
  EXPECT_EQ(script_.added.member().full_name(), "张三");
  EXPECT_EQ(script_.added.member().document_kind(), v1::DOCUMENT_KIND_PASSPORT);
  EXPECT_EQ(script_.added.member().document_country(), "VNM");
  EXPECT_EQ(script_.added.member().hr_system(), "payroll");
  EXPECT_FALSE(script_.added.request_id().empty());
  EXPECT_THAT(out_, HasSubstr("came back"));
}

TEST_F(MemberNounsTest, FindsByCardAndByExternalId) {
  EXPECT_EQ(Run({"member", "lookup", "--card", "8800000000000006"}), 0);
  EXPECT_EQ(script_.lookup.card_number(), "8800000000000006");
  EXPECT_THAT(out_, HasSubstr("************4242 (blocked)"));
  EXPECT_THAT(out_, HasSubstr("P7 of unions/gz-2 in payroll"));
  EXPECT_EQ(Run({"member", "lookup", "--union", "fh-1", "--external-id", "E1"}), 0);
  EXPECT_EQ(script_.lookup.external().union_(), "unions/fh-1");
  EXPECT_EQ(script_.lookup.external().external_id(), "E1");
  EXPECT_EQ(Run({"member", "lookup", "--card", "1", "--union", "fh-1"}), 2);
}

TEST_F(MemberNounsTest, ListsThoseWhoStandSomewhere) {
  EXPECT_EQ(Run({"member", "list", "fh-1", "--state", "suspended"}), 0);
  EXPECT_EQ(script_.list.parent(), "unions/fh-1");
  EXPECT_EQ(script_.list.state(), v1::MEMBER_STATE_SUSPENDED);
  EXPECT_THAT(out_, HasSubstr("members/01J"));
  EXPECT_EQ(Run({"member", "list", "fh-1", "--state", "gone"}), 2);
}

TEST_F(MemberNounsTest, UpdatesOnlyWhatIsGiven) {
  EXPECT_EQ(Run({"member", "update", "01J", "--mobile", "13900000000", "--department", "", "--etag",
                 "r3"}),
            0);
  EXPECT_EQ(script_.update.name(), "members/01J");
  EXPECT_EQ(script_.update.etag(), "r3");
  EXPECT_THAT(script_.update.update_mask().paths(), ElementsAre("mobile", "department"));
  EXPECT_EQ(Run({"member", "update", "01J", "--external-id", "P7", "--hr-system", "payroll"}), 0);
  EXPECT_THAT(script_.update.update_mask().paths(), ElementsAre("external_id"));
  EXPECT_EQ(script_.update.member().hr_system(), "payroll");
}

TEST_F(MemberNounsTest, NamesAMemberForWhateverBecomesOfIt) {
  for (const char* verb : {"suspend", "reinstate", "issue-card", "block-card", "replace-card"}) {
    EXPECT_EQ(Run({"member", verb, "01J"}), 0) << verb;
    ASSERT_FALSE(script_.named.empty());
    EXPECT_EQ(script_.named.back(), absl::StrCat(verb, " members/01J"));
  }
  EXPECT_EQ(Run({"member", "remove", "01J"}), 0);
  EXPECT_EQ(script_.named.back(), "remove members/01J");
  EXPECT_THAT(out_, HasSubstr("1,234"));
  EXPECT_EQ(Run({"member", "transfer", "01J", "--union", "gz-2", "--external-id", "T1"}), 0);
  EXPECT_EQ(script_.transfer.union_(), "unions/gz-2");
  EXPECT_EQ(script_.transfer.external_id(), "T1");
}

TEST_F(MemberNounsTest, SearchesByOneThing) {
  EXPECT_EQ(Run({"member", "search", "--union", "fh-1", "--name", "王"}), 0);
  EXPECT_EQ(script_.search.parent(), "unions/fh-1");
  EXPECT_EQ(script_.search.name_prefix(), "王");
  EXPECT_THAT(out_, HasSubstr("members/01J"));
  EXPECT_EQ(Run({"member", "search", "--union", "fh-1", "--mobile", "1234"}), 0);
  EXPECT_EQ(script_.search.mobile_last_four(), "1234");
  EXPECT_EQ(Run({"member", "search", "--union", "fh-1"}), 2);
  EXPECT_EQ(Run({"member", "search", "--union", "fh-1", "--name", "王", "--card", "1"}), 2);
}

TEST_F(MemberNounsTest, RevealsWithAReasonAndErases) {
  EXPECT_EQ(Run({"member", "reveal", "01J", "--field", "id_number", "--field", "mobile", "--reason",
                 "a lost card"}),
            0);
  EXPECT_THAT(script_.reveal.fields(),
              ElementsAre(v1::PERSONAL_FIELD_ID_NUMBER, v1::PERSONAL_FIELD_MOBILE));
  EXPECT_EQ(script_.reveal.reason(), "a lost card");
  EXPECT_THAT(out_, HasSubstr("C1234567"));
  EXPECT_EQ(Run({"member", "reveal", "01J", "--field", "mobile"}), 2);
  EXPECT_EQ(Run({"member", "erase", "01J"}), 0);
  EXPECT_EQ(script_.named.back(), "erase members/01J");
}

TEST_F(MemberNounsTest, AppliesAndDecides) {
  EXPECT_EQ(Run({"member", "apply", "--union", "fh-1", "--full-name", "张三", "--id-number", "1",
                 "--mobile", "2"}),
            0);
  EXPECT_EQ(script_.application.parent(), "unions/fh-1");
  EXPECT_EQ(script_.application.applicant().full_name(), "张三");
  EXPECT_EQ(Run({"member", "applications", "fh-1"}), 0);
  EXPECT_THAT(out_, HasSubstr("LEFT of unions/fh-1, members/01J"));
  EXPECT_THAT(out_, HasSubstr("ACTIVE elsewhere"));
  EXPECT_EQ(Run({"member", "accept", "unions/fh-1/applications/7", "--reason", "papers seen",
                 "--external-id", "E9"}),
            0);
  EXPECT_EQ(script_.decision.decision(), v1::DecideApplicationRequest::DECISION_ACCEPT);
  EXPECT_EQ(script_.decision.external_id(), "E9");
  EXPECT_EQ(Run({"member", "reject", "unions/fh-1/applications/7", "--reason", "no papers"}), 0);
  EXPECT_EQ(script_.decision.decision(), v1::DecideApplicationRequest::DECISION_REJECT);
  EXPECT_EQ(Run({"member", "reject", "unions/fh-1/applications/7"}), 2);
}

TEST_F(MemberNounsTest, TheVaultsKeyIsReplacedAndItsProgressShown) {
  EXPECT_EQ(Run({"admin", "status"}), 0);
  EXPECT_THAT(out_, ::testing::Not(HasSubstr("vault key")));
  script_.rotated = true;
  for (const char* verb : {"status", "rotate-key"}) {
    EXPECT_EQ(Run({"admin", verb}), 0);
    EXPECT_THAT(out_, HasSubstr("1,536 so far")) << verb;
  }
}

TEST_F(MemberNounsTest, ARuleThatSaysNoShowsInTheExitCode) {
  FailNext(grpc::StatusCode::ABORTED);
  EXPECT_EQ(Run({"member", "update", "01J", "--mobile", "1"}), 6);
  EXPECT_EQ(Run({"member", "suspend"}), 2);
  EXPECT_THAT(script_.named, IsEmpty());
}

}  // namespace
}  // namespace puhui::services
