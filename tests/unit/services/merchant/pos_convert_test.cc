// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/pos_convert.h"

#include "ledger/base/limits.h"
#include "ledger/core/refusal.h"
#include "services/ledger/declined.h"
#include "tests/support/refusal_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

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
  for (const Reason reason : {Reason::kInsufficientPoints, Reason::kRefundAbovePurchase,
                              Reason::kCaptureAboveAuthorization}) {
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

TEST(DeclinedStatusTest, NamesTheLimitOfOpenAuthorizations) {
  const absl::Status status = Declined(Reason::kAuthorizationsPerWalletLimit);
  EXPECT_THAT(status, Refuses(Reason::kAuthorizationsPerWalletLimit));
  EXPECT_THAT(ledger::RefusalOf(status)->metadata,
              ElementsAre(Pair("authorizations_max", absl::StrCat(kAuthorizationsPerWalletMax))));
}

TEST(DeclinedStatusTest, KeepsEveryOtherReasonAsItIs) {
  const absl::Status status = Declined(Reason::kTerminalNotActive);
  EXPECT_THAT(status, Refuses(Reason::kTerminalNotActive));
  EXPECT_THAT(ledger::RefusalOf(status)->metadata, IsEmpty());
}

v1::AuthorizeRequest Lasting(std::int64_t seconds, std::int32_t nanos = 0) {
  v1::AuthorizeRequest request;
  request.mutable_lifetime()->set_seconds(seconds);
  request.mutable_lifetime()->set_nanos(nanos);
  return request;
}

TEST(ReadLifetimeTest, IsSevenDaysUnlessTheTillWantsLess) {
  constexpr std::int64_t kWeek = 7 * 24 * 3'600;
  ASSERT_OK_AND_ASSIGN(absl::Duration lifetime, ReadLifetime(v1::AuthorizeRequest()));
  EXPECT_EQ(lifetime, absl::Hours(7 * 24));
  for (const std::int64_t seconds : {std::int64_t{60}, std::int64_t{61}, kWeek}) {
    ASSERT_OK_AND_ASSIGN(lifetime, ReadLifetime(Lasting(seconds)));
    EXPECT_EQ(lifetime, absl::Seconds(seconds));
  }
  ASSERT_OK_AND_ASSIGN(lifetime, ReadLifetime(Lasting(60, 500'000'000)));
  EXPECT_EQ(lifetime, absl::Milliseconds(60'500));
}

TEST(ReadLifetimeTest, RefusesWhatIsShorterOrLongerOrNoDuration) {
  constexpr std::int64_t kWeek = 7 * 24 * 3'600;
  for (const v1::AuthorizeRequest& request :
       {Lasting(0), Lasting(59), Lasting(59, 999'999'999), Lasting(kWeek, 1), Lasting(kWeek + 1),
        Lasting(-60), Lasting(std::numeric_limits<std::int64_t>::max()),
        Lasting(std::numeric_limits<std::int64_t>::min()), Lasting(120, -1),
        Lasting(60, 1'000'000'000)}) {
    EXPECT_THAT(ReadLifetime(request), Refuses(Reason::kInvalidField, "lifetime"));
  }
}

}  // namespace
}  // namespace puhui::services
