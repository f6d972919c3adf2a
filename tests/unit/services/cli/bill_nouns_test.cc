// SPDX-License-Identifier: Apache-2.0
// Bills, from the arguments to the services and back to the terminal.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using BillNounsTest = CommandsTest;
using ::testing::HasSubstr;

constexpr char kShown[] = "puhui:bill/000000000044/00";

TEST_F(BillNounsTest, ATillPresentsOneAndIsToldWhatToShow) {
  const std::vector<std::string> bill = {
      "till", "bill", "--terminal", "merchants/m-7/terminals/t-2", "--points", "100"};
  EXPECT_EQ(Run(With(bill, {"--line", "5411:60", "--line", ":40", "--lifetime", "90s",
                            "--accept-partial", "--trace", "17"})),
            0);
  EXPECT_EQ(script_.bill.points(), 100);
  EXPECT_EQ(script_.bill.lines_size(), 2);
  EXPECT_EQ(script_.bill.lifetime().seconds(), 90);
  EXPECT_TRUE(script_.bill.accept_partial());
  EXPECT_EQ(script_.bill.till().trace_number(), 17U);
  EXPECT_EQ(script_.bill.request_id().size(), 36U);
  EXPECT_THAT(out_, HasSubstr("OPEN"));
  EXPECT_THAT(out_, HasSubstr(kShown));
  EXPECT_EQ(Run(bill), 0);
  EXPECT_FALSE(script_.bill.has_lifetime());
  EXPECT_EQ(Run(With(bill, {"--lifetime", "soon"})), 2);
}

TEST_F(BillNounsTest, AMemberReadsAndPaysIt) {
  EXPECT_EQ(Run({"wallet", "bill", "01J", kShown}), 0);
  EXPECT_EQ(script_.read_bill.name(), "members/01J/wallet");
  EXPECT_EQ(script_.read_bill.qr_text(), kShown);
  EXPECT_THAT(out_, HasSubstr("Grocer"));
  EXPECT_THAT(out_, HasSubstr("BILL_PAID"));
  EXPECT_THAT(out_, HasSubstr("60"));
  EXPECT_EQ(Run({"wallet", "pay-bill", "01J", kShown}), 0);
  EXPECT_EQ(script_.pay_bill.name(), "members/01J/wallet");
  EXPECT_EQ(script_.pay_bill.qr_text(), kShown);
  EXPECT_EQ(script_.pay_bill.request_id().size(), 36U);
  EXPECT_THAT(out_, HasSubstr("1,234"));
  EXPECT_THAT(out_, HasSubstr("2,000"));
  EXPECT_EQ(Run({"wallet", "pay-bill", "01J"}), 2);
}

}  // namespace
}  // namespace puhui::services
