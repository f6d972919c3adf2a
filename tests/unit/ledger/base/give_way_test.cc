// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/give_way.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <thread>

namespace puhui {
namespace {

int NiceOfThisThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

// What this thread gets at a time, in nanoseconds: sched_getattr(2). Before Linux 6.12 there is no
// such thing, and 0.
std::uint64_t SliceOfThisThread() {
  constexpr std::size_t kRuntimeAt = 24;
  std::array<char, 48> attributes{};
  if (syscall(SYS_sched_getattr, 0, attributes.data(), attributes.size(), 0U) != 0) return 0;
  std::uint64_t slice = 0;
  std::memcpy(&slice, attributes.data() + kRuntimeAt, sizeof(slice));
  return slice;
}

TEST(GiveWayTest, IsOfTheThreadThatDoesItAndNeverLessThanBefore) {
  const int before = NiceOfThisThread();
  int worker = 0;
  int follower = 0;
  int again = 0;
  std::thread([&] {
    GiveWay(Precedence::kAfterTills);
    worker = NiceOfThisThread();
    GiveWay(Precedence::kLast);
    follower = NiceOfThisThread();
    GiveWay(Precedence::kAfterTills);
    again = NiceOfThisThread();
  }).join();
  EXPECT_GE(worker, 4);
  EXPECT_GE(worker, before);
  EXPECT_GE(follower, 10);
  EXPECT_EQ(again, follower);
  EXPECT_EQ(NiceOfThisThread(), before);
}

// Whether the system lets a thread here ask for nice -5: it is tried.
bool MayAskForMore() {
  bool may = false;
  std::thread([&may] {
    may = setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), -5) == 0;
  }).join();
  return may;
}

TEST(GiveWayTest, WhoComesFirstHasNoLessThanBeforeAndItsThreadsAreAsAnyOther) {
  const std::uint64_t common = SliceOfThisThread();
  const int before = NiceOfThisThread();
  std::thread([&] {
    ComeFirst();
    EXPECT_EQ(sched_getscheduler(0) & ~SCHED_RESET_ON_FORK, SCHED_OTHER);
    EXPECT_EQ(NiceOfThisThread(), MayAskForMore() ? std::min(before, -5) : before);
    const std::uint64_t own = SliceOfThisThread();
    EXPECT_TRUE(common == 0 || own == 100'000) << own;
    std::thread([&] {
      EXPECT_EQ(SliceOfThisThread(), common);
      EXPECT_GE(NiceOfThisThread(), 0);
    }).join();
  }).join();
  EXPECT_EQ(SliceOfThisThread(), common);
}

}  // namespace
}  // namespace puhui
