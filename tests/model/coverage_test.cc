// SPDX-License-Identifier: Apache-2.0
// The model meets every command that there is.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace puhui::testing {
namespace {

// All files of a directory with that extension, one after the other.
std::string TextIn(const std::string& directory, const std::string& extension) {
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != extension) continue;
    std::ifstream file(entry.path());
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  return text;
}

TEST(ModelCoverageTest, EveryCommandHasAStep) {
  const std::string headers = TextIn("issuing/app", ".h") + TextIn("merchant/app", ".h");
  const std::string steps = TextIn("tests/model", ".cc");
  const std::regex declared("class ([A-Za-z]+Command) final");
  std::set<std::string> commands;
  for (std::sregex_iterator at(headers.begin(), headers.end(), declared), end; at != end; ++at) {
    commands.insert((*at)[1].str());
  }
  EXPECT_GE(commands.size(), 60U);
  for (const std::string& command : commands) {
    EXPECT_NE(steps.find("::" + command + ">("), std::string::npos)
        << command << " is given to no model";
  }
}

}  // namespace
}  // namespace puhui::testing
