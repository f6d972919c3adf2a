// SPDX-License-Identifier: Apache-2.0
// An explanation is what the till does, whatever the wallet, its terms and the limits.
#include "tests/support/seeded_random.h"
#include "tests/unit/services/wallet/explain_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Terms;

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

// Into up to four lines of other goods and places.
void SplitIntoLines(SeededRandom* random, v1::ExplainSpendRequest* wish) {
  std::int64_t left = wish->points();
  while (left > 0) {
    v1::BasketLine& line = *wish->add_lines();
    const auto most = static_cast<std::uint64_t>(left);
    line.set_points(wish->lines_size() == 4 ? left
                                            : static_cast<std::int64_t>(1 + random->Below(most)));
    left -= line.points();
    if (random->Below(2) == 0) line.set_merchant_category("5942");
    if (random->Below(3) == 0) line.set_region("110101");
  }
}

// Now and then others for the merchant, the member or the card, by name or for everyone; or none.
merchant::LimitTarget AnyTarget(SeededRandom* random) {
  merchant::LimitTarget target{.subject =
                                   static_cast<merchant::LimitSubject>(2 + random->Below(3))};
  if (random->Below(2) == 0) return target;
  if (target.subject == merchant::LimitSubject::kMerchant) {
    target.merchant = *MerchantId::Parse("m-1", "id");
  }
  if (target.subject == merchant::LimitSubject::kMember) target.member = merchant::kMember;
  return target;
}
std::vector<merchant::Limit> AnyLimits(SeededRandom* random) {
  std::vector<merchant::Limit> limits;
  if (random->Below(2) == 0) return limits;
  for (std::uint8_t window = 1; window <= merchant::kLimitWindows; ++window) {
    if (random->Below(3) != 0) continue;
    merchant::Limit& limit =
        limits.emplace_back(merchant::Limit{.window = static_cast<merchant::LimitWindow>(window)});
    const std::uint64_t dice = random->Below(3);
    if (dice != 0) limit.count_max = static_cast<std::uint32_t>(random->Below(9));
    if (dice != 1) limit.points_max = static_cast<std::int64_t>(random->Below(600));
  }
  return limits;
}

class AgreementTest : public ExplainSpendTest {
 protected:
  // For another lot that can be spent.
  bool HasRoom() {
    const std::vector<ledger::Lot>& lots = ledger_.views().wallets.Find(merchant::kMember)->lots;
    const absl::Time now = ledger_.clock().Now();
    return std::count_if(lots.begin(), lots.end(),
                         [now](const ledger::Lot& lot) { return lot.expiry > now; }) < 16;
  }
  // All that AnyTarget may have named.
  void DropLimits() {
    using enum merchant::LimitSubject;
    for (const auto subject : {kMerchant, kMember, kCard}) SetLimits({.subject = subject}, {});
    SetLimits({.subject = kMerchant, .merchant = *MerchantId::Parse("m-1", "id")}, {});
    SetLimits({.subject = kMember, .member = merchant::kMember}, {});
  }
};

TEST_F(AgreementTest, AgreesWithThePurchaseForAnyWallet) {
  SeededRandom random(20'250'101);
  int accepted = 0;
  int declined = 0;
  int limited = 0;
  int unnamed = 0;
  bool was_limited = false;
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    // Limits that were met go, so that something is spent again.
    if (was_limited) DropLimits();
    for (std::uint64_t i = HasRoom() ? random.Below(3) : 0; i > 0; --i) {
      Grant(static_cast<std::int64_t>(1 + random.Below(150)),
            RandomTerms(&random, ledger_start_ + (ledger_.clock().Now() - ledger_start_)).Next());
    }
    if (random.Below(2) == 0) SetLimits(AnyTarget(&random), AnyLimits(&random));
    const bool wuhan = random.Below(2) == 0;
    v1::ExplainSpendRequest wish = Wish(static_cast<std::int64_t>(1 + random.Below(200)),
                                        wuhan ? "merchants/m-1/stores/s-wuhan" : "");
    tables_.merchants.Edit(MerchantNumber{1}).goods_named = random.Below(6) != 0;
    // A group, so that what was edited is in the store.
    Run([](ledger::Decision& decision) { testing::AddFunding(1, 1, decision); });
    // Now and then all that there is, or one more.
    ASSERT_OK_AND_ASSIGN(const v1::ExplainSpendResponse first, Explain(wish));
    if (random.Below(4) == 0) {
      wish.set_points(first.available_points() + static_cast<std::int64_t>(1 - random.Below(2)));
      if (wish.points() == 0) wish.set_points(1);
    }
    wish.set_accept_partial(random.Below(3) == 0);
    if (random.Below(2) == 0) SplitIntoLines(&random, &wish);
    ASSERT_OK_AND_ASSIGN(const v1::ExplainSpendResponse answer, Explain(wish));
    ASSERT_OK_AND_ASSIGN(const SpendQuestion question, ReadExplainSpend(wish));
    merchant::PurchaseCommand purchase(State(), NextCall(wuhan ? "t-3" : "t-1"),
                                       {.card = merchant::kCard,
                                        .points = question.points,
                                        .authorization_code = "A1B2C3",
                                        .accept_partial = question.accept_partial,
                                        .lines = question.lines});
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Submit(purchase));
    ASSERT_EQ(answer.accepted(), outcome.first().has_entry());
    std::map<std::pair<std::string, bool>, std::int64_t> explained;
    std::map<std::pair<std::string, bool>, std::int64_t> paid;
    std::map<std::tuple<int, std::string, bool>, std::int64_t> by_line;
    for (const v1::ExplainedLot& lot : answer.lots()) {
      if (lot.points() > 0) explained[{lot.campaign(), lot.earmarked()}] += lot.points();
      ASSERT_LE(lot.points(), lot.points_max());
      ASSERT_TRUE(!wish.lines().empty() || lot.why_not().empty() == (lot.points_max() > 0));
      ASSERT_EQ(lot.why_not().empty(), lot.explanation().zh_cn().empty());
      for (int i = 0; i < lot.lines_size(); ++i) {
        ASSERT_TRUE(lot.lines(i).why_not().empty() || lot.lines(i).points() == 0);
        by_line[{i, lot.campaign(), lot.earmarked()}] += lot.lines(i).points();
      }
    }
    for (const auto& lot : outcome.first().entry().lots()) {
      paid[{absl::StrCat("campaigns/c-", lot.campaign()),
            ledger::IsEarmarked(LotNumber{lot.lot()})}] -= lot.points();
    }
    ASSERT_EQ(explained, paid);
    const journal::v1::Purchase& record = outcome.first().entry().purchase();
    ASSERT_EQ(answer.approved_points(), record.points());
    for (int i = 0; i < record.lines_size(); ++i) {
      for (const journal::v1::LinePart& part : record.lines(i).parts()) {
        for (const auto& lot : outcome.first().entry().lots()) {
          if (lot.lot() != part.lot()) continue;
          by_line[{i, absl::StrCat("campaigns/c-", lot.campaign()),
                   ledger::IsEarmarked(LotNumber{lot.lot()})}] -= part.points();
        }
      }
    }
    for (const auto& [line, difference] : by_line) ASSERT_EQ(difference, 0);
    was_limited = false;
    if (answer.accepted()) {
      ++accepted;
      if (random.Below(3) == 0) {
        ASSERT_OK(Refund(NextCall(), outcome.first().sequence(), answer.approved_points()));
      }
    } else {
      ++declined;
      const journal::v1::Declined& declined_as = outcome.first().declined();
      ASSERT_EQ(answer.reason(),
                ledger::ReasonName(ledger::ReasonFromNumber(declined_as.reason())));
      was_limited = declined_as.has_limit();
      if (was_limited) ++limited;
      if (answer.reason() == "LINE_NOT_ALLOWED") ++unnamed;
      if (answer.reason() == "INSUFFICIENT_POINTS") {
        ASSERT_EQ(answer.available_points(), declined_as.available());
      }
    }
    ledger_.clock().Advance(
        absl::Minutes(random.Below(2) == 0 ? 0 : static_cast<std::int64_t>(random.Below(240))));
  }
  EXPECT_GT(accepted, 15) << declined << " declined, " << limited << " by limits";
  EXPECT_GT(declined, 15);
  EXPECT_GT(limited, 15);
  EXPECT_GT(unnamed, 3);
}

}  // namespace
}  // namespace puhui::services
