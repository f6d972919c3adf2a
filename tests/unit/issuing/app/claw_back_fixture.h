// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_ISSUING_APP_CLAW_BACK_FIXTURE_H_
#define PUHUI_TESTS_UNIT_ISSUING_APP_CLAW_BACK_FIXTURE_H_

#include "issuing/app/claw_back_commands.h"
#include "issuing/app/claw_back_queries.h"
#include "issuing/app/records.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

inline constexpr char kClawBackIssued[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang zhao               ok
    campaign gift of=city expires=30d        ok
    plan     gift li:100 wang:200 zhao:300   ok
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
    budget   city 400                        ok
)";

// Points of the campaign `gift` that are taken back. Who proposes is called pat, unless it is said.
class ClawBackTest : public ::testing::Test {
 protected:
  IssuingLedger& ledger() { return script_.ledger(); }

  // Without rows: all of them.
  Result Propose(const std::vector<std::uint64_t>& rows = {}, std::int64_t points_per_row_max = 0,
                 const std::string& campaign = "gift") {
    ClawBackWish wish{.campaign = *CampaignId::Parse(campaign, "campaign"),
                      .rows_known = true,
                      .points_per_row_max = points_per_row_max,
                      .reason = "issued twice",
                      .person = "pat"};
    for (const std::uint64_t row : rows) {
      wish.rows.push_back({.row = row, .points = static_cast<std::int64_t>(100 * (row + 1))});
    }
    ProposeClawBackCommand command(&ledger().tables, &ledger().ledger.views(), std::move(wish));
    return ledger().ledger.Run(command);
  }
  // The sequence of a proposal that is not refused.
  Sequence Proposed(const std::vector<std::uint64_t>& rows = {},
                    std::int64_t points_per_row_max = 0) {
    const Result outcome = Propose(rows, points_per_row_max);
    EXPECT_OK(outcome);
    return outcome.ok() ? outcome->first().sequence() : 0;
  }
  Result Decide(Sequence claw_back, bool confirm, const std::string& person = "ann",
                const std::string& campaign = "gift") {
    DecideClawBackCommand command(&ledger().tables,
                                  {.campaign = *CampaignId::Parse(campaign, "campaign"),
                                   .claw_back = claw_back,
                                   .confirm = confirm,
                                   .reason = confirm ? "" : "by mistake",
                                   .person = person});
    return ledger().ledger.Run(command);
  }
  // Carries out this claw-back alone.
  void RunToItsEnd(Sequence claw_back) {
    ASSERT_OK_AND_ASSIGN(
        const auto chore,
        ledger().chores.Begin({*Row(claw_back).due, ledger::kTimerClawBack, claw_back},
                              ledger().ledger.store()));
    ASSERT_NE(chore, nullptr);
    while (true) {
      ASSERT_OK_AND_ASSIGN(const auto command, chore->Next(ledger().ledger.store()));
      if (command == nullptr) break;
      ASSERT_OK(ledger().ledger.Run(*command));
    }
  }
  // Plans above so many points need two.
  void SetThreshold(std::int64_t points, std::uint32_t approvers = 1) {
    UpdateUnionCommand::Wish wish{.id = *UnionId::Parse("city", "union")};
    wish.approval =
        absl::make_optional(ApprovalPolicy{.approvers = approvers, .two_above_points = points});
    ASSERT_OK(ledger().UpdateUnion(std::move(wish)));
  }
  ClawBackRow Row(Sequence claw_back) {
    const auto row = FindClawBack(ledger().ledger.store(), claw_back);
    PUHUI_CHECK(row.ok() && row->has_value());
    return **row;
  }
  // Row, points taken and outcome of each row gone through.
  std::vector<std::vector<std::int64_t>> Verdicts(Sequence claw_back) {
    const auto found = FindCampaign(ledger().ledger.store(), "gift");
    PUHUI_CHECK(found.ok() && found->has_value());
    const auto rows = ListClawBackRows(ledger().ledger.store(), **found, {claw_back, 0}, 100);
    PUHUI_CHECK_OK(rows.status());
    std::vector<std::vector<std::int64_t>> verdicts;
    for (const ClawBackVerdict& row : *rows) {
      verdicts.push_back(
          {static_cast<std::int64_t>(row.row), row.points, static_cast<std::int64_t>(row.outcome)});
    }
    return verdicts;
  }
  // What a till does: buys with a lot, or holds of it.
  void Buy(const std::string& name, std::int64_t points) {
    const MemberId member = ledger().members.at(name);
    const ledger::Lot lot = ledger().ledger.views().wallets.Find(member)->lots.at(0);
    ASSERT_OK(ledger().ledger.Run(*testing::Always([&](ledger::Decision& decision) {
      journal::v1::Entry& entry = *decision.Add().mutable_entry();
      AddWalletPosting(member, lot.origin, -points, entry);
      AddPosting({ledger::AccountKind::kPayable, 7, lot.origin}, points, entry);
      entry.set_member(member.ToBytes());
      journal::v1::LotChange& change = *entry.add_lots();
      change.set_lot(NumberOf(lot.number));
      change.set_points(-points);
      change.set_campaign(NumberOf(lot.campaign));
      change.set_origin(NumberOf(lot.origin));
      entry.mutable_purchase()->set_points(points);
    })));
  }
  void Hold(const std::string& name, std::int64_t points) {
    const MemberId member = ledger().members.at(name);
    const ledger::Lot lot = ledger().ledger.views().wallets.Find(member)->lots.at(0);
    ASSERT_OK(ledger().ledger.Run(*testing::Always([&](ledger::Decision& decision) {
      testing::AddHold({.campaign = NumberOf(lot.campaign),
                        .origin = NumberOf(lot.origin),
                        .member = member,
                        .lot = NumberOf(lot.number),
                        .points = points,
                        .expiry = lot.expiry},
                       decision);
    })));
  }

  Script script_;
};

// As numbers, for Verdicts.
inline constexpr std::int64_t kTakenVerdict = 1;
inline constexpr std::int64_t kNothingLeftVerdict = 2;
inline constexpr std::int64_t kHeldVerdict = 3;
inline constexpr std::int64_t kNotGrantedVerdict = 4;
inline constexpr std::int64_t kExpiredVerdict = 5;

}  // namespace puhui::issuing

#endif  // PUHUI_TESTS_UNIT_ISSUING_APP_CLAW_BACK_FIXTURE_H_
