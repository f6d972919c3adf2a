// SPDX-License-Identifier: Apache-2.0
// Baskets, balances and batches, from the arguments to the service and back to the terminal.
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using TillNounsTest = CommandsTest;
using ::testing::HasSubstr;

const std::vector<std::string> kTerminal = {"--terminal", "merchants/m-7/terminals/t-2"};

TEST_F(TillNounsTest, ABasketIsNamedLineByLine) {
  const std::vector<std::string> buy =
      With({"till", "purchase", "--card", "6200000000000001", "--points", "100"}, kTerminal);
  EXPECT_EQ(Run(With(buy, {"--line", "5411:60", "--line", ":40:420106", "--accept-partial"})), 0);
  ASSERT_EQ(script_.purchase.lines_size(), 2);
  EXPECT_EQ(script_.purchase.lines(0).merchant_category(), "5411");
  EXPECT_EQ(script_.purchase.lines(0).points(), 60);
  EXPECT_EQ(script_.purchase.lines(1).merchant_category(), "");
  EXPECT_EQ(script_.purchase.lines(1).region(), "420106");
  EXPECT_TRUE(script_.purchase.accept_partial());
  EXPECT_EQ(Run(With(buy, {"--line", "5411"})), 2);
  EXPECT_THAT(err_, HasSubstr("CATEGORY:POINTS"));
  EXPECT_EQ(Run(With(buy, {"--line", "5411:many"})), 2);
}

TEST_F(TillNounsTest, APurchaseNamesAnOffer) {
  EXPECT_EQ(Run(With({"till", "purchase", "--card", "6200000000000001", "--points", "100",
                      "--offer", "17"},
                     kTerminal)),
            0);
  EXPECT_EQ(script_.purchase.offer(), "offers/17");
}

TEST_F(TillNounsTest, AnAuthorisationHasLinesToo) {
  const std::vector<std::string> hold =
      With({"till", "authorize", "--card", "6200000000000001", "--points", "100"}, kTerminal);
  EXPECT_EQ(Run(With(hold, {"--line", "5411:60:420106", "--line", ":40"})), 0);
  ASSERT_EQ(script_.authorize.lines_size(), 2);
  EXPECT_EQ(script_.authorize.lines(0).region(), "420106");
  EXPECT_EQ(script_.authorize.lines(1).points(), 40);
  EXPECT_THAT(out_, HasSubstr("line 0: 5411 in 420106, 60 points"));
  const std::vector<std::string> capture =
      With({"till", "capture", "--reference", "000000000043", "--points", "70"}, kTerminal);
  EXPECT_EQ(Run(With(capture, {"--line", "1=40", "--line", "0=30"})), 0);
  ASSERT_EQ(script_.capture.lines_size(), 2);
  EXPECT_EQ(script_.capture.lines(0).line(), 1U);
  EXPECT_EQ(script_.capture.lines(0).points(), 40);
  for (const char* bad : {"1", "1:40", "-1=40", "1=", "x=1", "1=40=2"}) {
    EXPECT_EQ(Run(With(capture, {absl::StrCat("--line=", bad)})), 2) << bad;
    EXPECT_THAT(err_, HasSubstr("N=POINTS"));
  }
}

TEST_F(TillNounsTest, ARefundNamesLines) {
  const std::vector<std::string> refund =
      With({"till", "refund", "--reference", "000000000042", "--points", "70"}, kTerminal);
  EXPECT_EQ(Run(With(refund, {"--line", "0=30", "--line", "2=40"})), 0);
  ASSERT_EQ(script_.refund.lines_size(), 2);
  EXPECT_EQ(script_.refund.lines(1).line(), 2U);
  EXPECT_EQ(script_.refund.lines(1).points(), 40);
  EXPECT_EQ(Run(refund), 0);
  EXPECT_EQ(script_.refund.lines_size(), 0);
  EXPECT_EQ(Run(With(refund, {"--line", "0:30"})), 2);
  EXPECT_THAT(err_, HasSubstr("N=POINTS"));
}

TEST_F(TillNounsTest, SaysWhatAMemberCouldSpend) {
  EXPECT_EQ(Run(With({"till", "balance", "--card", "6200000000000001"}, kTerminal)), 0);
  EXPECT_EQ(script_.balance.terminal(), "merchants/m-7/terminals/t-2");
  EXPECT_THAT(out_, HasSubstr("1,234 points"));
}

TEST_F(TillNounsTest, SaysWhatABatchComesToAndClosesIt) {
  EXPECT_EQ(Run(With({"till", "totals", "--batch", "7"}, kTerminal)), 0);
  EXPECT_EQ(script_.totals.batch_number(), 7U);
  EXPECT_THAT(out_, HasSubstr("REFUND"));
  const std::vector<std::string> close = With({"till", "close-batch", "--batch", "7"}, kTerminal);
  EXPECT_EQ(Run(With(close, {"--total", "purchase:2:150", "--call", "17:void:20"})), 6)
      << "it is still open";
  EXPECT_THAT(out_, HasSubstr("open: the totals differ"));
  ASSERT_EQ(script_.close_batch.totals_size(), 1);
  EXPECT_EQ(script_.close_batch.totals(0).kind(), v1::BATCH_KIND_PURCHASE);
  EXPECT_EQ(script_.close_batch.totals(0).count(), 2);
  EXPECT_EQ(script_.close_batch.totals(0).points(), 150);
  ASSERT_EQ(script_.close_batch.calls_size(), 1);
  EXPECT_EQ(script_.close_batch.calls(0).trace_number(), 17U);
  EXPECT_THAT(out_, HasSubstr("missing here: trace 17"));
  EXPECT_EQ(Run(With(close, {"--accept-difference"})), 0);
  EXPECT_TRUE(script_.close_batch.accept_difference());
  EXPECT_THAT(out_, HasSubstr("8"));
  EXPECT_EQ(Run(With(close, {"--json"})), 6);
  EXPECT_EQ(Run(With(close, {"--total", "gift:1:1"})), 2);
  EXPECT_THAT(err_, HasSubstr("KIND:COUNT:POINTS"));
}

}  // namespace
}  // namespace puhui::services
