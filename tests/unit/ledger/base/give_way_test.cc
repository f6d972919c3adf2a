// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/give_way.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace puhui {
namespace {

int NiceOfThisThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

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

}  // namespace
}  // namespace puhui
