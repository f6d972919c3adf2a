// SPDX-License-Identifier: Apache-2.0
#include "services/server/chore_failure_log.h"

#include "ledger/engine/ledger_rows.h"
#include "tests/support/fake_clock.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ChoreFailureLogTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  std::vector<std::string> said_;
  ChoreFailureLog log_{&clock_, [this](absl::string_view line) { said_.emplace_back(line); }};
};

TEST_F(ChoreFailureLogTest, EachKindAndStatusIsSaidOnceAnHour) {
  for (int tries = 0; tries < 5; ++tries) {
    log_.Note(ledger::kTimerIssueRun, absl::DataLossError("chunk 1 is missing"));
    log_.Note(ledger::kTimerClawBack, absl::DataLossError("chunk 1 is missing"));
    log_.Note(ledger::kTimerIssueRun, absl::DataLossError("chunk 2 is missing"));
    log_.Note(absl::nullopt, absl::UnavailableError("chunk 1 is missing"));
    clock_.Advance(absl::Minutes(10));
  }
  EXPECT_THAT(said_, ElementsAre(HasSubstr("an issue run: DATA_LOSS: chunk 1 is missing"),
                                 HasSubstr("a claw-back: DATA_LOSS: chunk 1 is missing"),
                                 HasSubstr("an issue run: DATA_LOSS: chunk 2 is missing"),
                                 HasSubstr("what is due: UNAVAILABLE: chunk 1 is missing")));
  clock_.Advance(absl::Minutes(10));
  log_.Note(ledger::kTimerIssueRun, absl::DataLossError("chunk 1 is missing"));
  EXPECT_THAT(said_, SizeIs(5));
}

TEST_F(ChoreFailureLogTest, SoManyDifferentOnesAreSaidAndNoMore) {
  for (std::size_t i = 0; i < 2 * ChoreFailureLog::kDifferentMax; ++i) {
    log_.Note(ledger::kTimerBusinessDay, absl::DataLossError(absl::StrCat("row ", i)));
  }
  EXPECT_THAT(said_, SizeIs(ChoreFailureLog::kDifferentMax));
  clock_.Advance(ChoreFailureLog::kSaidAgainAfter);
  log_.Note(ledger::kTimerBusinessDay, absl::DataLossError("row 0"));
  EXPECT_THAT(said_, SizeIs(ChoreFailureLog::kDifferentMax + 1));
}

TEST_F(ChoreFailureLogTest, AClockThatIsSetBackKeepsNothingBack) {
  log_.Note(ledger::kTimerExpiry, absl::DataLossError("row 0"));
  clock_.Advance(-absl::Hours(24));
  log_.Note(ledger::kTimerExpiry, absl::DataLossError("row 0"));
  EXPECT_THAT(said_, SizeIs(2));
}

}  // namespace
}  // namespace puhui::services
