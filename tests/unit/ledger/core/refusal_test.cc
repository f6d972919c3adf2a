// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/refusal.h"

#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace puhui::ledger {
namespace {

TEST(ReasonTest, EveryReasonHasANameOfItsOwnAndACode) {
  std::set<std::string> names;
  for (const Reason reason : AllReasons()) {
    EXPECT_FALSE(ReasonName(reason).empty());
    names.insert(std::string(ReasonName(reason)));
    EXPECT_NE(CodeFor(reason), absl::StatusCode::kOk) << ReasonName(reason);
    EXPECT_NE(CodeFor(reason), absl::StatusCode::kUnknown) << ReasonName(reason);
    EXPECT_EQ(ReasonFromNumber(static_cast<std::uint32_t>(reason)), reason);
  }
  EXPECT_EQ(names.size(), AllReasons().size());
}

TEST(ReasonTest, TheListIsInOrderOfPrecedence) {
  for (std::size_t i = 1; i < AllReasons().size(); ++i) {
    EXPECT_LT(static_cast<std::uint32_t>(AllReasons()[i - 1]),
              static_cast<std::uint32_t>(AllReasons()[i]));
  }
}

TEST(ReasonTest, OnlyFailuresOfMachinesAreInternalOrUnavailable) {
  for (const Reason reason : AllReasons()) {
    if (static_cast<std::uint32_t>(reason) >= 900) continue;
    EXPECT_NE(CodeFor(reason), absl::StatusCode::kInternal) << ReasonName(reason);
    EXPECT_NE(CodeFor(reason), absl::StatusCode::kUnavailable) << ReasonName(reason);
  }
}

TEST(ReasonDeathTest, ANumberWithoutAReasonAborts) {
  EXPECT_DEATH(ReasonFromNumber(0), "no reason");
  EXPECT_DEATH(ReasonFromNumber(199), "no reason");
}

TEST(RefusalTest, TravelsInAStatusWhole) {
  for (const Reason reason : AllReasons()) {
    const Refusal refusal{.reason = reason,
                          .field = "rows[3].points",
                          .message = "want 5 points, 3 are available",
                          .metadata = {{"available", "3"}, {"empty", ""}}};
    const absl::Status status = ToStatus(refusal);
    EXPECT_EQ(status.code(), CodeFor(reason));
    const absl::optional<Refusal> back = RefusalOf(status);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->reason, reason);
    EXPECT_EQ(back->field, refusal.field);
    EXPECT_EQ(back->message, refusal.message);
    EXPECT_EQ(back->metadata, refusal.metadata);
  }
}

TEST(RefusalTest, WithoutATextSaysItsReason) {
  const absl::Status status = ToStatus({.reason = Reason::kPlanEmpty});
  EXPECT_EQ(status.message(), "PLAN_EMPTY");
  EXPECT_THAT(status, Refuses(Reason::kPlanEmpty));
}

TEST(RefusalTest, AFailureIsNone) {
  EXPECT_FALSE(RefusalOf(absl::OkStatus()).has_value());
  EXPECT_FALSE(RefusalOf(absl::UnavailableError("disk")).has_value());
}

}  // namespace
}  // namespace puhui::ledger
