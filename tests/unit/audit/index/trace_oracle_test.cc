// SPDX-License-Identifier: Apache-2.0
// The way of points, asked of the index and looked for in every record.
#include "tests/unit/audit/index/trace_oracle.h"

#include "audit/index/audit_index.h"
#include "audit/index/facts_of.h"
#include "audit/index/trace_points.h"
#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/index/money_town.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

std::string TextOf(const std::vector<TraceStep>& steps) {
  return absl::StrJoin(steps, "\n", [](std::string* text, const TraceStep& step) {
    const PointLink& link = step.link;
    absl::StrAppend(text, step.distance, ": ", step.of, " and ", link.sequence, " of ",
                    KindText(step.kind), " at ", absl::FormatTime(step.time), " by ",
                    static_cast<int>(link.through.kind), "/", link.through.owner, "/",
                    link.through.member.low(), " lot ", link.lot, " origin ",
                    static_cast<std::uint32_t>(link.origin), " points ", link.points);
  });
}

class TraceOracleTest : public ::testing::Test {
 protected:
  void Begin(std::uint64_t seed) {
    index_ = nullptr;
    town_ = std::make_unique<MoneyTown>(seed);
    index_ = std::make_unique<AuditIndex>(
        &town_->journal().store(),
        AuditIndex::Options{
            .directory = directory_.path(),
            .open =
                [](const std::string& /*path*/) { return std::make_unique<ledger::MemoryStore>(); },
            .step_records_max = seed * 9});
  }
  // Of everything, or narrowed at random.
  TraceWish RandomWish(Sequence start) {
    SeededRandom& random = town_->random();
    TraceWish wish{.start = start};
    if (random.Below(2) == 0) wish.direction = Direction::kForward;
    if (random.Below(3) == 0) {
      wish.origin = UnionNumber{static_cast<std::uint32_t>(random.Below(3) + 1)};
    }
    if (random.Below(3) == 0) {
      const auto first = static_cast<std::uint32_t>(random.Below(3) + 1);
      wish.scope = std::vector<UnionNumber>{UnionNumber{first}};
      if (first < 3 && random.Below(2) == 0) wish.scope->push_back(UnionNumber{3});
    }
    wish.steps_max = wish.records_max = 1'000'000;
    return wish;
  }

  TempDir directory_;
  std::unique_ptr<MoneyTown> town_;
  std::unique_ptr<AuditIndex> index_;
};

TEST_F(TraceOracleTest, FindsWhatALookAtEveryRecordFinds) {
  constexpr std::uint64_t kJournals = 4;
  std::size_t asked = 0;
  std::size_t led_somewhere = 0;
  std::set<std::string> kinds;
  for (std::uint64_t seed = 1; seed <= kJournals; ++seed) {
    Begin(seed);
    for (int grown = 0; grown < 3; ++grown) {
      town_->Live(80);
      ASSERT_OK(index_->Follow());
      const std::vector<journal::v1::Record>& records = town_->journal().records();
      const TraceOracle oracle(&records);
      ASSERT_OK_AND_ASSIGN(const IndexMoment moment, index_->Read(absl::ZeroDuration()));
      ASSERT_EQ(moment.last, records.size());
      for (const journal::v1::Record& record : records) {
        if (!record.has_entry() || town_->random().Below(2) == 0) continue;
        const TraceWish wish = RandomWish(record.sequence());
        ASSERT_OK_AND_ASSIGN(const PointTrace trace, TracePoints(moment, wish));
        EXPECT_TRUE(trace.complete);
        EXPECT_TRUE(std::is_sorted(
            trace.steps.begin(), trace.steps.end(),
            [](const TraceStep& a, const TraceStep& b) { return a.distance < b.distance; }));
        const std::vector<TraceStep> wanted = oracle.Trace(wish);
        ASSERT_EQ(TextOf(TraceOracle::InOrder(trace.steps)), TextOf(wanted))
            << "seed " << seed << ", record " << wish.start << " of " << records.size()
            << (wish.direction == Direction::kForward ? ", forward" : ", backward");
        ++asked;
        if (!wanted.empty()) ++led_somewhere;
        for (const TraceStep& step : wanted) kinds.insert(KindText(step.kind));
      }
    }
  }
  EXPECT_GT(asked, 400U);
  EXPECT_GT(led_somewhere, asked / 4);
  // Nothing that moves points is left out.
  EXPECT_THAT(kinds, ::testing::IsSupersetOf({"entry/funding", "entry/allocation", "entry/approval",
                                              "entry/grant", "entry/purchase", "entry/capture",
                                              "entry/refund", "entry/reversal", "entry/expiry",
                                              "entry/adjustment", "entry/payout_paid",
                                              "entry/payout_returned"}));
}

}  // namespace
}  // namespace puhui::audit
