// SPDX-License-Identifier: Apache-2.0
// An explanation is what the till does, whatever the wallet and its terms.
#include "services/wallet/explain_spend.h"

#include "issuing/app/tables.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/terms_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ledger::Terms;
using ::testing::ElementsAre;

// Whom the lots are of has a name here.
class ExplainSpendTest : public merchant::TermsTest {
 protected:
  ExplainSpendTest() : names_(&ledger_.set()) {
    // Half a minute off, so that no moment of terms, in whole minutes, is that of a call.
    ledger_.clock().Advance(absl::Seconds(30));
  }
  void Grant(std::int64_t points, Terms terms) {
    const std::uint32_t number = lots_ + 1;
    names_.campaigns.Put(CampaignNumber{number}, {.id = absl::StrCat("c-", number)});
    names_.unions.Put(UnionNumber{number}, {.id = absl::StrCat("u-", number)});
    AddGrant(points, std::move(terms));
  }
  v1::ExplainSpendRequest Wish(std::int64_t points, const std::string& store = "") const {
    v1::ExplainSpendRequest request;
    request.set_name(absl::StrCat("members/", merchant::kMember.ToString(), "/wallet"));
    request.set_merchant("merchants/m-1");
    request.set_store(store);
    request.set_points(points);
    return request;
  }
  absl::StatusOr<v1::ExplainSpendResponse> Explain(const v1::ExplainSpendRequest& request) {
    PUHUI_ASSIGN_OR_RETURN(const SpendQuestion question, ReadExplainSpend(request));
    return ExplainSpend(question, ledger_.store(), ledger_.clock().Now());
  }

  issuing::Tables names_;
};

TEST_F(ExplainSpendTest, SaysLotByLotWhatPaysAndWhyTheOthersDoNot) {
  Terms books = Open();
  books.categories = {merchant::kBookshop};
  Terms wuhan = Open();
  wuhan.regions = {merchant::kWuhanDistrict};
  Terms capped = Open();
  capped.day_cap = Points::FromStored(40);
  capped.earmark = Share(5'000, {merchant::kGrocer});
  Grant(10, books);
  Grant(20, wuhan);
  Grant(60, capped);
  Grant(100, Open());
  ASSERT_OK_AND_ASSIGN(const v1::ExplainSpendResponse answer, Explain(Wish(45)));
  EXPECT_TRUE(answer.accepted());
  EXPECT_EQ(answer.reason(), "");
  EXPECT_EQ(answer.available_points(), 140);
  EXPECT_EQ(answer.day(), "2025-01-01");
  std::vector<std::string> lots;
  for (const v1::ExplainedLot& lot : answer.lots()) {
    lots.push_back(absl::StrCat(lot.campaign(), " ", lot.origin(), " ", lot.points(), "/",
                                lot.points_max(), lot.earmarked() ? " bound " : " free ",
                                lot.why_not()));
  }
  EXPECT_THAT(lots, ElementsAre("campaigns/c-3 unions/u-3 30/30 bound ",
                                "campaigns/c-3 unions/u-3 10/10 free ",
                                "campaigns/c-4 unions/u-4 5/100 free ",
                                "campaigns/c-1 unions/u-1 0/0 free CATEGORY",
                                "campaigns/c-2 unions/u-2 0/0 free REGION"));
  ASSERT_OK_AND_ASSIGN(const auto there, Explain(Wish(161, "merchants/m-1/stores/s-wuhan")));
  EXPECT_FALSE(there.accepted());
  EXPECT_EQ(there.reason(), "INSUFFICIENT_POINTS");
  EXPECT_EQ(there.available_points(), 160);
  for (const v1::ExplainedLot& lot : there.lots()) EXPECT_EQ(lot.points(), 0);
}

TEST_F(ExplainSpendTest, EachMalformedOrUnknownFieldIsNamed) {
  v1::ExplainSpendRequest request = Wish(1);
  request.set_name("members/1");
  EXPECT_THAT(Explain(request), Refuses(Reason::kInvalidField, "name"));
  request = Wish(1);
  request.set_merchant("m-1");
  EXPECT_THAT(Explain(request), Refuses(Reason::kInvalidField, "merchant"));
  EXPECT_THAT(Explain(Wish(1, "s-1")), Refuses(Reason::kInvalidField, "store"));
  EXPECT_THAT(Explain(Wish(1, "merchants/m-2/stores/s-1")),
              Refuses(Reason::kInvalidField, "store"));
  EXPECT_THAT(Explain(Wish(0)).status(), HasCode(absl::StatusCode::kInvalidArgument));
  request = Wish(1);
  request.set_merchant("merchants/m-9");
  EXPECT_THAT(Explain(request), Refuses(Reason::kNotFound));
  EXPECT_THAT(Explain(Wish(1, "merchants/m-1/stores/s-9")), Refuses(Reason::kNotFound));
}

TEST_F(ExplainSpendTest, WhoMayNotSellOrSpendIsSaidBeforeWhatIsThere) {
  Grant(10, Open());
  ledger_.views().wallets.Edit(merchant::kMember).state = ledger::WalletState::kSuspended;
  Run([](ledger::Decision& decision) { testing::AddFunding(1, 1, decision); });
  ASSERT_OK_AND_ASSIGN(const auto suspended, Explain(Wish(11)));
  EXPECT_EQ(suspended.reason(), "MEMBER_NOT_ACTIVE");
  EXPECT_EQ(suspended.available_points(), 10);
  tables_.merchants.Edit(MerchantNumber{1}).state = merchant::MerchantState::kSuspended;
  Run([](ledger::Decision& decision) { testing::AddFunding(1, 1, decision); });
  ASSERT_OK_AND_ASSIGN(const auto closed, Explain(Wish(11)));
  EXPECT_EQ(closed.reason(), "MERCHANT_NOT_ACTIVE");
  EXPECT_FALSE(closed.accepted());
}

// Terms that ask this or that, mostly so that the till of m-1 in Wuhan meets it.
class RandomTerms {
 public:
  RandomTerms(SeededRandom* random, absl::Time now) : random_(*random), now_(now) {}

  Terms Next() {
    terms_ = {.expiry = now_ + absl::Minutes(static_cast<std::int64_t>(1 + random_.Below(4'000)))};
    if (One(6)) terms_.start = now_ + absl::Minutes(static_cast<std::int64_t>(random_.Below(600)));
    if (One(4)) terms_.categories = {One(3) ? merchant::kBookshop : merchant::kGrocer};
    if (One(4)) terms_.regions = {One(3) ? 110'000U : 420'000U};
    if (One(8)) terms_.denied_merchants = {MerchantNumber{One(2) ? 1U : 2U}};
    if (One(8)) terms_.allowed_merchants = {MerchantNumber{One(3) ? 2U : 1U}};
    if (One(6)) terms_.weekdays = static_cast<ledger::Weekdays>(1 + random_.Below(127));
    if (One(8)) {
      terms_.holiday_rule = ledger::HolidayRule::kWorkdaysOnly;
      terms_.holidays = {merchant::kFirstDay + static_cast<int>(random_.Below(6))};
    }
    if (One(3)) terms_.day_cap = Points::FromStored(static_cast<std::int64_t>(Below(200)));
    if (One(3)) {
      terms_.earmark.share =
          BasisPoints::FromStored(static_cast<std::uint32_t>(1 + random_.Below(10'000)));
      terms_.earmark.regions = {One(2) ? 420'100U : 110'100U};
    }
    return terms_;
  }

 private:
  bool One(std::uint64_t in) { return random_.Below(in) == 0; }
  std::uint64_t Below(std::uint64_t most) { return 1 + random_.Below(most); }

  SeededRandom& random_;
  const absl::Time now_;
  Terms terms_{};
};

TEST_F(ExplainSpendTest, AgreesWithThePurchaseForAnyWallet) {
  SeededRandom random(20'250'101);
  int accepted = 0;
  int declined = 0;
  for (int round = 0; round < 80; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    for (std::uint64_t i = random.Below(3); i > 0; --i) {
      Grant(static_cast<std::int64_t>(1 + random.Below(150)),
            RandomTerms(&random, ledger_start_ + (ledger_.clock().Now() - ledger_start_)).Next());
    }
    const bool wuhan = random.Below(2) == 0;
    v1::ExplainSpendRequest wish = Wish(static_cast<std::int64_t>(1 + random.Below(200)),
                                        wuhan ? "merchants/m-1/stores/s-wuhan" : "");
    // Now and then all that there is, or one more.
    ASSERT_OK_AND_ASSIGN(const v1::ExplainSpendResponse first, Explain(wish));
    if (random.Below(4) == 0) {
      wish.set_points(first.available_points() + static_cast<std::int64_t>(1 - random.Below(2)));
      if (wish.points() == 0) wish.set_points(1);
    }
    ASSERT_OK_AND_ASSIGN(const v1::ExplainSpendResponse answer, Explain(wish));
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome,
                         Purchase(NextCall(wuhan ? "t-3" : "t-1"), wish.points()));
    ASSERT_EQ(answer.accepted(), outcome.first().has_entry());
    std::map<std::pair<std::string, bool>, std::int64_t> explained;
    std::map<std::pair<std::string, bool>, std::int64_t> paid;
    for (const v1::ExplainedLot& lot : answer.lots()) {
      if (lot.points() > 0) explained[{lot.campaign(), lot.earmarked()}] += lot.points();
      ASSERT_LE(lot.points(), lot.points_max());
      ASSERT_EQ(lot.why_not().empty(), lot.points_max() > 0);
    }
    for (const auto& lot : outcome.first().entry().lots()) {
      paid[{absl::StrCat("campaigns/c-", lot.campaign()),
            ledger::IsEarmarked(LotNumber{lot.lot()})}] -= lot.points();
    }
    ASSERT_EQ(explained, paid);
    if (answer.accepted()) {
      ++accepted;
      if (random.Below(3) == 0) {
        ASSERT_OK(Refund(NextCall(), outcome.first().sequence(), wish.points()));
      }
    } else {
      ++declined;
      const journal::v1::Declined& record = outcome.first().declined();
      ASSERT_EQ(answer.reason(), ledger::ReasonName(ledger::ReasonFromNumber(record.reason())));
      ASSERT_EQ(answer.available_points(), record.available());
    }
    ledger_.clock().Advance(absl::Minutes(static_cast<std::int64_t>(random.Below(240))));
  }
  EXPECT_GT(accepted, 15);
  EXPECT_GT(declined, 15);
}

}  // namespace
}  // namespace puhui::services
