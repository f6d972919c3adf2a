// SPDX-License-Identifier: Apache-2.0
// The life of a member: suspended, gone, back again, moved.
#include "issuing/app/member_changes.h"

#include "issuing/app/queries.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MemberChangesTest : public ::testing::Test {
 protected:
  // A city of a province with a works below it; li and wang are of the city, and have points of the
  // province (lot 1) and of the city (lot 2).
  void SetUp() override {
    script_.Run(R"(
        union    province                     ok
        union    city under=province          ok
        union    works under=city             ok
        union    harbour                      ok
        propose  province 1000 ref=B-1        ok
        confirm  province p1                  ok
        propose  city 1000 ref=B-2            ok
        confirm  city p2                      ok
        enrol    city li wang                 ok
        campaign spring of=province expires=30d ok
        plan     spring li:100 wang:40        ok
        submit   spring                       ok
        approve  spring                       ok
        issue    spring                       ok
        campaign autumn of=city expires=60d   ok
        plan     autumn li:200                ok
        submit   autumn                       ok
        approve  autumn                       ok
        issue    autumn                       ok
        run                                   ok
        wallet   li 300                       ok)");
  }
  IssuingLedger& ledger() { return script_.ledger(); }
  std::vector<MemberId> MembersOf(absl::string_view union_id) {
    return *ListMembers(ledger().ledger.store(), ledger().NumberOf(union_id), absl::nullopt, 100);
  }
  ledger::WalletState WalletOf(const std::string& name) {
    return ledger().ledger.views().wallets.Find(ledger().members.at(name))->state;
  }
  // Folds the journal again and expects the same views.
  void ExpectReplays() {
    IssuingLedger again;
    ASSERT_OK(again.ledger.RecoverFrom(ledger().ledger));
    for (const auto& [name, member] : ledger().members) {
      EXPECT_EQ(ledger::EncodeValue(*again.tables.members.Find(member)),
                ledger::EncodeValue(ledger().Row(name)));
      EXPECT_EQ(ledger::EncodeValue(*again.ledger.views().wallets.Find(member)),
                ledger::EncodeValue(*ledger().ledger.views().wallets.Find(member)));
    }
  }

  Script script_;
};

TEST_F(MemberChangesTest, EveryChangeHasStatesFromWhichItMayBeMade) {
  script_.Run(R"(
      reinstate li                  MEMBER_STATE
      rejoin    li to=city          ALREADY_EXISTS
      rejoin    li to=works         DUPLICATE_PERSON
      suspend   li                  ok
      member    li SUSPENDED of=city ok
      suspend   li                  MEMBER_STATE
      rejoin    li to=works         DUPLICATE_PERSON
      reinstate li                  ok
      member    li ACTIVE of=city   ok
      suspend   li                  ok
      leave     li                  ok
      member    li LEFT of=city     ok
      leave     li                  MEMBER_STATE
      suspend   li                  MEMBER_STATE
      transfer  li to=works         MEMBER_STATE
      reinstate li                  ok
      member    li ACTIVE of=city   ok)");
  ExpectReplays();
}

TEST_F(MemberChangesTest, TheWalletIsAsOpenAsTheMemberIsActive) {
  EXPECT_EQ(WalletOf("li"), ledger::WalletState::kActive);
  ASSERT_OK(ledger().Suspend("li"));
  EXPECT_EQ(WalletOf("li"), ledger::WalletState::kSuspended);
  ASSERT_OK(ledger().Leave("li"));
  EXPECT_EQ(WalletOf("li"), ledger::WalletState::kClosed);
  ASSERT_OK(ledger().Reinstate("li"));
  EXPECT_EQ(WalletOf("li"), ledger::WalletState::kActive);
}

TEST_F(MemberChangesTest, NobodyIsGrantedAnythingWhoIsNotActive) {
  script_.Run(R"(
      enrol    city zhao                    ok
      campaign winter of=city expires=30d   ok
      plan     winter li:10 wang:10 zhao:10 ok
      submit   winter                       ok
      approve  winter                       ok
      suspend  li                           ok
      leave    wang                         ok
      issue    winter                       ok
      run                                   ok
      wallet   li 300                       ok
      wallet   wang 40                      ok
      wallet   zhao 10                      ok
      budget   city 790                     ok)");
}

TEST_F(MemberChangesTest, LeavingKeepsThePointsUnlessTheUnionWantsThemBack) {
  script_.Run(R"(
      budget   province 860                 ok
      budget   city 800                     ok
      leave    li                           ok
      wallet   li 300                       ok
      set      province leave=return        ok      # which is inherited
      reinstate li                          ok
      leave    li                           ok
      wallet   li 0                         ok
      budget   province 960                 ok
      budget   city 1000                    ok)");
  EXPECT_THAT(ledger().ledger.views().wallets.Find(ledger().members.at("li"))->lots, IsEmpty());
  ExpectReplays();
}

TEST_F(MemberChangesTest, AClosedUnionTakesNobodyInOrBack) {
  script_.Run(R"(
      move      works under=province        ok
      close     harbour                     ok
      transfer  wang to=harbour             UNION_CLOSED
      close     city                        UNION_HAS_MEMBERS
      leave     li                          ok
      transfer  wang to=works               ok
      close     city                        UNION_HAS_BUDGET
      return    city 800                    ok
      close     city                        ok
      reinstate li                          UNION_CLOSED
      rejoin    li to=harbour               UNION_CLOSED
      rejoin    li to=works                 ok
      member    li ACTIVE of=works          ok
      close     works                       UNION_HAS_MEMBERS)");
  ExpectReplays();
}

TEST_F(MemberChangesTest, PointsOfAClosedUnionComeBackToTheOneAbove) {
  script_.Run(R"(
      move     works under=province         ok
      return   city 800                     ok
      transfer wang to=works                ok
      transfer li to=works                  ok
      close    city                         ok
      enrol    city zhao                    UNION_CLOSED
      set      works leave=return           ok
      budget   province 860                 ok
      leave    li                           ok
      wallet   li 0                         ok
      budget   province 960                 ok      # its own
      budget   province 1000 origin=city    ok)");
}

TEST_F(MemberChangesTest, WhatHasExpiredWhenSomebodyLeavesIsTheSweeps) {
  script_.Run(R"(
      advance  31d                          ok
      set      city leave=return            ok
      leave    li                           ok
      budget   province 860                 ok
      budget   city 1000                    ok
      run                                   ok
      budget   province 1000                ok)");
}

TEST_F(MemberChangesTest, AReturnedLotSaysWhoseMoneyItWas) {
  script_.Run("set city leave=return ok");
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, ledger().Leave("li"));
  ASSERT_EQ(outcome.records().size(), 3U);
  EXPECT_TRUE(outcome.first().member_changed().left().points_returned());
  EXPECT_EQ(outcome.first().member_changed().state(), 3U);
  const journal::v1::Entry& entry = outcome.records()[1]->entry();
  EXPECT_EQ(entry.lot_returned().points(), 100);
  EXPECT_EQ(entry.lot_returned().lot(), 1U);
  EXPECT_EQ(entry.postings(0).points(), -100);
  EXPECT_EQ(entry.postings(1).kind(), journal::v1::ACCOUNT_KIND_BUDGET);
  EXPECT_EQ(entry.postings(1).owner(), static_cast<unsigned>(ledger().NumberOf("province")));
  EXPECT_EQ(entry.postings(1).origin(), static_cast<unsigned>(ledger().NumberOf("province")));
}

TEST_F(MemberChangesTest, SomebodyWhoLeftComesBackAsTheSamePersonInAnyUnion) {
  const MemberId li = ledger().members.at("li");
  const std::string card = ledger().Opened("li").card_number;
  script_.Run(R"(
      leave    li                           ok
      rejoin   li to=harbour                ok
      member   li ACTIVE of=harbour         ok
      wallet   li 300                       ok)");
  EXPECT_THAT(MembersOf("harbour"), ElementsAre(li));
  EXPECT_THAT(MembersOf("city"), ElementsAre(ledger().members.at("wang")));
  const PersonalData data = ledger().Opened("li");
  EXPECT_EQ(data.card_number, card);
  EXPECT_EQ(data.mobile, "13911111111");
  EXPECT_EQ(data.external_id, "no-li");
  // What the city called the person still finds the person.
  EXPECT_THAT(data.external_ids, ElementsAre(ExternalId{ledger().NumberOf("city"), "", "no-li"}));
  for (const char* of : {"city", "harbour"}) {
    EXPECT_EQ(*MemberByExternalId(ledger().ledger.store(),
                                  ledger().vault.ExternalIdTag(ledger().NumberOf(of), "no-li")),
              li);
  }
  ExpectReplays();
}

TEST_F(MemberChangesTest, ABatchTellsWhoCameBack) {
  ASSERT_OK(ledger().Leave("li"));
  const NewMember back = ledger().SealedReturning("works", "li");
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome,
                       ledger().Enrol("works", {ledger().Sealed("works", "sun"), back, back,
                                                ledger().Sealed("works", "li")}));
  ASSERT_EQ(outcome.records().size(), 3U);
  EXPECT_TRUE(outcome.records()[1]->has_member_joined());
  const journal::v1::MemberChanged& changed = outcome.records()[2]->member_changed();
  EXPECT_EQ(changed.member(), back.member.ToBytes());
  EXPECT_EQ(changed.came_back().from_union(), static_cast<unsigned>(ledger().NumberOf("city")));
  // Twice in one file, also when the second was not sealed for somebody who comes back.
  const journal::v1::MemberBatch& batch = outcome.first().member_batch();
  ASSERT_EQ(batch.others_size(), 2);
  for (const auto& other : batch.others()) {
    EXPECT_EQ(other.outcome(), static_cast<unsigned>(MemberOutcome::kUnchanged));
  }
}

TEST_F(MemberChangesTest, AReturnIsSealedForTheMemberAsItIs) {
  const NewMember early = ledger().Sealed("works", "li");
  ASSERT_OK(ledger().Leave("li"));
  // Sealed for somebody new, because the person had not left yet.
  EXPECT_THAT(ledger().EnrolOne("works", early),
              Refuses(Reason::kEtagMismatch, "member.id_number"));
  const NewMember late = ledger().SealedReturning("works", "li");
  ASSERT_OK(ledger().Reinstate("li"));
  EXPECT_THAT(ledger().EnrolOne("works", late),
              Refuses(Reason::kDuplicatePerson, "member.id_number"));
  ASSERT_OK(ledger().Leave("li"));
  EXPECT_THAT(ledger().EnrolOne("works", late), Refuses(Reason::kEtagMismatch, "member.id_number"));
  NewMember another = ledger().SealedReturning("city", "li");
  another.external_id = ledger().vault.ExternalIdTag(ledger().NumberOf("city"), "no-wang");
  EXPECT_THAT(ledger().EnrolOne("city", another),
              Refuses(Reason::kAlreadyExists, "member.external_id"));
  NewMember nobody = ledger().SealedReturning("city", "li");
  nobody.id_number = ledger::Tag{9};
  EXPECT_THAT(ledger().EnrolOne("city", nobody),
              Refuses(Reason::kEtagMismatch, "member.id_number"));
}

TEST_F(MemberChangesTest, ATransferTakesTheWalletAlong) {
  ASSERT_OK(ledger().Suspend("li"));
  ASSERT_OK(ledger().Transfer("li", "harbour", "H-1"));
  const MemberId li = ledger().members.at("li");
  EXPECT_EQ(ledger().Row("li").union_number, ledger().NumberOf("harbour"));
  EXPECT_EQ(ledger().Row("li").state, MemberState::kSuspended);
  EXPECT_THAT(MembersOf("harbour"), ElementsAre(li));
  const ledger::Wallet* wallet = ledger().ledger.views().wallets.Find(li);
  ASSERT_EQ(wallet->lots.size(), 2U);
  EXPECT_EQ(wallet->lots[0].origin, ledger().NumberOf("province"));
  EXPECT_EQ(wallet->lots[1].origin, ledger().NumberOf("city"));
  EXPECT_EQ(wallet->state, ledger::WalletState::kSuspended);
  const PersonalData data = ledger().Opened("li");
  EXPECT_EQ(data.external_id, "H-1");
  EXPECT_THAT(data.external_ids, ElementsAre(ExternalId{ledger().NumberOf("city"), "", "no-li"}));
  // And back, under the number from before.
  ASSERT_OK(ledger().Transfer("li", "city"));
  EXPECT_EQ(ledger().Opened("li").external_id, "no-li");
  ExpectReplays();
}

TEST_F(MemberChangesTest, ATransferIsRefusedInOrder) {
  EXPECT_THAT(ledger().Transfer("li", "nowhere"), Refuses(Reason::kNotFound));
  EXPECT_THAT(ledger().Transfer("li", "city"), Refuses(Reason::kAlreadyExists, "union"));
  ASSERT_OK(ledger().Enrol("works", {"sun"}));
  EXPECT_THAT(ledger().Transfer("li", "works", "no-sun"),
              Refuses(Reason::kAlreadyExists, "external_id"));
  const PersonalData data = ledger().Opened("li");
  TransferMemberCommand::Wish wish{.to = *UnionId::Parse("works", "id"),
                                   .data = ledger().ReplacementFor("li", data)};
  const MemberRef was = ledger().Ref("li");
  ASSERT_OK(ledger().BlockCard("li"));
  TransferMemberCommand stale(&ledger().tables, was, wish);
  EXPECT_THAT(ledger().ledger.Run(stale), Refuses(Reason::kEtagMismatch, "name"));
  wish.data->revision = ledger().Row("li").revision;
  wish.data->external_ids = 17;
  TransferMemberCommand crowded(&ledger().tables, was, wish);
  EXPECT_THAT(ledger().ledger.Run(crowded), Refuses(Reason::kExternalIdsLimit));
  ASSERT_OK(ledger().Transfer("li", "works"));
  // The caller was let in for the city, and the member is not there any more.
  SuspendMemberCommand elsewhere(&ledger().tables, was);
  EXPECT_THAT(ledger().ledger.Run(elsewhere), Refuses(Reason::kNotFound, ""));
}

TEST_F(MemberChangesTest, AnUpdateSaysWhatChangedAndNotToWhat) {
  PersonalData data = ledger().Opened("li");
  data.full_name = "Li the second";
  UpdateMemberCommand command(
      &ledger().tables, ledger().Ref("li"),
      {.revision = 0, .data = ledger().ReplacementFor("li", data), .fields = {"full_name"}});
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, ledger().ledger.Run(command));
  EXPECT_THAT(outcome.first().member_changed().updated().fields(), ElementsAre("full_name"));
  EXPECT_EQ(outcome.first().member_changed().revision(), 1U);
  EXPECT_EQ(outcome.first().ShortDebugString().find("second"), std::string::npos);
  EXPECT_EQ(ledger().Opened("li").full_name, "Li the second");
  ExpectReplays();
}

TEST_F(MemberChangesTest, AnUpdateIsRefusedInOrder) {
  UpdateMemberCommand::Wish wish{.revision = 5, .data = ledger().ReplacementFor("li", {})};
  const auto update = [&] {
    UpdateMemberCommand command(&ledger().tables, ledger().Ref("li"), wish);
    return ledger().ledger.Run(command);
  };
  wish.data->external_ids = 17;
  wish.data->document = ledger().vault.IdNumberTag("id-wang");
  wish.data->has_other_external_id = true;
  wish.data->external_id = ledger().vault.ExternalIdTag(ledger().NumberOf("city"), "no-wang");
  EXPECT_THAT(update(), Refuses(Reason::kAlreadyExists, "external_id"));
  wish.data->external_id = ledger().vault.ExternalIdTag(ledger().NumberOf("city"), "no-li-2");
  EXPECT_THAT(update(), Refuses(Reason::kAlreadyExists, "external_id"));
  wish.data->has_other_external_id = false;
  EXPECT_THAT(update(), Refuses(Reason::kDuplicatePerson, "id_number"));
  wish.data->document.reset();
  EXPECT_THAT(update(), Refuses(Reason::kEtagMismatch, "etag"));
  wish.revision.reset();
  EXPECT_THAT(update(), Refuses(Reason::kExternalIdsLimit, "external_id"));
  wish.data->external_ids = 16;
  EXPECT_OK(update());
  EXPECT_THAT(update(), Refuses(Reason::kEtagMismatch, "name"));
}

TEST_F(MemberChangesTest, AnEarlierDocumentStaysThePersons) {
  PersonalData data = ledger().Opened("li");
  data.id_number = "P1234567";
  data.document_kind = DocumentKind::kPassport;
  data.document_country = "VNM";
  UpdateMemberCommand::Wish wish{.data = ledger().ReplacementFor("li", data)};
  wish.data->document = ledger().vault.DocumentTag(data);
  UpdateMemberCommand command(&ledger().tables, ledger().Ref("li"), wish);
  ASSERT_OK(ledger().ledger.Run(command));
  for (const ledger::Tag& tag :
       {ledger().vault.IdNumberTag("id-li"), ledger().vault.DocumentTag(data)}) {
    const MemberId* known = ledger().tables.id_numbers.Find(tag);
    ASSERT_NE(known, nullptr);
    EXPECT_EQ(*known, ledger().members.at("li"));
  }
}

TEST_F(MemberChangesTest, TwoPassportsOfOneNumberAreTwoPeople) {
  PersonalData passport{.id_number = "A1234567", .document_kind = DocumentKind::kPassport};
  passport.document_country = "VNM";
  const ledger::Tag vietnam = ledger().vault.DocumentTag(passport);
  passport.document_country = "LAO";
  EXPECT_NE(ledger().vault.DocumentTag(passport), vietnam);
  EXPECT_NE(ledger().vault.IdNumberTag("VNMA1234567"), vietnam);
}

}  // namespace
}  // namespace puhui::issuing
