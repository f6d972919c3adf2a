// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/issue_watch.h"

#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using issuing::CampaignRow;
using issuing::CampaignState;

class IssueWatchTest : public ::testing::Test {
 protected:
  IssueWatchTest() {
    run_.state = CampaignState::kIssuing;
    run_.plan.rows = 1'000;
    run_.run_due = start_;
  }
  // What is seen so many seconds after the start, with so many rows done.
  v1::IssueProgress Look(int seconds, std::uint64_t rows_done) {
    run_.rows_done = rows_done;
    v1::IssueProgress progress;
    watch_.Look(run_, start_ + absl::Seconds(seconds), &progress);
    return progress;
  }

  const absl::Time start_ = absl::FromUnixSeconds(1'800'000'000);
  CampaignRow run_;
  IssueWatch watch_;
};

TEST_F(IssueWatchTest, SaysHowFastARunIsAndWhenItWillHaveEnded) {
  EXPECT_EQ(Look(0, 0).rows_per_second(), 0);
  const v1::IssueProgress progress = Look(2, 200);
  EXPECT_EQ(progress.rows_per_second(), 100);
  EXPECT_EQ(progress.estimated_end_time().seconds(), 1'800'000'010);
  EXPECT_EQ(Look(4, 800).rows_per_second(), 200);
}

TEST_F(IssueWatchTest, APauseBeginsThePaceAnew) {
  Look(0, 0);
  Look(2, 200);
  run_.paused = true;
  run_.run_due.reset();
  EXPECT_FALSE(Look(3, 201).has_estimated_end_time());
  run_.paused = false;
  run_.run_due = start_;
  EXPECT_FALSE(Look(1'000, 202).has_estimated_end_time());
  EXPECT_EQ(Look(1'001, 252).rows_per_second(), 50);
}

TEST_F(IssueWatchTest, SaysWhatARunOfAllOrNothingHasPausedFor) {
  run_.all_or_nothing = true;
  EXPECT_FALSE(Look(0, 10).has_stopped_by());
  run_.paused = true;
  run_.stopped = {.row = 41, .reason = ledger::Reason::kOpenLotsLimit, .rows = 2};
  const v1::IssueProgress progress = Look(1, 10);
  EXPECT_TRUE(progress.all_or_nothing());
  EXPECT_EQ(progress.stopped_by().row(), 41U);
  EXPECT_EQ(progress.stopped_by().reason(), "OPEN_LOTS_LIMIT");
  EXPECT_EQ(progress.stopped_by().rows(), 2U);
  EXPECT_FALSE(watch_.ended());
}

TEST_F(IssueWatchTest, SaysNothingTwiceAndEndsWithTheRun) {
  Look(0, 10);
  v1::IssueProgress progress;
  EXPECT_FALSE(watch_.Look(run_, start_ + absl::Seconds(1), &progress));
  EXPECT_FALSE(watch_.ended());
  run_.state = CampaignState::kIssued;
  run_.run_due.reset();
  EXPECT_EQ(Look(3, 1'000).state(), v1::CAMPAIGN_STATE_ISSUED);
  EXPECT_TRUE(watch_.ended());
}

}  // namespace
}  // namespace puhui::services
