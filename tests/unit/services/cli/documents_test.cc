// SPDX-License-Identifier: Apache-2.0
// What the documents tell to run can be run: every command there is, with the flags that it has.
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

// Tests run in the root of the tree.
std::vector<std::string> DocumentPaths() {
  std::set<std::string> paths = {"README.md", "README.zh-CN.md"};
  for (const auto& entry : std::filesystem::directory_iterator("docs")) {
    if (entry.path().extension() == ".md") paths.insert(entry.path().string());
  }
  return {paths.begin(), paths.end()};
}

// The commands of a document without their first word: lines that begin with it, and code amid a
// text, which may go on in the next line. What follows a # is a comment.
std::vector<std::string> CommandsOf(const std::string& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<std::string> commands;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::string_view rest = absl::StripLeadingAsciiWhitespace(line);
    if (absl::ConsumePrefix(&rest, "puhui ")) commands.emplace_back(rest);
  }
  const std::regex code("`puhui ([^`]+)`");
  for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) {
    commands.push_back((*at)[1].str());
  }
  for (std::string& command : commands) command = command.substr(0, command.find(" # "));
  return commands;
}

class DocumentsTest : public CommandsTest {
 protected:
  // What `puhui path… --help` prints.
  const std::string& Help(const std::vector<std::string>& path) {
    const auto [help, is_new] = helps_.try_emplace(path);
    if (is_new) {
      Run(With(path, {"--help"}));
      help->second = out_;
    }
    return help->second;
  }

  static std::string UsageOf(const std::string& help) {
    const std::size_t from = help.find("Usage: ");
    if (from == std::string::npos) return "";
    return help.substr(from, help.find('\n', from) - from);
  }

  bool HasFlag(const std::string& help, const std::string& flag) const {
    for (const std::string& text : {help, global_help_}) {
      for (const char* const after : {" ", "\n", ","}) {
        if (absl::StrContains(text, absl::StrCat(flag, after))) return true;
      }
    }
    return false;
  }

  // What is wrong with a command; nothing when it is as it should be.
  std::string WrongWith(const std::string& command) {
    const std::vector<std::string> words =
        absl::StrSplit(command, absl::ByAnyChar(" \n"), absl::SkipEmpty());
    std::size_t at = 0;
    while (at < words.size() && absl::StartsWith(words[at], "-")) {
      at += words[at] == "--json" ? 1U : 2U;  // The others have a value.
    }
    std::vector<std::string> path;
    std::string help = global_help_;
    for (; absl::StrContains(UsageOf(help), "SUBCOMMAND"); ++at) {
      if (at >= words.size() || words[at] == "…") return "";  // Speaks of all that are there.
      path.push_back(words[at]);
      const std::string& below = Help(path);
      if (UsageOf(below) == UsageOf(help)) return absl::StrCat("no ", absl::StrJoin(path, " "));
      help = below;
    }
    for (const std::string& word : words) {
      if (absl::StartsWith(word, "--") && !HasFlag(help, word)) {
        return absl::StrCat(absl::StrJoin(path, " "), " has no ", word);
      }
    }
    return "";
  }

  std::map<std::vector<std::string>, std::string> helps_;  // Making one takes milliseconds.
  const std::string global_help_ = Help({});
};

TEST_F(DocumentsTest, NameCommandsAndFlagsThatThereAre) {
  std::size_t count = 0;
  for (const std::string& path : DocumentPaths()) {
    for (const std::string& command : CommandsOf(path)) {
      ++count;
      EXPECT_EQ(WrongWith(command), "") << path << ": puhui " << command;
    }
  }
  EXPECT_GE(count, 200U);
}

TEST_F(DocumentsTest, WouldSayWhatIsWrong) {
  EXPECT_EQ(WrongWith("--as merchant settlement get merchants/m-7"), "no settlement get");
  EXPECT_EQ(WrongWith("settlement agree m-7 --hash 4f0c"), "settlement agree has no --hash");
  EXPECT_EQ(WrongWith("pay"), "no pay");
  EXPECT_EQ(WrongWith("--json orders list m-7 --all"), "");
}

}  // namespace
}  // namespace puhui::services
