// SPDX-License-Identifier: Apache-2.0
#include "services/server/process_memory.h"

#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>

namespace puhui::services {
namespace {

// In a process of its own, which cannot go back.
TEST(ProcessMemoryTest, ACoreCanNeitherBeDumpedNorTraced) {
  EXPECT_EXIT(
      {
        rlimit core{};
        const bool kept = KeepMemoryPrivate().ok() && KeepMemoryPrivate().ok();
        const bool none =
            getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
        const bool undumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
        std::_Exit(kept && none && undumpable ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace puhui::services
