// SPDX-License-Identifier: Apache-2.0
#include "services/settlement/statement_name.h"

#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

TEST(StatementNameTest, IsOfAMerchantAndADay) {
  const auto name = ParseStatementName("merchants/m-7/statements/2026-11-25", "name");
  ASSERT_OK(name);
  EXPECT_EQ(name->merchant_id.text(), "m-7");
  EXPECT_EQ(name->day, absl::CivilDay(2026, 11, 25));
  EXPECT_EQ(FormatStatementName("merchants/m-7", name->day), "merchants/m-7/statements/2026-11-25");
}

TEST(StatementNameTest, HasOneWayToBeWritten) {
  for (const char* name :
       {"", "merchants/m-7", "merchants/m-7/statements/", "merchants/m-7/statements/2026-11-5",
        "merchants/m-7/statements/2026-11-31", "merchants/m-7/statements/ 2026-11-25",
        "merchants/m-7/statements/2026-11-25/", "merchants/M/statements/2026-11-25",
        "unions/m-7/statements/2026-11-25",
        "merchants/m-7/statements/2026-11-25/statements/2026-11-25"}) {
    EXPECT_THAT(ParseStatementName(name, "name"), Refuses(Reason::kInvalidField, "name")) << name;
  }
}

TEST(StatementNameTest, ADisputeIsOfALine) {
  const std::string text = "merchants/m-7/statements/2026-11-25/disputes/12";
  const auto name = ParseDisputeName(text, "name");
  ASSERT_OK(name);
  EXPECT_EQ(name->line, 12U);
  EXPECT_EQ(FormatDisputeName("merchants/m-7/statements/2026-11-25", 12), text);
  for (const char* line : {"", "0", "012", "-1", "x", "12/"}) {
    EXPECT_THAT(ParseDisputeName(
                    absl::StrCat("merchants/m-7/statements/2026-11-25/disputes/", line), "name"),
                Refuses(Reason::kInvalidField, "name"))
        << line;
  }
}

}  // namespace
}  // namespace puhui::services
