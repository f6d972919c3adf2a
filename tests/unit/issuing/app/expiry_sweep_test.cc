// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/expiry_sweep.h"

#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <utility>

namespace puhui::issuing {
namespace {

using ledger::Reason;

constexpr char kBefore[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang                    ok
)";
constexpr char kIssued[] = R"(
    campaign gift of=city expires=30d        ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
)";

constexpr std::uint64_t kShop = 7;

// What the acquiring side does, as far as the issuing side can see it: moves points between a
// member's lot and a merchant. Positive: a refund.
class MoveCommand final : public ledger::Command {
 public:
  MoveCommand(MemberId member, ledger::Lot lot, std::int64_t points, absl::Time expiry)
      : member_(member), lot_(lot), points_(points), expiry_(expiry) {}

  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& /*context*/,
                                         ledger::Decision& decision) override {
    journal::v1::Entry& entry = *decision.Add().mutable_entry();
    AddWalletPosting(member_, lot_.origin, points_, entry);
    AddPosting({ledger::AccountKind::kPayable, kShop, lot_.origin}, -points_, entry);
    entry.set_member(member_.ToBytes());
    journal::v1::LotChange& change = *entry.add_lots();
    change.set_lot(NumberOf(lot_.number));
    change.set_points(points_);
    change.set_campaign(NumberOf(lot_.campaign));
    change.set_origin(NumberOf(lot_.origin));
    change.set_granted(lot_.granted);
    change.set_expiry_micros(absl::ToUnixMicros(expiry_));
    if (points_ > 0) {
      entry.mutable_refund()->set_points(points_);
    } else {
      entry.mutable_purchase()->set_points(-points_);
    }
    return absl::nullopt;
  }

 private:
  const MemberId member_;
  const ledger::Lot lot_;
  const std::int64_t points_;
  const absl::Time expiry_;
};

class ExpirySweepTest : public ::testing::Test {
 protected:
  ledger::Lot LotOf(const std::string& name) {
    IssuingLedger& ledger = script_.ledger();
    return ledger.ledger.views().wallets.Find(ledger.members.at(name))->lots.at(0);
  }
  void Move(const std::string& name, const ledger::Lot& lot, std::int64_t points,
            absl::Time expiry) {
    MoveCommand command(script_.ledger().members.at(name), lot, points, expiry);
    ASSERT_OK(script_.ledger().ledger.Run(command));
  }
  // Spends everything and forgets nothing: the lot, to refund into.
  ledger::Lot Spend(const std::string& name) {
    const ledger::Lot lot = LotOf(name);
    Move(name, lot, -lot.remaining, lot.expiry);
    return lot;
  }
  void Refund(const std::string& name, const ledger::Lot& lot, absl::Duration grace) {
    Move(name, lot, lot.remaining, Now() + grace);
  }
  // What an authorisation holds of the lot; negative: no longer.
  void Hold(const std::string& name, std::int64_t points, absl::Time expiry) {
    const ledger::Lot lot = LotOf(name);
    ASSERT_OK(script_.ledger().ledger.Run(*testing::Always([&](ledger::Decision& decision) {
      testing::AddHold({.campaign = NumberOf(lot.campaign),
                        .origin = NumberOf(lot.origin),
                        .member = script_.ledger().members.at(name),
                        .lot = NumberOf(lot.number),
                        .points = points,
                        .expiry = expiry},
                       decision);
    })));
  }
  absl::Time Now() { return script_.ledger().ledger.clock().Now(); }
  std::vector<absl::Time> Timers() {
    const auto rows = ledger::List(script_.ledger().ledger.store(), ledger::kTimerTable, {}, 10);
    std::vector<absl::Time> due;
    for (const auto& row : *rows) due.push_back(row.key.due);
    return due;
  }

  Script script_;
};

TEST_F(ExpirySweepTest, ReturnsWhatIsLeftToTheBudget) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  script_.Run(R"(
    advance  29d                             ok
    run                                      ok
    wallet   li 100                          ok      # not yet
    advance  1d                              ok
    wallet   li 0                            ok      # expired, not swept
    budget   city 700                        ok
    run                                      ok
    budget   city 1000                       ok
    expired  city 0                          ok
  )");
  EXPECT_TRUE(Timers().empty());
}

TEST_F(ExpirySweepTest, KeepsWhatIsLeftApartWhenTheTermsSaySo) {
  script_.Run(kBefore);
  script_.Run(R"(
    campaign gift of=city expires=30d unspent=expired ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
    advance  30d                             ok
    run                                      ok
    budget   city 700                        ok
    expired  city 300                        ok
  )");
}

TEST_F(ExpirySweepTest, TouchesNothingButTheCampaignThatExpired) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  script_.Run(R"(
    campaign more of=city expires=60d        ok
    plan     more li:50                      ok
    submit   more                            ok
    approve  more                            ok
    issue    more                            ok
    run                                      ok
    advance  30d                             ok
    run                                      ok
    wallet   li 50                           ok
    budget   city 950                        ok
  )");
}

TEST_F(ExpirySweepTest, HeldPointsStayUntilTheyComeBackAndTheirGraceEnds) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  Hold("li", 40, LotOf("li").expiry);
  script_.Run(R"(
    advance  30d                             ok
    run                                      ok
    budget   city 960                        ok
  )");
  EXPECT_EQ(LotOf("li").remaining, 40);
  EXPECT_TRUE(Timers().empty());
  Hold("li", -40, Now() + absl::Hours(24 * 30));
  EXPECT_EQ(Timers(), std::vector<absl::Time>{Now() + absl::Hours(24 * 30)});
  script_.Run(R"(
    wallet   li 40                           ok
    advance  30d                             ok
    run                                      ok
    wallet   li 0                            ok
    budget   city 1000                       ok
  )");
  EXPECT_TRUE(Timers().empty());
}

// Amid the sweep of its campaign, which passes over it and orders the next.
TEST_F(ExpirySweepTest, PointsThatComeBackWhileTheSweepIsDueWaitForTheNext) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  Hold("li", 40, LotOf("li").expiry);
  script_.ledger().ledger.clock().Advance(absl::Hours(24 * 30));
  Hold("li", -40, Now() + absl::Hours(24 * 30));
  EXPECT_EQ(Timers().size(), 1U);
  script_.Run("run ok");
  EXPECT_EQ(Timers().size(), 1U);
  script_.Run(R"(
    wallet   li 100                          ok
    budget   city 900                        ok
    advance  30d                             ok
    run                                      ok
    budget   city 1000                       ok
  )");
  EXPECT_TRUE(Timers().empty());
}

TEST_F(ExpirySweepTest, WhatIsHeldOrCapturedWholeOrdersNothing) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  const ledger::Lot lot = LotOf("li");
  Hold("li", 40, lot.expiry);
  script_.Run(R"(
    advance  30d                             ok
    run                                      ok
  )");
  IssuingLedger& ledger = script_.ledger();
  const MemberId member = ledger.members.at("li");
  ASSERT_OK(ledger.ledger.Run(*testing::Always([&](ledger::Decision& decision) {
    journal::v1::Entry& entry = *decision.Add().mutable_entry();
    AddWalletPosting(member, lot.origin, -40, entry);
    entry.mutable_postings(0)->set_kind(journal::v1::ACCOUNT_KIND_HELD);
    AddPosting({ledger::AccountKind::kPayable, kShop, lot.origin}, 40, entry);
    entry.set_member(member.ToBytes());
    journal::v1::LotChange& change = *entry.add_lots();
    change.set_lot(NumberOf(lot.number));
    change.set_points(-40);
    change.set_held(-40);
    change.set_campaign(NumberOf(lot.campaign));
    entry.mutable_capture()->set_points(40);
  })));
  EXPECT_TRUE(Timers().empty());
  EXPECT_EQ(ledger.Budget("city"), 960);
}

TEST_F(ExpirySweepTest, APieceRunsOnlyWhenItsSweepIsDue) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  IssuingLedger& ledger = script_.ledger();
  const auto piece = [&](std::uint32_t version, std::uint64_t first_row) {
    ExpireChunkCommand command(&ledger.tables, &ledger.ledger.views(),
                               {.campaign = ledger.Campaign("gift").number,
                                .version = version,
                                .first_row = first_row,
                                .rows = ledger.Packed({{first_row == 0 ? "li" : "wang", 1}})});
    return ledger.ledger.Run(command);
  };
  EXPECT_THAT(piece(1, 0), Refuses(Reason::kCampaignState));  // Not due.
  ledger.ledger.clock().Advance(absl::Hours(24 * 30));
  EXPECT_THAT(piece(2, 0), Refuses(Reason::kCampaignState));
  EXPECT_THAT(piece(1, 1), Refuses(Reason::kCampaignState));
  EXPECT_OK(piece(1, 0));
  EXPECT_THAT(piece(1, 0), Refuses(Reason::kCampaignState));
  EXPECT_OK(piece(1, 1));
  EXPECT_THAT(piece(1, 0), Refuses(Reason::kCampaignState));  // Finished.
  EXPECT_EQ(ledger.Budget("city"), 1000);
}

TEST_F(ExpirySweepTest, GoesOnAfterACrashWhereItStopped) {
  IssuingLedger& dead = script_.ledger();
  script_.Run(kBefore);
  NamedRows rows;
  std::vector<std::string> names;
  constexpr int kRows = 600;
  for (int i = 0; i < kRows; ++i) {
    names.push_back(absl::StrCat("m", i));
    rows.emplace_back(names.back(), 1);
  }
  ASSERT_OK(dead.Enrol("city", names));
  ASSERT_OK(dead.CreateCampaign("gift", "city", absl::Hours(24)));
  ASSERT_OK(dead.UploadPlan("gift", rows));
  script_.Run(R"(
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
    advance  1d                              ok
  )");
  ASSERT_OK(dead.RunDueChores(1));
  EXPECT_EQ(dead.Budget("city"), 1000 - kRows + static_cast<int>(kIssueChunkRows));
  IssuingLedger alive;
  ASSERT_OK(alive.ledger.RecoverFrom(dead.ledger));
  ASSERT_OK_AND_ASSIGN(const int rest, alive.RunDueChores());
  EXPECT_EQ(rest, 4);
  EXPECT_EQ(alive.Budget("city"), 1000);
  EXPECT_EQ(alive.SumOfTheBook(), 0);
}

TEST_F(ExpirySweepTest, ALotThatARefundReopenedIsSweptWhenItsGraceEnds) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  const ledger::Lot lot = Spend("li");
  script_.Run(R"(
    advance  30d                             ok
    run                                      ok
    budget   city 900                        ok
  )");
  EXPECT_TRUE(Timers().empty());
  Refund("li", lot, absl::Hours(24 * 30));
  EXPECT_EQ(Timers().size(), 1U);
  script_.Run(R"(
    wallet   li 100                          ok
    advance  29d                             ok
    run                                      ok
    wallet   li 100                          ok
    advance  1d                              ok
    run                                      ok
    wallet   li 0                            ok
    budget   city 1000                       ok
  )");
  EXPECT_TRUE(Timers().empty());
}

TEST_F(ExpirySweepTest, ASweepThatIsOrderedLeavesLaterLotsToTheNext) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  const ledger::Lot of_li = Spend("li");
  const ledger::Lot of_wang = Spend("wang");
  script_.ledger().ledger.clock().Advance(absl::Hours(24 * 30));
  // Before the first sweep has begun.
  Refund("li", of_li, absl::Hours(24 * 10));
  EXPECT_EQ(Timers().size(), 1U);
  script_.Run("run ok");
  ASSERT_EQ(Timers().size(), 1U);
  const absl::Time second = Timers()[0];
  Refund("wang", of_wang, absl::Hours(24 * 20));
  EXPECT_EQ(Timers(), std::vector<absl::Time>{second});  // Not put off.
  script_.Run(R"(
    advance  10d                             ok
    run                                      ok
    wallet   li 0                            ok
    wallet   wang 200                        ok
    budget   city 800                        ok
    advance  10d                             ok
    run                                      ok
    wallet   wang 0                          ok
    budget   city 1000                       ok
  )");
  EXPECT_TRUE(Timers().empty());
}

TEST_F(ExpirySweepTest, ARefundBeforeTheExpiryOrdersNothing) {
  script_.Run(kBefore);
  script_.Run(kIssued);
  const ledger::Lot lot = Spend("li");
  const std::vector<absl::Time> before = Timers();
  Move("li", lot, lot.remaining, lot.expiry);
  EXPECT_EQ(Timers(), before);
  EXPECT_EQ(script_.ledger().Campaign("gift").row->reopened_until, absl::InfinitePast());
}

}  // namespace
}  // namespace puhui::issuing
