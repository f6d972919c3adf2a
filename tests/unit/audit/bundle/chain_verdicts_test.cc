// SPDX-License-Identifier: Apache-2.0
// A bundle whose checkpoint a later or an earlier key signed: both verifiers take a chain, or
// refuse it, for the same key of it.
#include "audit/bundle/verifier_key.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace puhui::audit::chain_verdicts_test {
namespace {

using ledger::SigningKey;

SigningKey KeyOf(char seed) {
  return seed == 'T' ? TownKey() : SigningKey::FromSeed(std::string(32, seed));
}

std::string Link(std::uint32_t number, char earlier, char later) {
  return ledger::SignSuccession(number, "puhui.example", KeyOf(earlier), KeyOf(later),
                                absl::FromUnixMicros(1'735'689'600'000'001));
}

// What somebody writes who has the later key alone.
std::string ForgedLink(std::uint32_t number, char earlier, char later) {
  const std::string own = Link(number, later, later);
  std::string link = Link(number, earlier, later);
  const std::size_t signature = link.find("\n\n") + 2;
  const std::size_t own_signature = own.find("\n\n") + 2;
  const std::size_t base64 = link.find(' ', link.find(' ', signature) + 1) + 1;
  const std::size_t own_base64 = own.find(' ', own.find(' ', own_signature) + 1) + 1;
  // The hash of the key's name, in the first characters, stays the earlier one's.
  return link.replace(base64 + 8, 80, own.substr(own_base64 + 8, 80));
}

struct ChainRow {
  const char* name;
  std::string chain;
  char trusted;
  const char* verdict;
};

// The town's key, T, signed the bundle.
std::vector<ChainRow> ChainRows() {
  const std::string good = Link(2, 'a', 'T') + Link(3, 'T', 'c');
  const char* const untrusted = "the chain of checkpoint keys does not have the trusted key in it";
  std::string changed = good;
  changed[good.size() / 2 + 200] = changed[good.size() / 2 + 200] == 'A' ? 'B' : 'A';
  return {
      {"trusts the signer", "", 'T', "fits"},
      {"trusts another", "", 'a', "frame 2"},
      {"from the earlier key", good, 'a', "fits"},
      {"from the signer", good, 'T', "fits"},
      {"from the later key", good, 'c', "fits"},
      {"from no key of the chain", good, 'x', untrusted},
      {"a chain that does not reach the signer", Link(2, 'a', 'b'), 'a', "frame 2"},
      {"backwards", Link(2, 'T', 'c') + Link(3, 'a', 'T'), 'a', "key 3 of the chain"},
      {"numbers backwards", Link(3, 'T', 'c') + Link(2, 'a', 'T'), 'a', "key 2 of the chain"},
      {"two links from one key", Link(2, 'a', 'b') + Link(3, 'a', 'T'), 'a', "key 3 of the chain"},
      {"not by the earlier key", ForgedLink(2, 'a', 'T'), 'a', "key 2 of the chain"},
      {"a letter of it changed", changed, 'a', "key 3 of the chain"},
      {"cut short", good.substr(0, good.size() - 1), 'a', "key 2 of the chain"},
      {"something behind it", good + "x", 'a', "key 3 of the chain"},
      {"no chain at all", "x", 'a', "key 1 of the chain"},
  };
}

std::string FirstVerdict(const ChainRow& row, absl::string_view bundle) {
  const auto verdict = [&]() -> absl::Status {
    PUHUI_ASSIGN_OR_RETURN(const auto keys,
                           KeysOfChain(row.chain, {KeyOf(row.trusted).verify_key()}));
    return VerifyBytes(bundle, keys).status();
  }();
  return verdict.ok() ? "fits" : PlaceIn(verdict.message());
}

TEST(ChainVerdictsTest, BothVerifiersFollowAChainAndNameTheKeyThatDoesNotFit) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string bundle = BundleOf(TownRecords(), 1, TownRecords().size());
  const std::string path = directory.Join("town.phb");
  const std::string chain_path = directory.Join("checkpoint.chain");
  std::ofstream(path, std::ios::binary) << bundle;
  for (const ChainRow& row : ChainRows()) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(FirstVerdict(row, bundle), row.verdict);
    std::ofstream(chain_path, std::ios::binary) << row.chain;
    const std::string key =
        ledger::VerifierKeyText("puhui.example", KeyOf(row.trusted).verify_key());
    EXPECT_EQ(SecondVerdicts(absl::StrCat("--key ", key, " --chain ", chain_path, " ", path)),
              std::vector<std::string>{row.verdict});
  }
}

TEST(ChainVerdictsTest, BothVerifiersFollowAChainOfAThousandLinksAndNoLongerOne) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string bundle = BundleOf(TownRecords(), 1, 3);
  const std::string path = directory.Join("town.phb");
  const std::string chain_path = directory.Join("checkpoint.chain");
  std::ofstream(path, std::ios::binary) << bundle;
  ChainRow row{"long", "", 'T', "fits"};
  for (std::uint32_t number = 2; number < ledger::kKeySuccessionsMax + 2; ++number) {
    row.chain += number % 2 == 0 ? Link(number, 'T', 'c') : Link(number, 'c', 'T');
  }
  const std::string arguments =
      absl::StrCat("--key ", ledger::VerifierKeyText("puhui.example", TownKey().verify_key()),
                   " --chain ", chain_path, " ", path);
  const auto expect_both_say = [&](const std::string& verdict) {
    EXPECT_EQ(FirstVerdict(row, bundle), verdict);
    std::ofstream(chain_path, std::ios::binary) << row.chain;
    EXPECT_EQ(SecondVerdicts(arguments), std::vector<std::string>{verdict});
  };
  expect_both_say("fits");
  row.chain += Link(ledger::kKeySuccessionsMax + 2, 'T', 'c');
  expect_both_say(absl::StrCat("key ", ledger::kKeySuccessionsMax + 1, " of the chain"));
}

TEST(ChainVerdictsTest, OneOfSeveralTrustedKeysIsEnough) {
  const auto keys =
      KeysOfChain(Link(2, 'a', 'T'), {KeyOf('x').verify_key(), KeyOf('a').verify_key()});
  ASSERT_OK(keys);
  EXPECT_OK(VerifyBytes(BundleOf(TownRecords(), 1, TownRecords().size()), *keys));
}

}  // namespace
}  // namespace puhui::audit::chain_verdicts_test
