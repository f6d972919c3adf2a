// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/member_commands.h"

#include "issuing/app/queries.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

// The rows of the batch record that did not join, as "row outcome REASON field".
std::vector<std::string> Others(const ledger::Outcome& outcome) {
  std::vector<std::string> others;
  for (const auto& other : outcome.first().member_batch().others()) {
    std::string text = absl::StrCat(other.row(), " ", other.outcome());
    if (other.reason() != 0) {
      absl::StrAppend(&text, " ", ledger::ReasonName(ledger::ReasonFromNumber(other.reason())), " ",
                      other.field());
    }
    others.push_back(std::move(text));
  }
  return others;
}

class MemberCommandsTest : public ::testing::Test {
 protected:
  MemberCommandsTest() {
    PUHUI_CHECK_OK(ledger_.CreateUnion("city").status());
    PUHUI_CHECK_OK(ledger_.CreateUnion("other").status());
  }
  NewMember Row(absl::string_view name) { return ledger_.Sealed("city", name); }
  // Somebody else's external id, or identity number.
  NewMember Mixed(absl::string_view external, absl::string_view identity) {
    NewMember row = Row(external);
    row.id_number = ledger_.vault.IdNumberTag(absl::StrCat("id-", identity));
    return row;
  }
  std::size_t StoredMembers() {
    const auto rows = ledger::List(ledger_.ledger.store(), kMemberTable, {}, 100);
    PUHUI_CHECK_OK(rows.status());
    return rows->size();
  }

  IssuingLedger ledger_;
};

TEST_F(MemberCommandsTest, RefusesABatchForAUnionThatDoesNotExist) {
  EXPECT_THAT(ledger_.Enrol("nowhere", {Row("li")}), Refuses(Reason::kNotFound, "union"));
}

TEST_F(MemberCommandsTest, JudgesEveryRowByItself) {
  ASSERT_OK(ledger_.Enrol("city", {Row("li"), Row("wang")}));
  NewMember malformed;
  malformed.shape = RowRefusal{Reason::kInvalidField, "mobile"};
  NewMember card_taken = Row("sun");
  card_taken.card =
      ledger_.tables.members
          .Find(*MemberByExternalId(ledger_.ledger.store(),
                                    ledger_.vault.ExternalIdTag(ledger_.NumberOf("city"), "no-li"))
                     .value())
          ->card_hash;
  ASSERT_OK_AND_ASSIGN(
      const ledger::Outcome outcome,
      ledger_.Enrol("city", {Row("li"),              // 0: is a member already
                             malformed,              // 1
                             Mixed("li", "zhou"),    // 2: the external id is somebody else's
                             Mixed("li", "wang"),    // 3: so it is, before the person is known
                             Mixed("zhou", "li"),    // 4: the person is known
                             card_taken,             // 5
                             Row("zhao"),            // 6: joins
                             Row("zhao"),            // 7: just did
                             Mixed("qian", "zhao"),  // 8: just did, under another id
                             Row("qian")}));         // 9: joins
  EXPECT_THAT(
      Others(outcome),
      ElementsAre("0 2", "1 3 INVALID_FIELD mobile", "2 3 ALREADY_EXISTS external_id",
                  "3 3 ALREADY_EXISTS external_id", "4 3 DUPLICATE_PERSON id_number",
                  "5 3 ALREADY_EXISTS card_number", "7 2", "8 3 DUPLICATE_PERSON id_number"));
  ASSERT_EQ(outcome.records().size(), 3U);
  EXPECT_EQ(outcome.first().member_batch().rows(), 10U);
  EXPECT_EQ(outcome.records()[1]->member_joined().member(),
            outcome.first().member_batch().others(6).member());
  EXPECT_EQ(StoredMembers(), 4U);
}

TEST_F(MemberCommandsTest, OneRefusedRowRefusesAllWhenAsked) {
  ASSERT_OK(ledger_.Enrol("city", {Row("li")}));
  ASSERT_OK_AND_ASSIGN(
      const ledger::Outcome outcome,
      ledger_.Enrol("city", {Row("wang"), Row("li"), Row("wang"), Mixed("zhou", "li")},
                    /*all_or_nothing=*/true));
  EXPECT_THAT(Others(outcome), ElementsAre("0 4", "1 2", "2 4", "3 3 DUPLICATE_PERSON id_number"));
  EXPECT_EQ(outcome.records().size(), 1U);
  EXPECT_EQ(StoredMembers(), 1U);
  // Nothing of the skipped rows stayed behind.
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again,
                       ledger_.Enrol("city", {Row("wang")}, /*all_or_nothing=*/true));
  EXPECT_TRUE(Others(again).empty());
}

TEST_F(MemberCommandsTest, APersonIsOneMemberWhateverTheUnion) {
  ASSERT_OK(ledger_.Enrol("city", {Row("li")}));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome,
                       ledger_.Enrol("other", {ledger_.Sealed("other", "li")}));
  EXPECT_THAT(Others(outcome), ElementsAre("0 3 DUPLICATE_PERSON id_number"));
}

TEST_F(MemberCommandsTest, KnowsWhoJoinedInAGroupThatIsNotDurableYet) {
  ledger_.ledger.Hold();
  ASSERT_OK(ledger_.Enrol("city", {Row("li")}));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, ledger_.Enrol("city", {Row("li")}));
  EXPECT_THAT(Others(again), ElementsAre("0 2"));
  ledger_.ledger.Release();
  EXPECT_EQ(StoredMembers(), 1U);
}

TEST_F(MemberCommandsTest, ReadersFindAMemberEveryWay) {
  NewMember row = Row("li");
  ASSERT_OK(ledger_.Enrol("city", {row, Row("wang")}));
  const ledger::Readable& store = ledger_.ledger.store();
  const UnionNumber city = ledger_.NumberOf("city");

  ASSERT_OK_AND_ASSIGN(const auto member, FindMember(store, row.member));
  ASSERT_TRUE(member.has_value());
  EXPECT_EQ(member->row.union_number, city);
  EXPECT_EQ(member->row.commitment, row.commitment);
  EXPECT_EQ(member->card_last_four, row.card_last_four);
  ASSERT_OK_AND_ASSIGN(const auto by_card, MemberByCard(store, row.card));
  EXPECT_EQ(by_card, row.member);
  ASSERT_OK_AND_ASSIGN(const auto by_external_id, MemberByExternalId(store, *row.external_id));
  EXPECT_EQ(by_external_id, row.member);
  const ledger::Tag unknown{9};
  ASSERT_OK_AND_ASSIGN(const auto many,
                       MembersByExternalId(store, {*row.external_id, unknown, *row.external_id}));
  EXPECT_THAT(many, ElementsAre(row.member, absl::nullopt, row.member));

  ASSERT_OK_AND_ASSIGN(const auto page, ListMembers(store, city, absl::nullopt, 1));
  ASSERT_EQ(page.size(), 1U);
  ASSERT_OK_AND_ASSIGN(const auto rest, ListMembers(store, city, page[0], 10));
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_LT(page[0], rest[0]);
}

TEST_F(MemberCommandsTest, PersonalDataStaysOutOfTheJournal) {
  NewMember row = Row("li-the-person");
  ASSERT_OK(ledger_.Enrol("city", {row}));
  for (const std::string& record : ledger_.ledger.Journal()) {
    EXPECT_EQ(record.find("li-the-person"), std::string::npos);
  }
  ASSERT_OK_AND_ASSIGN(const auto sealed, FindPersonalData(ledger_.ledger.store(), row.member));
  ASSERT_TRUE(sealed.has_value());
  ASSERT_OK_AND_ASSIGN(const OpenedData opened, ledger_.vault.Open(row.member, *sealed));
  EXPECT_EQ(opened.data.full_name, "li-the-person");
  EXPECT_EQ(opened.commitment, ledger_.tables.members.Find(row.member)->commitment);
}

}  // namespace
}  // namespace puhui::issuing
