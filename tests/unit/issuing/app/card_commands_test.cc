// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/card_commands.h"

#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing {
namespace {

using ledger::CardState;
using ledger::Reason;

class CardCommandsTest : public ::testing::Test {
 protected:
  CardCommandsTest() {
    script_.Run(R"(
        union  city      ok
        enrol  city li   ok)");
  }
  IssuingLedger& ledger() { return script_.ledger(); }
  ledger::CardRow Card(const ledger::Tag& card) {
    const ledger::CardRow* row = ledger().ledger.views().cards.Find(card);
    return row == nullptr ? ledger::CardRow{} : *row;
  }

  Script script_;
};

TEST_F(CardCommandsTest, AMemberHasOneCardThatWorks) {
  script_.Run(R"(
      card    li   CARD_STATE
      block   li   ok
      block   li   CARD_STATE
      card    li   ok
      card    li   CARD_STATE
      replace li   ok
      block   li   ok
      replace li   ok
      suspend li   ok
      replace li   ok
      leave   li   ok
      replace li   MEMBER_STATE
      card    li   MEMBER_STATE
      block   li   ok)");
}

TEST_F(CardCommandsTest, ANewCardLeadsToTheSameWalletAndTheOldOneIsBlocked) {
  const ledger::Tag old = ledger().Row("li").card_hash;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, ledger().IssueCard("li", true));
  const journal::v1::CardIssued& issued = outcome.first().member_changed().card_issued();
  EXPECT_EQ(issued.replaces(), ledger::TagBytes(old));
  const ledger::Tag fresh = ledger().Row("li").card_hash;
  EXPECT_EQ(issued.card_hash(), ledger::TagBytes(fresh));
  const MemberId li = ledger().members.at("li");
  EXPECT_EQ(Card(old), (ledger::CardRow{li, CardState::kBlocked}));
  EXPECT_EQ(Card(fresh), (ledger::CardRow{li, CardState::kActive}));
  const std::string number = ledger().Opened("li").card_number;
  EXPECT_EQ(ledger().vault.CardTag(number), fresh);
  EXPECT_EQ(ledger().ledger.views().wallets.Find(li)->card_last_four, number.substr(12));

  IssuingLedger again;
  ASSERT_OK(again.ledger.RecoverFrom(ledger().ledger));
  EXPECT_EQ(again.ledger.views().cards.Find(old)->state, CardState::kBlocked);
  EXPECT_EQ(again.ledger.views().wallets.Find(li)->card_last_four, number.substr(12));
}

TEST_F(CardCommandsTest, ACardThatIsTakenOrMadeFromOldDataIsNotIssued) {
  IssueCardCommand::Wish wish{.replace = true, .card = ledger().Row("li").card_hash};
  wish.data = ledger().ReplacementFor("li", ledger().Opened("li"));
  const auto issue = [&] {
    IssueCardCommand command(&ledger().tables, &ledger().ledger.views(), ledger().Ref("li"), wish);
    return ledger().ledger.Run(command);
  };
  EXPECT_THAT(issue(), Refuses(Reason::kAlreadyExists, "card_number"));
  wish.card = ledger::Tag{7};
  ASSERT_OK(ledger().Suspend("li"));
  EXPECT_THAT(issue(), Refuses(Reason::kEtagMismatch, "name"));
  wish.data->revision = 1;
  EXPECT_OK(issue());
}

TEST_F(CardCommandsTest, ARowWrittenBeforeCardsCouldBeBlockedStillReads) {
  const MemberId member(0x0102030405060708, 0x090A0B0C0D0E0F10);
  ledger::CardRow row;
  ASSERT_OK(ledger::DecodeValue(member.ToBytes(), &row));
  EXPECT_EQ(row, (ledger::CardRow{member, CardState::kActive}));
  row.state = CardState::kBlocked;
  EXPECT_EQ(ledger::EncodeValue(row), member.ToBytes() + "\x02");
}

}  // namespace
}  // namespace puhui::issuing
