// SPDX-License-Identifier: Apache-2.0
// Two verifiers that share no line give the same verdicts, on bundles that fit and on others.
#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <gtest/gtest.h>
#include <stdio.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace puhui::audit {
namespace {

// "record 17" or "frame 3" of what is said of a bundle that does not fit; "fits" of another.
std::string PlaceIn(absl::string_view text) { return std::string(text.substr(0, text.find(':'))); }

std::string VerdictOn(const std::string& bytes) {
  const auto report = VerifyBytes(bytes);
  return report.ok() ? "fits" : PlaceIn(report.status().message());
}

// The library that checks signatures in Python.
bool HasPython() {
  return std::system("/usr/bin/python3 -c 'import cryptography' 2>/dev/null") == 0;
}

class BundleShelf {
 public:
  void Put(const std::string& bytes) {
    paths_.push_back(directory_.Join(absl::StrCat(paths_.size(), ".phb")));
    std::ofstream(paths_.back(), std::ios::binary) << bytes;
    wanted_.push_back(VerdictOn(bytes));
  }
  const std::vector<std::string>& wanted() const { return wanted_; }

  // What deploy/examples/verify_bundle.py says of each.
  std::vector<std::string> SecondVerdicts() const {
    const std::string key = directory_.Join("checkpoint.vkey");
    std::ofstream(key) << ledger::VerifierKeyText("puhui.example", TownKey().verify_key()) << "\n";
    std::string line = absl::StrCat("/usr/bin/python3 ", PUHUI_TEST_VERIFY_BUNDLE, " --key ", key);
    for (const std::string& path : paths_) absl::StrAppend(&line, " ", path);
    std::string said;
    FILE* const program = popen(line.c_str(), "r");
    std::array<char, 4096> part{};
    for (std::size_t got = 1; program != nullptr && got != 0;) {
      got = fread(part.data(), 1, part.size(), program);
      said.append(part.data(), got);
    }
    if (program != nullptr) pclose(program);
    std::vector<std::string> verdicts;
    for (absl::string_view text : absl::StrSplit(said, '\n')) {
      if (absl::ConsumePrefix(&text, "DOES NOT FIT: ")) {
        verdicts.push_back(PlaceIn(text));
      } else if (absl::StartsWith(text, "fits: ")) {
        verdicts.emplace_back("fits");
      }
    }
    return verdicts;
  }

 private:
  TempDir directory_;
  std::vector<std::string> paths_;
  std::vector<std::string> wanted_;
};

TEST(SecondVerifierTest, AgreesOnWhateverRangeThereIs) {
  ASSERT_TRUE(HasPython()) << "no python3-cryptography: deploy/install_packages.sh --test";
  BundleShelf shelf;
  const Sequence size = TownRecords().size();
  for (Sequence first = 1; first <= size; ++first) {
    shelf.Put(BundleOf(TownRecords(), first, size));
    EXPECT_EQ(shelf.wanted().back(), "fits");
  }
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

TEST(SecondVerifierTest, AgreesOnWhatDoesNotFit) {
  ASSERT_TRUE(HasPython()) << "no python3-cryptography: deploy/install_packages.sh --test";
  BundleShelf shelf;
  const std::string fits = BundleOf(TownRecords(), 1, TownRecords().size());
  for (std::size_t at = 0; at < fits.size(); at += 41) {
    std::string changed = fits;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    shelf.Put(changed);
    EXPECT_NE(shelf.wanted().back(), "fits") << at;
  }
  for (std::size_t size = 0; size < fits.size(); size += 211) shelf.Put(fits.substr(0, size));
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

}  // namespace
}  // namespace puhui::audit
