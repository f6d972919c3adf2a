// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/follower.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace puhui::ledger {
namespace {

TEST(FollowerTest, FollowsAtOnceWhenItIsWoken) {
  std::atomic<int> times{0};
  std::promise<void> first;
  std::promise<void> second;
  Follower follower({.interval = absl::Hours(1),
                     .follow =
                         [&] {
                           const int time = ++times;
                           if (time == 1) first.set_value();
                           if (time == 2) second.set_value();
                           return absl::OkStatus();
                         },
                     .failed = [](const absl::Status& status) { ADD_FAILURE() << status; }});
  follower.Start();
  first.get_future().wait();
  follower.Wake();
  second.get_future().wait();
  follower.Stop();
  EXPECT_GE(times.load(), 2);
  EXPECT_TRUE(follower.Stopping());
}

TEST(FollowerTest, SaysAFailureOnceUntilItWorksAgain) {
  std::vector<absl::Status> outcomes = {absl::UnavailableError("disk"),
                                        absl::UnavailableError("disk"),
                                        absl::CancelledError(),
                                        absl::UnavailableError("other"),
                                        absl::OkStatus(),
                                        absl::UnavailableError("other")};
  std::size_t next = 0;
  std::promise<void> over;
  std::vector<std::string> said;
  Follower follower(
      {.interval = absl::Microseconds(1),
       .follow =
           [&] {
             if (next == outcomes.size()) {
               over.set_value();
               ++next;
             }
             return next < outcomes.size() ? outcomes[next++] : absl::OkStatus();
           },
       .failed = [&](const absl::Status& status) { said.emplace_back(status.message()); }});
  follower.Start();
  over.get_future().wait();
  follower.Stop();
  EXPECT_EQ(said, (std::vector<std::string>{"disk", "other", "other"}));
}

// What fails may be long, as to build anew what was damaged, and many may ask for it.
TEST(FollowerTest, AfterAFailureNobodyHurriesIt) {
  std::atomic<int> times{0};
  std::promise<void> failed;
  Follower follower({.interval = absl::Hours(1),
                     .follow =
                         [&] {
                           ++times;
                           return absl::UnavailableError("disk");
                         },
                     .failed = [&](const absl::Status& /*status*/) { failed.set_value(); }});
  follower.Start();
  failed.get_future().wait();
  for (int i = 0; i < 1'000; ++i) {
    follower.Wake();
    std::this_thread::yield();
  }
  follower.Stop();
  EXPECT_EQ(times.load(), 1);
}

TEST(FollowerTest, StopsBeforeItWasStarted) {
  Follower follower({});
  follower.Stop();
  follower.Stop();
}

}  // namespace
}  // namespace puhui::ledger
