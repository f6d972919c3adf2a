// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/version.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace puhui {
namespace {

// Tests run in the root of the tree.
TEST(VersionTest, IsTheOneInTheRootOfTheBuild) {
  std::ifstream file("CMakeLists.txt");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_THAT(text, ::testing::HasSubstr(absl::StrCat("project(puhui VERSION ", kVersion, " ")));
}

}  // namespace
}  // namespace puhui
