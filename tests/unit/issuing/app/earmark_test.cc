// SPDX-License-Identifier: Apache-2.0
// Grants of which a part is bound: issued, expired and returned as two lots.
#include "issuing/app/campaign_commands.h"
#include "issuing/app/issue_run.h"
#include "issuing/app/plan_queries.h"
#include "issuing/app/queries.h"
#include "ledger/base/limits.h"
#include "ledger/core/terms.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::uint32_t kGrocer = 5411;

// A plan of 101 and 1 points, of which 30 % are bound, that expires after 30 days.
class EarmarkTest : public ::testing::Test {
 protected:
  EarmarkTest() {
    script_.Run(R"(
      union    city                            ok
      propose  city 1000 ref=B-1               ok
      confirm  city p1                         ok
      enrol    city li wang                    ok
    )");
    IssuingLedger& ledger = script_.ledger();
    ledger::Terms terms{.expiry = ledger.ledger.clock().Now() + absl::Hours(24 * 30)};
    terms.earmark = {.share = BasisPoints::FromStored(3'000), .categories = {kGrocer}};
    CreateCampaignCommand create(&ledger.tables, {.id = *CampaignId::Parse("gift", "id"),
                                                  .union_id = *UnionId::Parse("city", "id"),
                                                  .display_name = "gift",
                                                  .occasion = "spring-festival",
                                                  .terms = std::move(terms),
                                                  .person = "cat"});
    EXPECT_OK(ledger.ledger.Run(create));
    script_.Run(R"(
      plan     gift li:101 wang:1              ok
      submit   gift                            ok
      approve  gift                            ok
      issue    gift                            ok
    )");
  }
  std::vector<std::pair<std::uint32_t, std::int64_t>> Lots(const std::string& name) {
    IssuingLedger& ledger = script_.ledger();
    std::vector<std::pair<std::uint32_t, std::int64_t>> lots;
    for (const ledger::Lot& lot :
         ledger.ledger.views().wallets.Find(ledger.members.at(name))->lots) {
      lots.emplace_back(static_cast<std::uint32_t>(lot.number), lot.remaining);
    }
    return lots;
  }
  // Lots of nothing, as if they were of other campaigns.
  void FillWallet(const std::string& name, std::size_t lots) {
    IssuingLedger& ledger = script_.ledger();
    ledger.ledger.views().wallets.Edit(ledger.members.at(name)).lots.resize(lots);
  }

  Script script_;
};

TEST_F(EarmarkTest, TheRunOpensBothLotsRoundedUpAndTheBoundOneAlone) {
  script_.Run("run ok");
  EXPECT_THAT(Lots("li"), ElementsAre(Pair(1, 70), Pair(ledger::kEarmarkedBit | 1, 31)));
  EXPECT_THAT(Lots("wang"), ElementsAre(Pair(ledger::kEarmarkedBit | 1, 1)));
  script_.Run(R"(
    wallet   li 101                          ok
    wallet   wang 1                          ok
    state    gift ISSUED                     ok
  )");
  EXPECT_EQ(script_.ledger().SumOfTheBook(), 0);
}

TEST_F(EarmarkTest, BothLotsCountTowardsTheLimitOfOpenLots) {
  FillWallet("li", kOpenLotsPerWalletMax - 1);
  FillWallet("wang", kOpenLotsPerWalletMax - 2);
  IssuingLedger& ledger = script_.ledger();
  const ledger::Terms& terms = ledger.ledger.views().TermsOf(CampaignNumber{1});
  const auto refusal = [&](const std::string& name) {
    return RefuseGrant(ledger.ledger.views().wallets.Find(ledger.members.at(name)), terms,
                       ledger.ledger.clock().Now());
  };
  EXPECT_EQ(refusal("li"), Reason::kOpenLotsLimit);
  EXPECT_EQ(refusal("wang"), absl::nullopt);
}

TEST_F(EarmarkTest, TheSweepExpiresBothLots) {
  script_.Run(R"(
    run                                      ok
    budget   city 898                        ok
    advance  31d                             ok
    run                                      ok
    wallet   li 0                            ok
    budget   city 1000                       ok
  )");
  EXPECT_THAT(Lots("li"), ElementsAre());
  EXPECT_THAT(Lots("wang"), ElementsAre());
  EXPECT_EQ(script_.ledger().SumOfTheBook(), 0);
}

TEST_F(EarmarkTest, LeavingReturnsBothLots) {
  script_.Run(R"(
    run                                      ok
    set      city leave=return               ok
    leave    li                              ok
    wallet   li 0                            ok
    budget   city 999                        ok
  )");
  EXPECT_THAT(Lots("li"), ElementsAre());
}

TEST_F(EarmarkTest, LeavingKeepsBothLotsWhereThatIsThePolicy) {
  script_.Run(R"(
    run                                      ok
    leave    li                              ok
    wallet   li 101                          ok
  )");
  EXPECT_THAT(Lots("li"), ElementsAre(Pair(1, 70), Pair(ledger::kEarmarkedBit | 1, 31)));
}

}  // namespace
}  // namespace puhui::issuing
