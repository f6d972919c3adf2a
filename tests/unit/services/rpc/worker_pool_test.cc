// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace puhui::services {
namespace {

TEST(WorkerPoolTest, RunsEverythingItTookBeforeItEnds) {
  std::atomic<int> ran{0};
  {
    WorkerPool pool(2, 1'000);
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(pool.TrySubmit([&ran] { ++ran; }));
  }
  EXPECT_EQ(ran, 500);
}

TEST(WorkerPoolTest, RefusesNewWorkWhenFullButNeverTheNextStepOfOld) {
  std::promise<void> started;
  std::promise<void> release;
  std::atomic<int> ran{0};
  {
    WorkerPool pool(1, 2);
    ASSERT_TRUE(pool.TrySubmit([&] {
      started.set_value();
      release.get_future().wait();
    }));
    started.get_future().wait();
    EXPECT_TRUE(pool.TrySubmit([&ran] { ++ran; }));
    EXPECT_TRUE(pool.TrySubmit([&ran] { ++ran; }));
    EXPECT_FALSE(pool.TrySubmit([&ran] { ++ran; }));
    pool.Resume([&ran] { ++ran; });
    release.set_value();
  }
  EXPECT_EQ(ran, 3);
}

}  // namespace
}  // namespace puhui::services
