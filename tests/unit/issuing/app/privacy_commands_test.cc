// SPDX-License-Identifier: Apache-2.0
// Personal data: looked at, searched for, destroyed.
#include "issuing/app/privacy_commands.h"

#include "issuing/app/queries.h"
#include "issuing/app/reveal_queries.h"
#include "issuing/core/search_text.h"
#include "ledger/base/limits.h"
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
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class PrivacyTest : public ::testing::Test {
 protected:
  PrivacyTest() {
    script_.Run(R"(
        union    city                         ok
        union    works under=city             ok
        union    harbour                      ok
        enrol    city lily lilac              ok
        propose  city 1000 ref=B-1            ok
        confirm  city p1                      ok
        campaign gift of=city expires=30d     ok
        plan     gift lily:100                ok
        submit   gift                         ok
        approve  gift                         ok
        issue    gift                         ok
        run                                   ok)");
  }
  IssuingLedger& ledger() { return script_.ledger(); }
  // Whom the entries of a tree lead to.
  std::vector<MemberId> Found(absl::string_view in_tree_of, SearchKind kind,
                              absl::string_view text) {
    const ledger::Tag tag =
        ledger().vault.SearchTag(ledger().HomeOf(in_tree_of).search_root, kind, text);
    const auto rows =
        ledger::List(ledger().ledger.store(), kSearchEntryTable,
                     {.prefix = ledger::EncodeKeyPrefix(ledger::Table::kSearchEntries, tag)}, 100);
    PUHUI_CHECK_OK(rows.status());
    std::vector<MemberId> members;
    for (const auto& row : *rows) members.push_back(row.key.member);
    return members;
  }
  std::size_t SearchEntries() {
    return ledger::List(ledger().ledger.store(), kSearchEntryTable, {}, 1'000)->size();
  }
  Result Erase(const std::string& name, std::uint32_t revision) {
    ErasePersonalDataCommand command(
        &ledger().tables, ledger().Ref(name),
        {.revision = revision,
         .external_ids = {ledger().vault.ExternalIdTag(ledger().Row(name).union_number,
                                                       absl::StrCat("no-", name))}});
    return ledger().ledger.Run(command);
  }
  Result Reveal(const std::string& name, bool break_glass = false,
                const std::string& person = "people/hr-1") {
    RevealMemberCommand command(&ledger().tables, ledger().Ref(name),
                                {.fields = {"id_number", "mobile"},
                                 .reason = "a lost card",
                                 .person = person,
                                 .break_glass = break_glass});
    return ledger().ledger.Run(command);
  }
  std::size_t RevealsIn(const std::string& union_id) {
    const auto found =
        RevealsOf(ledger().ledger.store(), *UnionId::Parse(union_id, "id"), 0, 1'000);
    return found.ok() && found->has_value() ? (*found)->size() : 0;
  }
  MemberId lily() { return ledger().members.at("lily"); }
  MemberId lilac() { return ledger().members.at("lilac"); }

  Script script_;
};

TEST_F(PrivacyTest, EntriesLeadToMembersByTheFirstCharactersOfTheirNames) {
  EXPECT_THAT(Found("city", SearchKind::kName, "l"), UnorderedElementsAre(lily(), lilac()));
  EXPECT_THAT(Found("works", SearchKind::kName, "li"), UnorderedElementsAre(lily(), lilac()));
  EXPECT_THAT(Found("city", SearchKind::kName, "lil"), IsEmpty()) << "no more than two";
  EXPECT_THAT(Found("city", SearchKind::kMobileLastFour, "0000"), SizeIs(2));
  EXPECT_THAT(Found("city", SearchKind::kExternalId, "no-lily"), ElementsAre(lily()));
  EXPECT_THAT(Found("city", SearchKind::kExternalId, "lily"), IsEmpty());
}

TEST_F(PrivacyTest, WhatIsAlikeInTwoTreesLooksDifferent) {
  EXPECT_THAT(Found("harbour", SearchKind::kName, "l"), IsEmpty());
  ASSERT_OK(ledger().Transfer("lily", "harbour"));
  EXPECT_THAT(Found("harbour", SearchKind::kName, "l"), ElementsAre(lily()));
  EXPECT_THAT(Found("city", SearchKind::kName, "l"), ElementsAre(lilac()));
  const Vault other_key({.key = std::string(32, 'v'),
                         .keyed_hash = &ledger().keyed_hash,
                         .random = &ledger().random});
  EXPECT_EQ(other_key.SearchTag(UnionNumber{1}, SearchKind::kName, "l"),
            ledger().vault.SearchTag(UnionNumber{1}, SearchKind::kName, "l"));
  EXPECT_NE(other_key.SearchTag(UnionNumber{1}, SearchKind::kName, "0000"),
            other_key.SearchTag(UnionNumber{1}, SearchKind::kMobileLastFour, "0000"));
}

TEST_F(PrivacyTest, AChangeOfNameTakesTheOldEntriesAway) {
  const std::size_t before = SearchEntries();
  PersonalData data = ledger().Opened("lily");
  data.full_name = "Rose";
  UpdateMemberCommand command(&ledger().tables, ledger().Ref("lily"),
                              {.data = ledger().ReplacementFor("lily", data)});
  ASSERT_OK(ledger().ledger.Run(command));
  EXPECT_THAT(Found("city", SearchKind::kName, "ro"), ElementsAre(lily()));
  EXPECT_THAT(Found("city", SearchKind::kName, "l"), ElementsAre(lilac()));
  EXPECT_EQ(SearchEntries(), before);
}

TEST_F(PrivacyTest, SomebodyWhoComesBackIsFoundInTheNewTree) {
  ASSERT_OK(ledger().Leave("lily"));
  ASSERT_OK(ledger().EnrolOne("harbour", ledger().SealedReturning("harbour", "lily")));
  EXPECT_THAT(Found("harbour", SearchKind::kName, "li"), ElementsAre(lily()));
  EXPECT_THAT(Found("city", SearchKind::kName, "li"), ElementsAre(lilac()));
}

TEST_F(PrivacyTest, ALookIsARecordThatSaysWhoAndWhyAndNotWhat) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Reveal("lily"));
  const journal::v1::MemberRevealed& revealed = outcome.first().member_revealed();
  EXPECT_EQ(revealed.member(), lily().ToBytes());
  EXPECT_THAT(revealed.fields(), ElementsAre("id_number", "mobile"));
  EXPECT_EQ(revealed.reason(), "a lost card");
  EXPECT_EQ(revealed.person(), "people/hr-1");
  EXPECT_EQ(ledger().Row("lily").revision, 0U) << "nothing of the member changed";
}

TEST_F(PrivacyTest, AnAuditorMayLookSoOftenADayAndNobodyElseIsCounted) {
  for (std::uint32_t i = 0; i < kRevealsPerDayMax; ++i) {
    ASSERT_OK(Reveal(i % 2 == 0 ? "lily" : "lilac", true, "people/auditor-1")) << i;
  }
  EXPECT_THAT(Reveal("lily", true, "people/auditor-1"), Refuses(Reason::kRevealsLimit, "name"));
  EXPECT_OK(Reveal("lily", true, "people/auditor-2"));
  EXPECT_OK(Reveal("lily", false, "people/auditor-1")) << "as HR";
}

// Whoever leaves a union takes nothing of what was seen of it there.
TEST_F(PrivacyTest, AUnionSeesTheLooksAtThoseWhoWereItsMembersThen) {
  ASSERT_OK(Reveal("lily"));
  ASSERT_OK(ledger().Transfer("lily", "harbour"));
  ASSERT_OK(Reveal("lily"));
  ASSERT_OK(Reveal("lily", true));
  EXPECT_EQ(RevealsIn("harbour"), 2U);
  EXPECT_EQ(RevealsIn("works") + RevealsIn("city"), 1U);
}

TEST_F(PrivacyTest, ErasureIsForThoseWhoLeftAndOnce) {
  EXPECT_THAT(Erase("lily", 0), Refuses(Reason::kMemberState, "name"));
  ASSERT_OK(ledger().Leave("lily"));
  EXPECT_THAT(Erase("lily", 0), Refuses(Reason::kEtagMismatch, "name"));
  ASSERT_OK(Erase("lily", 1));
  EXPECT_THAT(Erase("lily", 2), Refuses(Reason::kMemberErased, "name"));
  EXPECT_THAT(Reveal("lily"), Refuses(Reason::kMemberErased, "name"));
  UpdateMemberCommand update(&ledger().tables, ledger().Ref("lily"), {.revision = 0});
  EXPECT_THAT(ledger().ledger.Run(update), Refuses(Reason::kMemberErased, "name"));
  EXPECT_THAT(ledger().Reinstate("lily"), Refuses(Reason::kMemberErased, "name"));
}

TEST_F(PrivacyTest, ErasureLeavesNothingThatLeadsToThePersonButTheDocumentsHash) {
  ASSERT_OK(ledger().Leave("lily"));
  const std::int64_t available = ledger().Available("lily");
  ASSERT_OK(Erase("lily", 1));
  const ledger::MemoryStore& store = ledger().ledger.store();
  ASSERT_OK_AND_ASSIGN(const auto data, FindPersonalData(store, lily()));
  EXPECT_FALSE(data.has_value());
  ASSERT_OK_AND_ASSIGN(const auto by_external_id,
                       MemberByExternalId(store, ledger().vault.ExternalIdTag(
                                                     ledger().NumberOf("city"), "no-lily")));
  EXPECT_FALSE(by_external_id.has_value());
  EXPECT_THAT(Found("city", SearchKind::kName, "l"), ElementsAre(lilac()));
  EXPECT_THAT(Found("city", SearchKind::kMobileLastFour, "0000"), ElementsAre(lilac()));
  EXPECT_THAT(Found("city", SearchKind::kExternalId, "no-lily"), IsEmpty());
  EXPECT_EQ(ledger().Available("lily"), available);
  EXPECT_TRUE(ledger().Row("lily").erased);
  // One person is one member, forgotten or not.
  const MemberId* known = ledger().tables.id_numbers.Find(ledger().vault.IdNumberTag("id-lily"));
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(*known, lily());
  // Folded again it is the same.
  IssuingLedger again;
  ASSERT_OK(again.ledger.RecoverFrom(ledger().ledger));
  EXPECT_TRUE(again.tables.members.Find(lily())->erased);
}

TEST_F(PrivacyTest, SomebodyWhoWasForgottenComesBackAsTheSameMember) {
  ASSERT_OK(ledger().Leave("lily"));
  ASSERT_OK(Erase("lily", 1));
  ASSERT_OK(ledger().EnrolOne("works", ledger().SealedReturning("works", "lily")));
  EXPECT_FALSE(ledger().Row("lily").erased);
  EXPECT_EQ(ledger().Row("lily").state, MemberState::kActive);
  const PersonalData data = ledger().Opened("lily");
  EXPECT_EQ(data.full_name, "lily");
  EXPECT_EQ(data.card_number, "") << "nobody knows the number any more";
  EXPECT_THAT(Found("city", SearchKind::kName, "li"), UnorderedElementsAre(lily(), lilac()));
  script_.Run("wallet lily 100 ok\nreplace lily ok");
  EXPECT_TRUE(IsCardNumber(ledger().Opened("lily").card_number));
}

}  // namespace
}  // namespace puhui::issuing
