// SPDX-License-Identifier: Apache-2.0
// The checker against histories whose verdict anybody can see, of a number that is read and
// written.
#include "tests/linearizability/checker.h"

#include "tests/support/seeded_random.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace puhui::testing {
namespace {

struct Register {
  struct Input {
    bool writes = false;
    int value = 0;
  };
  using Output = int;  // What was read.
  using State = int;
  static bool Step(const Input& input, const Output& output, State* state) {
    if (!input.writes) return output == *state;
    *state = input.value;
    return true;
  }
};
using History = LinearizabilityChecker<Register>::Operations;
constexpr std::size_t kPlenty = 100'000;

Operation<Register::Input, int> Write(int value, std::uint64_t from, std::uint64_t to) {
  return {.input = {.writes = true, .value = value}, .invoked = from, .responded = to};
}
Operation<Register::Input, int> Read(int value, std::uint64_t from, std::uint64_t to) {
  return {.output = value, .invoked = from, .responded = to};
}
Linearizability Check(const History& history, std::size_t steps = kPlenty) {
  return LinearizabilityChecker<Register>(history, steps).Check(0);
}

TEST(CheckerTest, NothingSaidIsInOrder) { EXPECT_EQ(Check({}), Linearizability::kYes); }

TEST(CheckerTest, OneAfterTheOtherIsInOrder) {
  EXPECT_EQ(Check({Write(1, 0, 1), Read(1, 2, 3), Write(2, 4, 5), Read(2, 6, 7)}),
            Linearizability::kYes);
}

TEST(CheckerTest, AReadOfWhatWasOverwrittenIsNot) {
  EXPECT_EQ(Check({Write(1, 0, 1), Write(2, 2, 3), Read(1, 4, 5)}), Linearizability::kNo);
}

TEST(CheckerTest, ARaceMayEndEitherWay) {
  EXPECT_EQ(Check({Write(1, 0, 3), Write(2, 1, 2), Read(1, 4, 5)}), Linearizability::kYes);
  EXPECT_EQ(Check({Write(1, 0, 3), Write(2, 1, 2), Read(2, 4, 5)}), Linearizability::kYes);
  EXPECT_EQ(Check({Write(1, 0, 3), Write(2, 1, 2), Read(0, 4, 5)}), Linearizability::kNo);
}

TEST(CheckerTest, TwoReadersMustAgreeOnWhatCameFirst) {
  EXPECT_EQ(Check({Write(1, 0, 9), Read(1, 1, 2), Read(0, 3, 4)}), Linearizability::kNo);
  EXPECT_EQ(Check({Write(1, 0, 9), Read(0, 1, 2), Read(1, 3, 4)}), Linearizability::kYes);
}

TEST(CheckerTest, GivesUpAtItsBound) {
  EXPECT_EQ(Check({Write(1, 0, 1), Read(1, 2, 3)}, 1), Linearizability::kGaveUp);
}

// Every order there is, tried one by one.
bool AnyOrderFits(const History& history) {
  std::vector<std::size_t> order(history.size());
  std::iota(order.begin(), order.end(), 0);
  do {
    bool fits = true;
    int state = 0;
    for (std::size_t i = 0; fits && i < order.size(); ++i) {
      const auto& operation = history[order[i]];
      for (std::size_t j = i + 1; fits && j < order.size(); ++j) {
        fits = history[order[j]].responded > operation.invoked;
      }
      fits = fits && Register::Step(operation.input, operation.output, &state);
    }
    if (fits) return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

TEST(CheckerTest, SaysWhatTryingEveryOrderSays) {
  std::size_t in_order = 0;
  constexpr std::uint64_t kHistories = 1'000;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    SeededRandom random(seed);
    constexpr std::size_t kOperations = 6;
    std::vector<std::uint64_t> moments(2 * kOperations);
    std::iota(moments.begin(), moments.end(), 0);
    for (std::size_t i = moments.size() - 1; i > 0; --i) {
      std::swap(moments[i], moments[random.Below(i + 1)]);
    }
    History history;
    for (std::size_t i = 0; i < kOperations; ++i) {
      const auto [from, to] = std::minmax(moments[2 * i], moments[2 * i + 1]);
      const auto value = static_cast<int>(random.Below(3));
      history.push_back(random.Below(2) == 0 ? Write(value, from, to) : Read(value, from, to));
    }
    const bool fits = AnyOrderFits(history);
    if (fits) ++in_order;
    ASSERT_EQ(Check(history), fits ? Linearizability::kYes : Linearizability::kNo)
        << "seed " << seed;
  }
  EXPECT_GT(in_order, kHistories / 10);
  EXPECT_LT(in_order, kHistories - kHistories / 10);
}

}  // namespace
}  // namespace puhui::testing
