// SPDX-License-Identifier: Apache-2.0
// How both verifiers are called, and what they end with.
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace puhui::audit::verifier_options_test {
namespace {

struct OptionsRow {
  const char* name;
  std::string arguments;
  int exit_code;
};

int ExitOf(const std::string& program, const std::string& arguments) {
  const int status = std::system(absl::StrCat(program, " ", arguments, " >/dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(VerifierOptionsTest, BothVerifiersEndAlike) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string bundle = directory.Join("town.phb");
  const std::string large = directory.Join("large.chain");
  std::ofstream(bundle, std::ios::binary) << BundleOf(TownRecords(), 1, 3);
  std::ofstream(large, std::ios::binary) << std::string(ledger::kKeyChainBytesMax + 1, 'x');
  const std::string key =
      absl::StrCat("--key ", ledger::VerifierKeyText("puhui.example", TownKey().verify_key()));
  const OptionsRow rows[] = {
      {"fits", absl::StrCat(key, " ", bundle), 0},
      {"no bundle there", absl::StrCat(key, " ", bundle, "s"), 1},
      {"no key", bundle, 2},
      {"no bundle", key, 2},
      {"a key that is none", absl::StrCat("--key a+b+c ", bundle), 2},
      {"no witness is wanted", absl::StrCat(key, " --quorum 0 ", bundle), 0},
      {"more witnesses than there are", absl::StrCat(key, " --quorum 1 ", bundle), 8},
      {"fewer than none", absl::StrCat(key, " --quorum -1 ", bundle), 2},
      {"no number", absl::StrCat(key, " --quorum two ", bundle), 2},
      {"nothing behind it", absl::StrCat(key, " ", bundle, " --quorum"), 2},
      {"a witness's key that is none", absl::StrCat(key, " --witness a+b+c ", bundle), 2},
      {"a chain that is not there", absl::StrCat(key, " --chain ", large, "r ", bundle), 2},
      {"a chain that is too large", absl::StrCat(key, " --chain ", large, " ", bundle), 2},
      {"a chain that is none", absl::StrCat(key, " --chain ", bundle, " ", bundle), 8},
  };
  const std::string second = absl::StrCat("/usr/bin/python3 ", PUHUI_TEST_VERIFY_BUNDLE);
  for (const OptionsRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(ExitOf(PUHUI_TEST_PUHUI_VERIFY, row.arguments), row.exit_code);
    EXPECT_EQ(ExitOf(second, row.arguments), row.exit_code);
  }
}

}  // namespace
}  // namespace puhui::audit::verifier_options_test
