// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/pos_convert.h"

#include "ledger/base/limits.h"
#include "ledger/core/refusal.h"
#include "tests/support/refusal_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

absl::Status Declined(Reason reason) {
  journal::v1::Declined declined;
  declined.set_reason(static_cast<std::uint32_t>(reason));
  declined.set_points(90);
  declined.set_available(60);
  return DeclinedStatus(declined);
}

TEST(DeclinedStatusTest, SaysWhatIsAvailableWhenThePointsAreTooFew) {
  for (const Reason reason : {Reason::kInsufficientPoints, Reason::kRefundAbovePurchase}) {
    EXPECT_THAT(Declined(reason), Refuses(reason, "points"));
    EXPECT_THAT(ledger::RefusalOf(Declined(reason))->metadata,
                ElementsAre(Pair("available", "60")));
  }
}

TEST(DeclinedStatusTest, NamesTheLimitsOfAPurchase) {
  const absl::Status status = Declined(Reason::kLotsPerPurchaseLimit);
  EXPECT_THAT(status, Refuses(Reason::kLotsPerPurchaseLimit, "points"));
  EXPECT_THAT(ledger::RefusalOf(status)->metadata,
              ElementsAre(Pair("lots_max", absl::StrCat(kLotsPerPurchaseMax)),
                          Pair("postings_max", absl::StrCat(kPostingsPerEntryMax))));
}

TEST(DeclinedStatusTest, KeepsEveryOtherReasonAsItIs) {
  const absl::Status status = Declined(Reason::kTerminalNotActive);
  EXPECT_THAT(status, Refuses(Reason::kTerminalNotActive));
  EXPECT_THAT(ledger::RefusalOf(status)->metadata, IsEmpty());
}

}  // namespace
}  // namespace puhui::services
