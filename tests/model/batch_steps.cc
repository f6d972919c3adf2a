// SPDX-License-Identifier: Apache-2.0
// The steps that end a till's day.
#include "merchant/app/batch_commands.h"
#include "tests/model/model_names.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace puhui::testing {
namespace {

merchant::BatchTotals TotalsFor(const ModelTotals& totals) {
  merchant::BatchTotals all;
  for (const auto& [kind, sum] : totals) {
    all.Of(static_cast<merchant::BatchKind>(kind)) = {.count = sum.first, .points = sum.second};
  }
  return all;
}

}  // namespace

std::uint32_t RandomDriver::AnyBatch() {
  const bool is_late = random_.Below(20) == 0;
  return is_late ? static_cast<std::uint32_t>(1 + random_.Below(batch_)) : batch_;
}

// Mostly with the right totals; mostly all terminals go on with the next batch then.
void RandomDriver::CloseBatch() {
  const auto terminal = static_cast<std::uint32_t>(1 + random_.Below(kTerminals));
  const std::uint32_t number = AnyBatch();
  ModelTotals told = model_.TotalsOf({terminal, number});
  if (random_.Below(3) == 0) {
    const auto kind = static_cast<CountedKind>(1 + random_.Below(merchant::kBatchKinds));
    ++told[kind].first;
    told[kind].second += 5;
  }
  const bool accept = random_.Below(3) == 0;
  const bool own = random_.Below(2) == 0;  // Or its back end asks.
  const Verdict expected = model_.CloseBatch({terminal, number}, told, accept, own);
  Expect(expected, Run([=, this] {
           return std::make_unique<merchant::CloseBatchCommand>(
               &ledger_.merchant(),
               merchant::CloseBatchCommand::Wish{
                   .merchant = *MerchantId::Parse(absl::StrCat("m-", (terminal + 1) / 2), "id"),
                   .terminal = *TerminalId::Parse(absl::StrCat("t-", terminal), "id"),
                   .batch_number = number,
                   .told = TotalsFor(told),
                   .accept_difference = accept,
                   .by_terminal = own});
         }));
  if (!expected.has_value() && random_.Below(4) != 0) ++batch_;
}

void RandomDriver::CompareBatches() {
  for (std::uint32_t terminal = 1; terminal <= kTerminals; ++terminal) {
    for (std::uint32_t number = 1; number <= batch_; ++number) {
      const merchant::BatchKey key{TerminalNumber{terminal}, number};
      const auto batch = merchant::FindBatch(ledger_.store(), key);
      ASSERT_OK(batch);
      EXPECT_EQ(batch->totals, TotalsFor(model_.TotalsOf({terminal, number})));
      EXPECT_EQ(batch->closed != 0, model_.closed_batches.contains({terminal, number}));
      const auto calls = merchant::ListBatchCalls(
          ledger_.store(), {.batch = key, .first = 1, .last = traces_ + 10}, 1'000'000);
      ASSERT_OK(calls);
      ASSERT_TRUE(calls->has_value());
      std::vector<ListedCall> listed;
      for (const merchant::BatchCall& call : **calls) {
        listed.emplace_back(call.trace_number, static_cast<CountedKind>(call.kind), call.points);
      }
      EXPECT_EQ(listed, model_.CallsOf({terminal, number}));
    }
  }
}

}  // namespace puhui::testing
