// SPDX-License-Identifier: Apache-2.0
#include "audit/core/oldest_first.h"

#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

// An account that keeps apart what came in: the obvious way.
class Heap {
 public:
  void In(std::size_t move, std::int64_t points) { parts_.push_back({move, points}); }
  // How much of which.
  std::map<std::size_t, std::int64_t> Out(std::int64_t points) {
    std::map<std::size_t, std::int64_t> of;
    while (points > 0) {
      auto& [move, left] = parts_.front();
      const std::int64_t taken = std::min(points, left);
      of[move] += taken;
      left -= taken;
      points -= taken;
      if (left == 0) parts_.pop_front();
    }
    return of;
  }

 private:
  std::deque<std::pair<std::size_t, std::int64_t>> parts_;
};

using Common = std::map<std::pair<std::size_t, std::size_t>, std::int64_t>;  // In, out: points.

// Moves that never take out more than there is.
std::vector<std::int64_t> RandomMoves(SeededRandom& random, std::size_t count) {
  std::vector<std::int64_t> moves;
  std::int64_t held = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool in = held == 0 || random.Below(3) == 0;
    const auto below = static_cast<std::uint64_t>(in ? 30 : held);
    moves.push_back(static_cast<std::int64_t>(random.Below(below) + 1) * (in ? 1 : -1));
    held += moves.back();
  }
  return moves;
}

Common CommonOf(const std::vector<std::int64_t>& moves) {
  Common common;
  Heap heap;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (moves[i] > 0) {
      heap.In(i, moves[i]);
      continue;
    }
    for (const auto& [move, points] : heap.Out(-moves[i])) common[{move, i}] = points;
  }
  return common;
}

TEST(OldestFirstTest, FromEitherSideTheSamePointsAreFound) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    const std::vector<std::int64_t> moves = RandomMoves(random, 60);
    Common back;
    Common ahead;
    std::int64_t held = 0;
    for (std::size_t i = 0; i < moves.size(); ++i) {
      if (moves[i] < 0) {
        CameWith came(held, -moves[i]);
        for (std::size_t earlier = i; earlier-- > 0 && !came.done();) {
          const std::int64_t points = moves[earlier] > 0 ? came.Before(moves[earlier]) : 0;
          if (points > 0) back[{earlier, i}] = points;
        }
      } else {
        WentWith went(held, moves[i]);
        for (std::size_t later = i + 1; later < moves.size() && !went.done(); ++later) {
          const std::int64_t points = moves[later] < 0 ? went.Next(-moves[later]) : 0;
          if (points > 0) ahead[{i, later}] = points;
        }
      }
      held += moves[i];
    }
    EXPECT_EQ(back, CommonOf(moves)) << "seed " << seed;
    EXPECT_EQ(ahead, CommonOf(moves)) << "seed " << seed;
  }
}

TEST(OldestFirstTest, NobodyLooksFartherBackThanWhatIsThere) {
  CameWith came(/*held=*/50, /*out=*/10);
  EXPECT_EQ(came.Before(20), 0) << "the latest goes last";
  EXPECT_FALSE(came.done());
  EXPECT_EQ(came.Before(500), 10);
  EXPECT_TRUE(came.done()) << "the rest of the 500 had gone before";
}

TEST(OldestFirstTest, WhatWasNeverThereCameFromNowhere) {
  EXPECT_TRUE(CameWith(/*held=*/0, /*out=*/10).done());
  EXPECT_TRUE(CameWith(/*held=*/-5, /*out=*/10).done());
  CameWith came(/*held=*/4, /*out=*/10);
  EXPECT_EQ(came.Before(4), 4);
  EXPECT_TRUE(came.done());
}

}  // namespace
}  // namespace puhui::audit
