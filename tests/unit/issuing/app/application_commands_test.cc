// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/application_commands.h"

#include "issuing/app/application_queries.h"
#include "issuing/app/queries.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

class ApplicationTest : public ::testing::Test {
 protected:
  ApplicationTest() {
    PUHUI_CHECK_OK(ledger_.CreateUnion("city").status());
    PUHUI_CHECK_OK(ledger_.CreateUnion("harbour").status());
  }
  Result Submit(absl::string_view of, absl::string_view name) {
    SubmitApplicationCommand command(&ledger_.tables, {.union_id = *UnionId::Parse(of, "id"),
                                                       .applicant = ledger_.Sealed("city", name),
                                                       .person = "people/hr-1"});
    return ledger_.ledger.Run(command);
  }
  Sequence Submitted(absl::string_view name) { return Submit("city", name)->first().sequence(); }
  ApplicationRow Row(Sequence application) {
    return **FindApplication(ledger_.ledger.store(), application);
  }
  Result Decide(Sequence application, bool accept, absl::optional<NewMember> joining,
                absl::string_view of = "city") {
    DecideApplicationCommand command(&ledger_.tables, &ledger_.ledger.views(),
                                     {.of = ledger_.NumberOf(of),
                                      .application = application,
                                      .accept = accept,
                                      .reason = "papers seen",
                                      .person = "people/admin-1",
                                      .joining = std::move(joining)});
    return ledger_.ledger.Run(command);
  }
  // The applicant, sealed as who joins.
  NewMember Joining(Sequence application) {
    const ApplicationRow row = Row(application);
    const auto data = OpenApplicant(ledger_.ledger.store(), ledger_.vault, row);
    PUHUI_CHECK_OK(data.status());
    return ledger_.vault.SealAs(row.applicant, ledger_.HomeOf("city"), data->value());
  }
  bool VaultKnows(MemberId member) {
    return FindPersonalData(ledger_.ledger.store(), member)->has_value();
  }

  IssuingLedger ledger_;
};

TEST_F(ApplicationTest, AnAcceptedApplicantIsAMember) {
  const Sequence application = Submitted("li");
  const MemberId applicant = Row(application).applicant;
  EXPECT_TRUE(VaultKnows(applicant));
  EXPECT_EQ(ledger_.tables.members.Find(applicant), nullptr);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome,
                       Decide(application, true, Joining(application)));
  ASSERT_EQ(outcome.records().size(), 2U);
  EXPECT_TRUE(outcome.first().application_decided().accepted());
  EXPECT_EQ(outcome.first().application_decided().member(), applicant.ToBytes());
  EXPECT_EQ(outcome.records()[1]->member_joined().member(), applicant.ToBytes());
  const ApplicationRow row = Row(application);
  EXPECT_EQ(row.state, ApplicationState::kAccepted);
  EXPECT_EQ(row.member, applicant);
  EXPECT_EQ(row.decider, "people/admin-1");
  EXPECT_EQ(row.reason, "papers seen");
  EXPECT_EQ(ledger_.tables.members.Find(applicant)->state, MemberState::kActive);
  ledger_.members["li"] = applicant;
  EXPECT_EQ(ledger_.Opened("li").full_name, "li");
  ASSERT_OK_AND_ASSIGN(const auto gone, OpenApplicant(ledger_.ledger.store(), ledger_.vault, row));
  EXPECT_FALSE(gone.has_value());

  IssuingLedger again;
  ASSERT_OK(again.ledger.RecoverFrom(ledger_.ledger));
  EXPECT_EQ(again.tables.applications.Find(application)->member, applicant);
}

TEST_F(ApplicationTest, ARejectedApplicantIsForgotten) {
  const Sequence application = Submitted("li");
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Decide(application, false, absl::nullopt));
  EXPECT_EQ(outcome.records().size(), 1U);
  EXPECT_EQ(Row(application).state, ApplicationState::kRejected);
  EXPECT_FALSE(VaultKnows(Row(application).applicant));
  EXPECT_EQ(ledger_.tables.id_numbers.Find(ledger_.vault.IdNumberTag("id-li")), nullptr);
  EXPECT_TRUE(Row(application).member.none());
}

TEST_F(ApplicationTest, SomebodyWhoLeftComesBackByApplication) {
  ASSERT_OK(ledger_.Enrol("harbour", {std::string("li")}));
  ASSERT_OK(ledger_.Leave("li"));
  const Sequence application = Submitted("li");
  const NewMember back = ledger_.SealedReturning("city", "li");
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Decide(application, true, back));
  EXPECT_TRUE(outcome.records()[1]->member_changed().has_came_back());
  EXPECT_EQ(Row(application).member, ledger_.members.at("li"));
  EXPECT_FALSE(VaultKnows(Row(application).applicant));
  EXPECT_EQ(ledger_.Row("li").union_number, ledger_.NumberOf("city"));
}

TEST_F(ApplicationTest, RefusalsComeInOrder) {
  EXPECT_THAT(Submit("nowhere", "li"), Refuses(Reason::kNotFound, "union"));
  const Sequence application = Submitted("li");
  EXPECT_THAT(Decide(application + 1, false, absl::nullopt), Refuses(Reason::kNotFound, ""));
  EXPECT_THAT(Decide(application, false, absl::nullopt, "harbour"), Refuses(Reason::kNotFound, ""));
  ASSERT_OK(ledger_.Enrol("harbour", {std::string("li")}));
  EXPECT_THAT(Decide(application, true, Joining(application)),
              Refuses(Reason::kDuplicatePerson, "applicant.id_number"));
  EXPECT_EQ(Row(application).state, ApplicationState::kSubmitted);
  EXPECT_TRUE(VaultKnows(Row(application).applicant));
  EXPECT_THAT(Decide(application, true, absl::nullopt), Refuses(Reason::kApplicationState, "name"));
  ASSERT_OK(Decide(application, false, absl::nullopt));
  EXPECT_THAT(Decide(application, false, absl::nullopt),
              Refuses(Reason::kApplicationState, "name"));
  EXPECT_THAT(Decide(application, true, absl::nullopt), Refuses(Reason::kApplicationState, "name"));
}

TEST_F(ApplicationTest, TheSamePersonMayAskTwiceAndJoinsOnce) {
  const Sequence first = Submitted("li");
  const Sequence second = Submitted("li");
  ASSERT_OK_AND_ASSIGN(const auto listed,
                       ListApplications(ledger_.ledger.store(), ledger_.NumberOf("city"), 0, 10));
  EXPECT_THAT(listed, ElementsAre(first, second));
  ASSERT_OK_AND_ASSIGN(const auto rest, ListApplications(ledger_.ledger.store(),
                                                         ledger_.NumberOf("city"), first, 10));
  EXPECT_THAT(rest, ElementsAre(second));
  ASSERT_OK(Decide(first, true, Joining(first)));
  EXPECT_THAT(Decide(second, true, Joining(second)),
              Refuses(Reason::kAlreadyExists, "applicant.external_id"));
}

}  // namespace
}  // namespace puhui::issuing
