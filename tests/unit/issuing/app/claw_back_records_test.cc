// SPDX-License-Identifier: Apache-2.0
// Records of claw-backs that cannot follow what came before them, whoever wrote them.
#include "issuing/app/claw_back_applier.h"
#include "ledger/crypto/hash.h"
#include "tests/unit/issuing/app/claw_back_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <functional>
#include <string>

namespace puhui::issuing {
namespace {

using journal::v1::Record;

struct Broken {
  const char* what;
  std::function<void(Record&)> write;
};

class ClawBackRecordsTest : public ClawBackTest {
 protected:
  // Each on a ledger of its own, in the state that this one is in.
  void ExpectDataLoss(const std::vector<Broken>& rows) {
    for (const Broken& row : rows) {
      IssuingLedger other;
      ASSERT_OK(other.ledger.RecoverFrom(ledger().ledger));
      Record record;
      record.set_sequence(ledger().ledger.last_sequence() + 1);
      row.write(record);
      EXPECT_EQ(other.applier.Apply(record).code(), absl::StatusCode::kDataLoss) << row.what;
    }
  }
};

TEST_F(ClawBackRecordsTest, AProposalIsOfRowsOfACampaignThatWasIssued) {
  script_.Run(kClawBackIssued);
  script_.Run("campaign draft of=city expires=30d ok");
  Proposed({0});  // Which runs.
  ExpectDataLoss({
      {"of no campaign",
       [](Record& r) {
         r.mutable_claw_back_proposed()->set_campaign(9);
         r.mutable_claw_back_proposed()->set_needs_confirmation(true);
       }},
      {"of a draft",
       [](Record& r) {
         r.mutable_claw_back_proposed()->set_campaign(2);
         r.mutable_claw_back_proposed()->set_needs_confirmation(true);
       }},
      {"rows beyond the plan",
       [](Record& r) {
         r.mutable_claw_back_proposed()->set_campaign(1);
         r.mutable_claw_back_proposed()->set_needs_confirmation(true);
         r.mutable_claw_back_proposed()->add_rows(3);
       }},
      {"a row twice",
       [](Record& r) {
         r.mutable_claw_back_proposed()->set_campaign(1);
         r.mutable_claw_back_proposed()->set_needs_confirmation(true);
         r.mutable_claw_back_proposed()->add_rows(1);
         r.mutable_claw_back_proposed()->add_rows(1);
       }},
      {"while another runs", [](Record& r) { r.mutable_claw_back_proposed()->set_campaign(1); }},
  });
}

TEST_F(ClawBackRecordsTest, ADecisionIsOnAProposal) {
  script_.Run(kClawBackIssued);
  SetThreshold(150);
  const Sequence waiting = Proposed();
  const Sequence running = Proposed({0});
  ExpectDataLoss({
      {"on none", [](Record& r) { r.mutable_claw_back_decided()->set_claw_back(999); }},
      {"on one that runs",
       [&](Record& r) { r.mutable_claw_back_decided()->set_claw_back(running); }},
      {"while another runs",
       [&](Record& r) {
         r.mutable_claw_back_decided()->set_claw_back(waiting);
         r.mutable_claw_back_decided()->set_confirmed(true);
       }},
  });
}

TEST_F(ClawBackRecordsTest, WhatIsTakenIsOfARowInTurn) {
  script_.Run(kClawBackIssued);
  SetThreshold(550);
  const Sequence waiting = Proposed();
  const Sequence running = Proposed({}, 150);
  const auto take = [](Record& r, Sequence claw_back, std::int64_t points) {
    auto& clawed = *r.mutable_entry()->mutable_clawed_back();
    clawed.set_campaign(1);
    clawed.set_points(points);
    clawed.set_claw_back(claw_back);
  };
  ExpectDataLoss({
      {"by none", [&](Record& r) { take(r, 999, 1); }},
      {"by one that waits", [&](Record& r) { take(r, waiting, 1); }},
      {"of another campaign",
       [&](Record& r) {
         take(r, running, 1);
         r.mutable_entry()->mutable_clawed_back()->set_campaign(2);
       }},
      {"more than is said", [&](Record& r) { take(r, running, 151); }},
      {"nothing", [&](Record& r) { take(r, running, 0); }},
  });
  Record record;
  take(record, running, 1);
  record.mutable_entry()->set_member(ledger().members.at("wang").ToBytes());
  record.mutable_entry()->mutable_clawed_back()->set_row(1);
  ASSERT_OK(ledger().applier.Apply(record));
  EXPECT_EQ(ledger().applier.Apply(record).code(), absl::StatusCode::kDataLoss) << "a row twice";
}

TEST_F(ClawBackRecordsTest, VerdictsAreOnTheNextRowsAndAsTheEntriesSay) {
  script_.Run(kClawBackIssued);
  const Sequence claw_back = Proposed();
  const auto advance = [claw_back](std::uint64_t next, bool finished, const std::string& verdicts) {
    return [=](Record& r) {
      auto& advanced = *r.mutable_claw_back_advanced();
      advanced.set_claw_back(claw_back);
      advanced.set_next_row(next);
      advanced.set_finished(finished);
      advanced.set_verdicts(verdicts);
    };
  };
  ExpectDataLoss({
      {"on none",
       [](Record& r) {
         r.mutable_claw_back_advanced()->set_claw_back(999);
         r.mutable_claw_back_advanced()->set_next_row(1);
         r.mutable_claw_back_advanced()->set_verdicts("\x02");
       }},
      {"no verdict", advance(0, false, "")},
      {"more than there are rows", advance(4, true, "\x02\x02\x02\x02")},
      {"fewer verdicts than rows", advance(2, false, "\x02")},
      {"an early end", advance(2, true, "\x02\x02")},
      {"no end", advance(3, false, "\x02\x02\x02")},
      {"an unknown verdict", advance(1, false, "\x06")},
      {"a row that no entry took of", advance(1, false, "\x01")},
  });
  // What was taken has to be said, of the row that it was taken of.
  Record taken;
  taken.mutable_entry()->set_member(ledger().members.at("wang").ToBytes());
  auto& clawed = *taken.mutable_entry()->mutable_clawed_back();
  clawed.set_campaign(1);
  clawed.set_row(1);
  clawed.set_points(5);
  clawed.set_claw_back(claw_back);
  for (const std::string verdicts : {"\x02\x02", "\x01\x02"}) {
    IssuingLedger other;
    ASSERT_OK(other.ledger.RecoverFrom(ledger().ledger));
    ASSERT_OK(other.applier.Apply(taken));
    Record record;
    advance(2, false, verdicts)(record);
    EXPECT_EQ(other.applier.Apply(record).code(), absl::StatusCode::kDataLoss);
  }
  ASSERT_OK(ledger().applier.Apply(taken));
  Record record;
  advance(2, false, "\x02\x01")(record);
  EXPECT_OK(ledger().applier.Apply(record));
}

TEST_F(ClawBackRecordsTest, AnExampleIsTheseBytes) {
  script_.Run(kClawBackIssued);
  const Sequence claw_back = Proposed({0, 2}, 150);
  RunToItsEnd(claw_back);
  std::vector<std::string> bodies;
  for (const std::string& bytes : ledger().ledger.Journal()) {
    Record record;
    ASSERT_TRUE(record.ParseFromString(bytes));
    if (record.has_claw_back_proposed()) {
      bodies.push_back(ledger::ToHex(record.claw_back_proposed().SerializeAsString()));
    } else if (record.entry().has_clawed_back()) {
      bodies.push_back(ledger::ToHex(record.entry().clawed_back().SerializeAsString()));
    } else if (record.has_claw_back_advanced()) {
      bodies.push_back(ledger::ToHex(record.claw_back_advanced().SerializeAsString()));
    }
  }
  EXPECT_EQ(bodies.size(), 4U);
  ASSERT_FALSE(bodies.empty());
  // campaign 1, rows 0 and 2, at most 150 of each, why, who, at most 250 in all.
  EXPECT_EQ(bodies[0], "080112020002189601220c6973737565642074776963652a0370617430fa01");
  // Of row 2: 150 points.
  EXPECT_EQ(bodies[2], absl::StrCat("0801100218960120", absl::StrFormat("%02x", claw_back)));
  // Both rows gone through, and taken of.
  EXPECT_EQ(bodies[3], absl::StrCat("08", absl::StrFormat("%02x", claw_back), "1002180122020101"));
}

}  // namespace
}  // namespace puhui::issuing
