// SPDX-License-Identifier: Apache-2.0
// A bundle with what witnesses have signed beside the latest head: both verifiers find the same
// signatures, and miss the same.
#include "ledger/journal/cosignature.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit::witness_verdicts_test {
namespace {

ledger::SigningKey WitnessKey(char seed) {
  return ledger::SigningKey::FromSeed(std::string(32, seed));
}
std::string NameOf(char seed) { return absl::StrCat("w-", std::string(1, seed)); }

std::string SignedBy(const std::string& seeds, std::string note) {
  for (const char seed : seeds) {
    note =
        ledger::Cosign(note, NameOf(seed), WitnessKey(seed), absl::FromUnixSeconds(1'769'904'000));
  }
  return note;
}

// Up to `last`, with the head of all records but one that is in `final_note`, and the latest head.
std::string WitnessedBundle(Sequence last, const std::string& final_note) {
  const TownJournal journal(TownRecords(), /*per_segment=*/5);
  const Sequence size = TownRecords().size();
  BundleExport bundle(
      &journal,
      {.first = 2, .last = last, .notes = {{size - 1, final_note}, journal.NoteOf(size)}});
  return Drain(bundle);
}

struct WitnessRow {
  const char* name;
  std::string bundle;
  std::string witnesses;  // Whose keys the verifier is given.
  std::size_t quorum;
  const char* verdict;
};

std::vector<WitnessRow> WitnessRows() {
  const TownJournal journal(TownRecords(), /*per_segment=*/5);
  const Sequence size = TownRecords().size();
  const std::string note = journal.NoteOf(size - 1).text;
  const std::string both = SignedBy("12", note);
  const std::string good = WitnessedBundle(size - 1, both);
  std::string bad_note = both;
  char& letter = bad_note[both.size() - 20];
  letter = letter == 'A' ? 'B' : 'A';
  // Its last record is not covered by what witnesses have signed.
  const std::string beyond = WitnessedBundle(size, both);
  return {
      {"nobody asks", good, "", 0, "fits"},
      {"one is asked for", good, "1", 1, "fits"},
      {"both are asked for", good, "12", 2, "fits"},
      {"one of them is another", good, "13", 1, "fits"},
      {"too few", good, "13", 2, "frame 7"},
      {"one who is given twice is one", good, "11", 2, "frame 7"},
      {"who nobody gave a key of", good, "", 1, "frame 7"},
      {"a signature that is bad", WitnessedBundle(size - 1, bad_note), "2", 0, "frame 2"},
      {"a signature that is bad, of a stranger", WitnessedBundle(size - 1, bad_note), "1", 1,
       "fits"},
      {"under a head that does not cover the records", beyond, "12", 2, "frame 7"},
  };
}

TEST(WitnessVerdictsTest, BothVerifiersCountTheSameWitnesses) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string path = directory.Join("town.phb");
  const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
  for (const WitnessRow& row : WitnessRows()) {
    SCOPED_TRACE(row.name);
    WitnessWish wish{.witnesses = {}, .quorum = row.quorum};
    std::string arguments = absl::StrCat("--key ", key, " --quorum ", row.quorum);
    for (const char seed : row.witnesses) {
      wish.witnesses.push_back({NameOf(seed), WitnessKey(seed).verify_key()});
      absl::StrAppend(&arguments, " --witness ",
                      ledger::NoteKeyText(NameOf(seed), ledger::NoteKeyType::kCosignature,
                                          WitnessKey(seed).verify_key()));
    }
    const auto report = VerifyBytes(row.bundle, {TownKey().verify_key()}, wish);
    EXPECT_EQ(report.ok() ? "fits" : PlaceIn(report.status().message()), row.verdict);
    std::ofstream(path, std::ios::binary) << row.bundle;
    EXPECT_EQ(SecondVerdicts(absl::StrCat(arguments, " ", path)),
              std::vector<std::string>{row.verdict});
  }
}

TEST(WitnessVerdictsTest, SaysWhichSignaturesItHasChecked) {
  const WitnessRow row = WitnessRows().front();
  const WitnessWish wish{.witnesses = {{NameOf('2'), WitnessKey('2').verify_key()}}, .quorum = 1};
  const auto report = VerifyBytes(row.bundle, {TownKey().verify_key()}, wish);
  ASSERT_OK(report);
  ASSERT_EQ(report->cosignatures.size(), 2U);
  EXPECT_EQ(report->cosignatures[0].witness, "w-2");
  EXPECT_TRUE(report->cosignatures[0].checked);
  EXPECT_EQ(report->cosignatures[0].time, absl::FromUnixSeconds(1'769'904'000));
  EXPECT_EQ(report->cosignatures[1].witness, "w-1");
  EXPECT_FALSE(report->cosignatures[1].checked);
}

}  // namespace
}  // namespace puhui::audit::witness_verdicts_test
