// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/run_commands.h"

#include "issuing/app/plan_queries.h"
#include "issuing/app/queries.h"
#include "ledger/base/limits.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::issuing::run_commands_test {
namespace {

using ledger::Reason;

constexpr char kApproved[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang                    ok
    campaign gift of=city expires=20d        ok
    plan     gift li:300 wang:400            ok
    submit   gift                            ok
    approve  gift                            ok
)";

TEST(RunCommandsTest, BeginsWhenItIsToBegin) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift in=20d                     CAMPAIGN_EXPIRED
    issue    gift in=2d                      ok
    state    gift ISSUING                    ok
    run                                      ok
    wallet   li 0                            ok
    advance  47h                             ok
    run                                      ok
    wallet   li 0                            ok
    advance  1h                              ok
    run                                      ok
    wallet   li 300                          ok
    state    gift ISSUED                     ok
  )");
}

TEST(RunCommandsTest, GrantsCountInTheDayOnWhichTheRunBegins) {
  Script script;
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  const absl::CivilDay today = absl::ToCivilDay(ledger.ledger.clock().Now(), absl::UTCTimeZone());
  script.Run("issue gift in=2d ok");
  EXPECT_EQ(ledger.Campaign("gift").row->run_day, today + 2);
  EXPECT_EQ(ledger.Campaign("gift").row->run_start,
            absl::FromUnixMicros(absl::ToUnixMicros(ledger.Campaign("gift").row->run_start)));
}

TEST(RunCommandsTest, PausesAndGoesOn) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    pause    nothing                         NOT_FOUND
    resume   nothing                         NOT_FOUND
    pause    gift                            CAMPAIGN_STATE
    resume   gift                            CAMPAIGN_STATE
    issue    gift                            ok
    resume   gift                            CAMPAIGN_STATE
    pause    gift                            ok
    pause    gift                            CAMPAIGN_STATE
    issue    gift                            CAMPAIGN_STATE
    run                                      ok
    wallet   li 0                            ok
    resume   gift                            ok
    run                                      ok
    wallet   li 300                          ok
    state    gift ISSUED                     ok
    pause    gift                            CAMPAIGN_STATE
  )");
}

TEST(RunCommandsTest, ARunThatIsPausedBeforeItBeginsStillBeginsInTime) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift in=2d                      ok
    pause    gift                            ok
    resume   gift                            ok
    run                                      ok
    wallet   li 0                            ok
    pause    gift                            ok
    advance  3d                              ok
    run                                      ok
    wallet   li 0                            ok
    resume   gift                            ok
    run                                      ok
    wallet   li 300                          ok
  )");
}

TEST(RunCommandsTest, CancelsWhateverHasNotEnded) {
  for (const char* const until : {"", "submit", "approve", "issue"}) {
    Script script;
    script.Run(kApproved);
    if (std::string(until) != "approve" && std::string(until) != "issue") {
      script.Run("plan gift li:300 wang:400 ok");
    }
    if (std::string(until) == "submit") script.Run("submit gift ok");
    if (std::string(until) == "issue") script.Run("issue gift in=1d ok");
    script.Run(R"(
      cancel   nothing                       NOT_FOUND
      cancel   gift                          ok
      state    gift CANCELLED                ok
      budget   city 1000                     ok
      cancel   gift                          CAMPAIGN_STATE
      startplan gift                         CAMPAIGN_STATE
      change   gift occasion=qingming        CAMPAIGN_STATE
      submit   gift                          CAMPAIGN_STATE
      resume   gift                          CAMPAIGN_STATE
      advance  30d                           ok
      run                                    ok
      wallet   li 0                          ok
      close    city                          UNION_HAS_MEMBERS  # not UNION_HAS_CAMPAIGNS
    )");
    EXPECT_EQ(script.ledger().Campaign("gift").row->end_reason, "no festival");
  }
}

TEST(RunCommandsTest, ClosesWhatHasNothingLeft) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    finish   nothing                         NOT_FOUND
    finish   gift                            CAMPAIGN_STATE
    issue    gift                            ok
    finish   gift                            CAMPAIGN_STATE
    run                                      ok
    finish   gift                            CAMPAIGN_HAS_POINTS
    advance  20d                             ok
    finish   gift                            CAMPAIGN_HAS_POINTS  # expired, not yet swept
    run                                      ok
    finish   gift                            ok
    state    gift CLOSED                     ok
    finish   gift                            CAMPAIGN_STATE
    cancel   gift                            CAMPAIGN_STATE
    startplan gift                           CAMPAIGN_STATE
  )");
}

// What a run has granted stays; the rest goes back, and every row says what became of it.
TEST(RunCommandsTest, CancelsInTheMiddleOfARun) {
  Script script;
  script.Run(R"(
    union    city                            ok
    propose  city 10000 ref=B-1              ok
    confirm  city p1                         ok
    campaign gift of=city expires=20d        ok
  )");
  IssuingLedger& ledger = script.ledger();
  std::vector<std::string> names;
  NamedRows rows;
  for (std::size_t i = 0; i < kIssueChunkRows + 3; ++i) {
    names.push_back(absl::StrCat("m", i));
    rows.emplace_back(names.back(), 10);
  }
  ASSERT_OK(ledger.Enrol("city", names));
  ASSERT_OK(ledger.UploadPlan("gift", rows));
  script.Run(R"(
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
  )");
  ASSERT_OK(ledger.RunDueChores(1));
  const auto granted = static_cast<std::int64_t>(kIssueChunkRows) * 10;
  EXPECT_EQ(ledger.Budget("city"), 10'000 - granted - 30);
  script.Run("cancel gift ok");
  EXPECT_EQ(ledger.Budget("city"), 10'000 - granted);
  ASSERT_OK_AND_ASSIGN(const auto found, FindCampaign(ledger.ledger.store(), "gift"));
  ASSERT_OK_AND_ASSIGN(
      const std::vector<RowVerdict> verdicts,
      ListRows(ledger.ledger.store(), *found, {.first_row = kIssueChunkRows - 1, .limit = 2}));
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].outcome, RowOutcome::kGranted);
  EXPECT_EQ(verdicts[1].outcome, RowOutcome::kCancelled);
  // What was granted expires in its time.
  script.Run(R"(
    advance  20d                             ok
    run                                      ok
    budget   city 10000                      ok
  )");
}

}  // namespace
}  // namespace puhui::issuing::run_commands_test
