// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_received.h"

#include "ledger/base/points.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

namespace puhui::audit::bundle_received_test {
namespace {

using Place = BundleReceived::Place;
using Said = BundleReceived::Said;

const char* const kOccasions[] = {"spring-festival", "dragon-boat", "mid-autumn",
                                  "qingming",        "birthday",    "illness"};

// What one member has received, by occasion: a map, and no cleverness.
class Truth {
 public:
  std::int64_t& Of(const std::string& occasion) { return points_[occasion]; }
  Said Say(const std::string& occasion, SeededRandom& random) {
    const bool holiday = !IsLifeEventName(occasion);
    Said said{.asks_occasion = !holiday || random.Below(2) == 0,
              .asks_others = holiday && random.Below(2) == 0,
              .asks_year = holiday && random.Below(2) == 0};
    for (const auto& [name, points] : points_) {
      if (name == occasion) said.for_occasion = points;
      if (IsLifeEventName(name)) continue;
      said.this_year = std::min(said.this_year + points, Points::kMax);
      if (name != occasion && points > 0) ++said.others;
    }
    return said;
  }

 private:
  std::map<std::string, std::int64_t> points_;
};

// A history of which a bundle has what comes from some step on, and a part not all of that.
void FollowHistory(ReceivedKnown known, SeededRandom& random) {
  BundleReceived received(known);
  Truth truth;
  const std::size_t begin = known == ReceivedKnown::kAll ? 0 : random.Below(10);
  const MemberId member(9, 1);
  for (std::size_t step = 0; step < 30; ++step) {
    const Place place{.member = member, .year = 2026, .occasion = kOccasions[random.Below(6)]};
    const bool hidden = known == ReceivedKnown::kLeast && random.Below(4) == 0;
    std::int64_t& had = truth.Of(place.occasion);
    if (had > 0 && random.Below(3) == 0) {
      const auto back = static_cast<std::int64_t>(
          1 + random.Below(static_cast<std::size_t>(std::min<std::int64_t>(had, 1'000))));
      had -= back;
      if (step >= begin && hidden) received.TakeBackOfAny(member, back);
      if (step >= begin && !hidden) {
        ASSERT_OK(received.TakeBack(place, back));
      }
      continue;
    }
    const std::int64_t points = random.Below(20) == 0
                                    ? Points::kMax - had - 1
                                    : static_cast<std::int64_t>(1 + random.Below(50));
    if (points <= 0 || had + points > Points::kMax) continue;
    if (step >= begin && !hidden) {
      const auto followed = received.Follow(place, truth.Say(place.occasion, random));
      ASSERT_OK(followed);
      EXPECT_TRUE(*followed || known != ReceivedKnown::kAll);
      ASSERT_OK(received.Grant(place, points));
    }
    had += points;
  }
}

TEST(BundleReceivedTest, WhatIsTrueFollows) {
  SeededRandom random(20'260'101);
  for (int round = 0; round < testing::Rounds(2'000); ++round) {
    SCOPED_TRACE(round);
    FollowHistory(ReceivedKnown::kAll, random);
    FollowHistory(ReceivedKnown::kOfRange, random);
    FollowHistory(ReceivedKnown::kLeast, random);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(BundleReceivedTest, OfAWholeJournalNothingElseFollows) {
  const MemberId member(9, 1);
  const auto place = [member](const char* occasion) {
    return Place{.member = member, .year = 2026, .occasion = occasion};
  };
  BundleReceived received(ReceivedKnown::kAll);
  ASSERT_OK(received.Grant(place("spring-festival"), 500));
  ASSERT_OK(received.Grant(place("birthday"), 70));
  ASSERT_OK(received.Grant(place("mid-autumn"), 200));
  ASSERT_OK(received.TakeBack(place("mid-autumn"), 200));
  const auto says = [&](std::int64_t occasion, std::int64_t others, std::int64_t year) {
    BundleReceived copy = received;
    return copy.Follow(place("dragon-boat"), {.asks_occasion = true,
                                              .asks_others = true,
                                              .asks_year = true,
                                              .for_occasion = occasion,
                                              .others = others,
                                              .this_year = year});
  };
  EXPECT_OK(says(0, 1, 500));
  EXPECT_THAT(says(1, 1, 500), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(says(0, 0, 500), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(says(0, 2, 500), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(says(0, 1, 499), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(says(0, 1, 570), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(received.TakeBack(place("mid-autumn"), 1), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit::bundle_received_test
