// SPDX-License-Identifier: Apache-2.0
// A bundle that is held against a checkpoint that was kept: both verifiers notice a ledger that was
// rolled back or forked, and say when the bundle cannot show it.
#include "ledger/base/check.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/part_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <array>
#include <fstream>
#include <string>
#include <vector>

namespace puhui::audit::growth_verdicts_test {
namespace {

using journal::v1::Record;

// The same first record, and another history from the second on.
std::vector<Record> ForkedTown() {
  std::vector<Record> records = TownRecords();
  records[1].mutable_rule_pack_loaded()->mutable_rules()->set_display_name("Another");
  return records;
}

std::string NoteOf(const std::vector<Record>& records, std::uint64_t size) {
  return TownJournal(records, /*per_segment=*/5).NoteOf(size).text;
}

// The head of the town after three records, by another key or of another ledger.
std::string HeadBy(const ledger::SigningKey& key, absl::string_view origin) {
  ledger::Checkpoint head =
      *ledger::ParseCheckpoint(NoteOf(TownRecords(), 3), TownKey().verify_key());
  head.origin = std::string(origin);
  return ledger::SignCheckpoint(head, "puhui.example", key);
}

ledger::SigningKey OtherKey() { return ledger::SigningKey::FromSeed(std::string(32, 'o')); }

// What a bundle comes to, when all of it fits.
Growth GrowthOf(const std::string& bundle, const std::string& earlier) {
  absl::string_view rest = bundle;
  const auto source = [&rest](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    const std::size_t got = rest.copy(into, size);
    rest.remove_prefix(got);
    return got;
  };
  const auto report = VerifyBundle(source, {TownKey().verify_key()}, {},
                                   *ledger::ParseCheckpoint(earlier, TownKey().verify_key()));
  PUHUI_CHECK_OK(report.status());
  PUHUI_CHECK(report->growth.has_value());
  return *report->growth;
}

TEST(GrowthVerdictsTest, EverySizeFromBeforeTheRecordsToTheirEndIsShown) {
  const std::vector<Record> town = TownRecords();
  const Sequence size = town.size();
  for (const Sequence first : {Sequence{1}, Sequence{2}, Sequence{7}, size}) {
    const std::string bundle = BundleOf(town, first, size);
    for (Sequence earlier = 0; earlier <= size; ++earlier) {
      const bool shown = earlier == 0 || earlier + 1 >= first;
      EXPECT_EQ(GrowthOf(bundle, NoteOf(town, earlier)),
                shown ? Growth::kGoesOn : Growth::kUndecided)
          << first << " " << earlier;
    }
  }
}

TEST(GrowthVerdictsTest, AForkIsNoticedAtEverySizeFromItOn) {
  const Sequence size = TownRecords().size();
  const std::string fork = BundleOf(ForkedTown(), 1, size);
  EXPECT_EQ(GrowthOf(fork, NoteOf(TownRecords(), 1)), Growth::kGoesOn);
  for (Sequence earlier = 2; earlier <= size; ++earlier) {
    EXPECT_EQ(GrowthOf(fork, NoteOf(TownRecords(), earlier)), Growth::kForked) << earlier;
  }
}

TEST(GrowthVerdictsTest, NobodyIsToldWhoDoesNotAsk) {
  const auto report = VerifyBytes(BundleOf(TownRecords(), 1, 3));
  ASSERT_OK(report);
  EXPECT_FALSE(report->growth.has_value());
}

struct GrowthRow {
  const char* name;
  std::string bundle;
  std::string earlier;
  int exit_code;
  const char* said;  // How the line begins that tells it.
};

std::vector<GrowthRow> GrowthRows() {
  const std::vector<Record> town = TownRecords();
  const Sequence size = town.size();
  const std::string whole = BundleOf(town, 1, size);
  const std::string late = BundleOf(town, 5, size);
  const std::string short_of_its_head = BundleOf(town, 1, 3);
  const std::vector<Record> cut(town.begin(), town.end() - 2);
  const std::string fork = BundleOf(ForkedTown(), 1, size);
  const std::string part = PartOf(kMerchantThree, 1, PeopledTown().size());
  const std::string good = NoteOf(town, 3);
  std::string damaged = good;
  damaged[good.size() - 20] = damaged[good.size() - 20] == 'A' ? 'B' : 'A';
  std::string misfit = fork;
  misfit[fork.size() - 50] = static_cast<char>(misfit[fork.size() - 50] ^ 1);
  return {
      {"its own head", whole, NoteOf(town, size), 0, "goes on from the checkpoint of "},
      {"amid its records", whole, good, 0, "goes on from the checkpoint of 3 records"},
      {"from where it begins", late, NoteOf(town, 4), 0, "goes on from the checkpoint of 4 "},
      {"the empty ledger", late, NoteOf(town, 0), 0, "goes on from the checkpoint of 0 "},
      {"from before it begins", late, good, 10, "CANNOT BE DECIDED: the bundle does not show "},
      {"behind its records", short_of_its_head, NoteOf(town, size - 1), 10, "CANNOT BE DECIDED: "},
      {"the head, far behind its records", short_of_its_head, NoteOf(town, size), 0, "goes on"},
      {"of a part", part, NoteOf(PeopledTown(), 3), 10, "CANNOT BE DECIDED: "},
      {"of a part, its head", part, NoteOf(PeopledTown(), PeopledTown().size()), 0, "goes on"},
      {"rolled back", BundleOf(cut, 1, cut.size()), NoteOf(town, size), 9,
       "DOES NOT GO ON: rolled back"},
      {"forked", fork, good, 9, "DOES NOT GO ON: a fork"},
      {"a fork of equal size", fork, NoteOf(town, size), 9, "DOES NOT GO ON: a fork"},
      {"another ledger", whole, HeadBy(TownKey(), "elsewhere"), 9, "DOES NOT GO ON: another"},
      {"a bundle that does not fit", misfit, good, 8, "DOES NOT FIT: frame "},
      {"by another key", whole, HeadBy(OtherKey(), "puhui.example/town"), 8,
       "DOES NOT FIT: earlier checkpoint: "},
      {"damaged", whole, damaged, 8, "DOES NOT FIT: earlier checkpoint: "},
      {"cut short", whole, good.substr(0, good.size() - 1), 8, "DOES NOT FIT: earlier checkpoint"},
      {"an empty file", whole, "", 8, "DOES NOT FIT: earlier checkpoint: "},
      {"a file that is too large", whole, std::string(ledger::kCheckpointBytesMax + 1, 'x'), 2, ""},
  };
}

struct Said {
  std::string text;
  int exit_code = -1;
};

Said Call(const std::string& program, const std::string& arguments) {
  Said said;
  FILE* const out = popen(absl::StrCat(program, " ", arguments, " 2>/dev/null").c_str(), "r");
  if (out == nullptr) return said;
  std::array<char, 4096> some{};
  for (std::size_t got = 1; got != 0;) {
    got = fread(some.data(), 1, some.size(), out);
    said.text.append(some.data(), got);
  }
  const int status = pclose(out);
  if (WIFEXITED(status)) said.exit_code = WEXITSTATUS(status);
  return said;
}

bool HasLine(const std::string& text, absl::string_view begin) {
  return absl::StartsWith(text, begin) || absl::StrContains(text, absl::StrCat("\n", begin));
}

void ExpectOfBoth(const std::string& arguments, int exit_code, absl::string_view line) {
  const std::string second = absl::StrCat("/usr/bin/python3 ", PUHUI_TEST_VERIFY_BUNDLE);
  for (const std::string& program : {std::string(PUHUI_TEST_PUHUI_VERIFY), second}) {
    const Said said = Call(program, arguments);
    EXPECT_EQ(said.exit_code, exit_code) << program;
    EXPECT_TRUE(HasLine(said.text, line)) << program << ": " << said.text;
    EXPECT_EQ(HasLine(said.text, "fits: "), exit_code == 0) << program;
  }
}

std::string KeyOption(const ledger::SigningKey& key) {
  return absl::StrCat("--key ", ledger::VerifierKeyText("puhui.example", key.verify_key()));
}

TEST(GrowthVerdictsTest, BothVerifiersNoticeALedgerThatDoesNotGoOn) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string bundle = directory.Join("town.phb");
  const std::string earlier = directory.Join("earlier");
  for (const GrowthRow& row : GrowthRows()) {
    SCOPED_TRACE(row.name);
    std::ofstream(bundle, std::ios::binary) << row.bundle;
    std::ofstream(earlier, std::ios::binary) << row.earlier;
    ExpectOfBoth(absl::StrCat(KeyOption(TownKey()), " --after ", earlier, " ", bundle),
                 row.exit_code, row.said);
  }
  ExpectOfBoth(absl::StrCat(KeyOption(TownKey()), " --after ", earlier, "s ", bundle), 2, "");
}

// The key was replaced since the checkpoint was kept.
TEST(GrowthVerdictsTest, AnEarlierCheckpointMayBeByAnEarlierKey) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string bundle = directory.Join("town.phb");
  const std::string earlier = directory.Join("earlier");
  const std::string chain = directory.Join("checkpoint.chain");
  std::ofstream(bundle, std::ios::binary) << BundleOf(TownRecords(), 1, TownRecords().size());
  std::ofstream(earlier, std::ios::binary) << HeadBy(OtherKey(), "puhui.example/town");
  std::ofstream(chain, std::ios::binary) << ledger::SignSuccession(
      2, "puhui.example", OtherKey(), TownKey(), absl::FromUnixMicros(1'735'689'600'000'001));
  const std::string rest = absl::StrCat(" --after ", earlier, " ", bundle);
  ExpectOfBoth(absl::StrCat(KeyOption(OtherKey()), " --chain ", chain, rest), 0, "goes on from ");
  ExpectOfBoth(absl::StrCat(KeyOption(TownKey()), rest), 8, "DOES NOT FIT: earlier checkpoint: ");
}

}  // namespace
}  // namespace puhui::audit::growth_verdicts_test
