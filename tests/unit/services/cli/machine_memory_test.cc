// SPDX-License-Identifier: Apache-2.0
#include "services/cli/machine_memory.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace puhui::services {
namespace {

TEST(MachineMemoryTest, IsThatOfTheMachineOrOfItsGroupWhenThatIsLess) {
  const TempDir directory;
  const std::string file = directory.path() + "/memory.max";
  const auto with = [&file](const std::string& text) {
    std::ofstream(file) << text << "\n";
    return MachineMemoryBytes(file);
  };
  const std::uint64_t machine = MachineMemoryBytes(directory.path() + "/nothing");
  EXPECT_GE(machine, std::uint64_t{1} << 26);
  EXPECT_EQ(with("max"), machine);
  EXPECT_EQ(with("1048576"), 1'048'576U);
  EXPECT_EQ(with("9223372036854771712"), machine);
}

}  // namespace
}  // namespace puhui::services
