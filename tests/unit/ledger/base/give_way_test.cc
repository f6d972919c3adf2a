// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/give_way.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace puhui {
namespace {

int NiceOfThisThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

TEST(GiveWayTest, IsOfTheThreadThatDoesIt) {
  const int before = NiceOfThisThread();
  int after = 0;
  int again = 0;
  std::thread([&] {
    GiveWay();
    after = NiceOfThisThread();
    GiveWay();
    again = NiceOfThisThread();
  }).join();
  EXPECT_GE(after, 10);
  EXPECT_GE(after, before);
  EXPECT_EQ(again, after);
  EXPECT_EQ(NiceOfThisThread(), before);
}

}  // namespace
}  // namespace puhui
