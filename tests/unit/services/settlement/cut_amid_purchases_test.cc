// SPDX-License-Identifier: Apache-2.0
// Tills sell from threads of their own while the day ends, its timer fires and its cut is called.
#include "tests/unit/services/settlement/settlement_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace puhui::services {
namespace {

constexpr std::size_t kTills = 4;
constexpr std::size_t kEach = 120;  // Purchases of a point; together fewer than kGranted.
constexpr std::size_t kLast = 10;   // Of them, for which a till waits until the day was cut.
static_assert(kTills * kEach < kGranted);

class CutAmidPurchasesTest : public SettlementTest {
 protected:
  // Sells what `wishes` say, one after another, some of it after the cut for certain.
  void Sell(const std::vector<v1::PurchaseRequest>& wishes, std::vector<Sequence>* sold) {
    for (const v1::PurchaseRequest& wish : wishes) {
      if (sold->size() == kEach - kLast) Await([this] { return cut_.load(); });
      const auto response = Ask(*pos_, &Pos::Purchase, kTill, wish);
      ASSERT_OK(response);
      std::uint64_t sequence = 0;
      ASSERT_TRUE(absl::SimpleAtoi(response->purchase().retrieval_reference(), &sequence));
      sold->push_back(sequence);
      sold_ += 1;
    }
  }
  static void Await(const std::function<bool()>& what) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!what()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  }
  // The lines of the day that is today_, each within it.
  void CollectLines(std::vector<Sequence>* lines) {
    const auto messages = Read();
    ASSERT_OK(messages);
    for (const v1::GetStatementResponse& message : *messages) {
      for (const v1::StatementLine& line : message.lines()) {
        EXPECT_EQ(
            absl::ToCivilDay(absl::FromUnixSeconds(line.time().seconds()), absl::UTCTimeZone()),
            today_);
        lines->push_back(line.sequence());
      }
    }
  }

  std::atomic<std::size_t> sold_{0};
  std::atomic<bool> cut_{false};
};

TEST_F(CutAmidPurchasesTest, EachPurchaseIsInExactlyOneStatement) {
  // So close to midnight that no call that is under way then is late.
  clock_.Set(absl::FromCivil(today_ + 1, absl::UTCTimeZone()) - absl::Milliseconds(20));
  std::vector<std::vector<v1::PurchaseRequest>> wishes(kTills);
  for (auto& of_till : wishes) {
    for (std::size_t i = 0; i < kEach; ++i) {
      of_till.push_back(Call<v1::PurchaseRequest>(kTill));
      of_till.back().set_card_number(card_);
      of_till.back().set_points(1);
    }
  }
  std::vector<std::vector<Sequence>> sold(kTills);
  std::vector<std::thread> tills;
  for (std::size_t i = 0; i < kTills; ++i) {
    tills.emplace_back([this, &wishes, &sold, i] { Sell(wishes[i], &sold[i]); });
  }
  Await([this] { return sold_ >= kTills * kEach / 4; });
  EndDay();
  const auto cut = Cut();
  cut_ = true;
  const auto again = Cut();
  for (std::thread& till : tills) till.join();
  ASSERT_OK(cut);
  ASSERT_OK(again);
  EXPECT_EQ(again->SerializeAsString(), cut->SerializeAsString());
  std::vector<Sequence> lines;
  CollectLines(&lines);
  const std::size_t of_first_day = lines.size();
  EXPECT_EQ(of_first_day, cut->purchase_lines());
  today_ += 1;
  EndDay();
  ASSERT_OK(Cut());
  CollectLines(&lines);
  EXPECT_GE(of_first_day, kTills * kEach / 4);
  EXPECT_GE(lines.size() - of_first_day, kTills * kLast);
  std::vector<Sequence> all;
  for (const auto& of_till : sold) all.insert(all.end(), of_till.begin(), of_till.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), kTills * kEach);
  EXPECT_EQ(lines, all);  // Statements have them in the order of the ledger.
}

}  // namespace
}  // namespace puhui::services
