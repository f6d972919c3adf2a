// SPDX-License-Identifier: Apache-2.0
// Whatever people and the bank do in whichever order: nobody is paid twice, or for nothing.
#include "tests/unit/merchant/app/payout_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

constexpr std::uint32_t kOrigins = 4;

// Random days of m-1, and random decisions about them.
class PayoutPropertyTest : public PayoutTest {
 protected:
  void Start(std::uint64_t seed) {
    random_.Restart(seed);
    for (std::uint32_t i = 0; i < kOrigins; ++i) AddLot(20'000, absl::Hours(24 * 300 + i));
  }
  void Sell() {
    const auto sales = 1 + random_.Below(4);
    for (std::uint64_t i = 0; i < sales; ++i) {
      if (!bought_.empty() && random_.Below(3) == 0) {
        const Sequence purchase = bought_[random_.Below(bought_.size())];
        const PurchaseRow row = Row(purchase);
        if (row.refunded < row.points) {
          ASSERT_OK(Refund(NextCall(), purchase, row.points - row.refunded));
          continue;
        }
      }
      // A day without any line would be none.
      bought_.push_back(Buy(1 + static_cast<std::int64_t>(random_.Below(300))));
    }
  }
  void EndDay() {
    Sell();
    days_.push_back(Cut());
    if (random_.Below(4) != 0) Agree(days_.back());
  }
  // Agrees with a day that nobody has agreed with yet.
  void AgreeLate() {
    for (const absl::CivilDay day : days_) {
      if (StateOf(day) == StatementState::kCut && random_.Below(2) == 0) return Agree(day);
    }
  }
  // Of any days, whether they may be in a run or not.
  void TryRun() {
    if (days_.empty()) return;
    std::vector<CreatePayoutRunCommand::Statement> wish;
    std::set<absl::CivilDay> named;
    for (std::uint64_t i = 0; i <= random_.Below(4); ++i) {
      const absl::CivilDay day = days_[random_.Below(days_.size())];
      if (named.insert(day).second) wish.push_back(Wish(day));
    }
    std::sort(wish.begin(), wish.end(), [](const auto& a, const auto& b) { return a.day < b.day; });
    const auto created = Create(std::move(wish));
    if (created.ok()) runs_.push_back(created->first().payout_run_created().run());
  }
  void GoOn() {
    if (runs_.empty()) return;
    const std::uint32_t run = runs_[random_.Below(runs_.size())];
    switch (random_.Below(4)) {
      case 0:
        Approve(run, "people/qian").status().IgnoreError();
        return;
      case 1:
        Export(run).status().IgnoreError();
        return;
      case 2:
        if (random_.Below(3) == 0) Cancel(run).status().IgnoreError();
        return;
      default:
        return AnswerAny(run);
    }
  }
  void AnswerAny(std::uint32_t run) {
    const std::uint32_t payments = RunRow(run).payments;
    const absl::CivilDay day =
        PaymentOf(run, 1 + static_cast<std::uint32_t>(random_.Below(payments))).statement.day;
    const char* const statuses[] = {"ACSC", "RJCT", "ACSP"};
    Answer(About(run, day, statuses[random_.Below(3)])).status().IgnoreError();
  }

  // What each day came to, by origin, as its figures say.
  std::map<std::uint32_t, std::int64_t> Earned() {
    std::map<std::uint32_t, std::int64_t> earned;
    for (const absl::CivilDay day : days_) {
      const auto came_to = Wish(day).came_to;
      for (const OriginSum& sum : *came_to) {
        earned[static_cast<std::uint32_t>(sum.origin)] += sum.points;
      }
    }
    return earned;
  }
  void ExpectSound() {
    std::map<std::uint32_t, std::int64_t> paid;  // By what runs say.
    std::map<absl::CivilDay, int> times;
    for (const std::uint32_t run : runs_) {
      const PayoutRunRow row = RunRow(run);
      EXPECT_EQ(row.open + row.paid + row.rejected + row.nothing_due,
                row.state == PayoutRunState::kCancelled ? row.nothing_due : row.payments);
      for (std::uint32_t number = 1; number <= row.payments; ++number) {
        const PaymentRow payment = PaymentOf(run, number);
        if (payment.state != PaymentState::kPaid) continue;
        ++times[payment.statement.day];
        EXPECT_EQ(StateOf(payment.statement.day), StatementState::kPaid);
        std::int64_t points = 0;
        for (const OriginSum& sum : PayoutOf(payment.statement.day).sums) {
          EXPECT_GT(sum.points, 0);
          points += sum.points;
          paid[static_cast<std::uint32_t>(sum.origin)] += sum.points;
        }
        EXPECT_EQ(points, payment.points);
      }
    }
    for (const auto& [day, count] : times) EXPECT_EQ(count, 1) << absl::FormatCivilTime(day);
    const auto earned = Earned();
    for (std::uint32_t origin = 1; origin <= kOrigins; ++origin) {
      EXPECT_EQ(PaidOut(origin), paid[origin]) << origin;
      const auto of_origin = earned.find(origin);
      EXPECT_EQ(PaidOut(origin) + Payable(origin),
                of_origin == earned.end() ? 0 : of_origin->second)
          << origin;
    }
  }

  std::vector<Sequence> bought_;
  std::vector<absl::CivilDay> days_;
  std::vector<std::uint32_t> runs_;
};

class PayoutPropertySeedTest : public PayoutPropertyTest,
                               public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(PayoutPropertySeedTest, NobodyIsPaidTwiceOrForNothing) {
  Start(GetParam());
  for (int step = 0; step < 120; ++step) {
    switch (random_.Below(6)) {
      case 0:
        if (days_.size() < 25) EndDay();
        break;
      case 1:
        AgreeLate();
        break;
      case 2:
        TryRun();
        break;
      default:
        GoOn();
    }
    if (step % 20 == 19) ExpectSound();
  }
  ExpectSound();
}

INSTANTIATE_TEST_SUITE_P(Seeds, PayoutPropertySeedTest, ::testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace puhui::merchant
