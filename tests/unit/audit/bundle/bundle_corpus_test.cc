// SPDX-License-Identifier: Apache-2.0
// What tests/fuzz/bundle_fuzz begins from: small bundles that fit, and some that do not. With
// PUHUI_KEEP_CORPUS in the environment they are written anew.
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/adjusted_town.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/closed_town.h"
#include "tests/unit/audit/bundle/granted_town.h"
#include "tests/unit/audit/bundle/paid_town.h"
#include "tests/unit/audit/bundle/part_town.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace puhui::audit::bundle_corpus_test {
namespace {

struct Kept {
  const char* name;
  std::string bytes;
  bool fits;
};

// The hash at the end stays as it was: what comes before it is looked at first.
std::string Changed(std::string bytes, std::size_t at, char bits) {
  bytes[at] = static_cast<char>(bytes[at] ^ bits);
  return bytes;
}

void ApproveNothing(journal::v1::Record& record) { record.clear_payout_run_approved(); }

void NameNoCause(journal::v1::Record& record) { record.mutable_entry()->clear_cause(); }

std::vector<Kept> Corpus() {
  const Sequence size = TownRecords().size();
  const std::string whole = BundleOf(TownRecords(), 1, size);
  const std::string end = BundleOf(TownRecords(), TownRecord("payout"), size);
  const std::size_t segment = end.find("PHJ");
  const std::size_t last_rows = end.size() - 60;
  const std::string part = PartOf(kUnionOne, 4, size);
  const std::vector<journal::v1::Record> closed = ClosedTown();
  const std::vector<journal::v1::Record> miscounted =
      ClosedTown([](journal::v1::PeriodClosed& closing) {
        closing.mutable_counts(0)->set_records(closing.counts(0).records() + 1);
      });
  const auto granted = [](const std::vector<journal::v1::Record>& records, Sequence first) {
    return BundleOf(records, first, records.size());
  };
  return {
      {"whole", whole, true},
      {"beginning", BundleOf(TownRecords(), 1, 3), true},
      {"end", end, true},
      {"other-note", Changed(end, end.find("puhui.example/town"), 1), false},
      {"other-record", Changed(end, segment + 80, 4), false},
      {"other-closing", Changed(end, last_rows, 1), false},
      {"cut", end.substr(0, segment + 40), false},
      {"no-records", end.substr(0, segment - 5), false},
      {"part-of-union", part, true},
      {"part-of-merchant", PartOf(kMerchantThree, 1, size), true},
      {"part-other-closing", Changed(part, part.size() - 60, 1), false},
      {"closed-month", BundleOf(closed, 1, closed.size()), true},
      {"adjusted-fees", BundleOf(AdjustedTown(), 1, AdjustedTown().size()), true},
      {"other-counts", BundleOf(miscounted, 1, miscounted.size()), false},
      {"granted", granted(GrantedTown(), 1), true},
      {"granted-later", granted(GrantedTown(), GrantedRecord("claw-back")), true},
      {"grant-above-the-cap", granted(GrantedAtMidAutumn(kAboveTheCap), 1), false},
      {"run-not-approved", granted(GrantedLie("approval 4", NameNoCause), 1), false},
      {"paid-again", granted(PaidTown(), 1), true},
      {"paid-without-approval", granted(PaidLie("approval 6", ApproveNothing), 1), false},
      {"fee-rounded-up", granted(GrantedLie("sale under the first", RoundTheFeeUp), 1), false},
  };
}

TEST(BundleCorpusTest, IsWhatTheTownMakes) {
  for (const Kept& kept : Corpus()) {
    SCOPED_TRACE(kept.name);
    EXPECT_EQ(VerifyBytes(kept.bytes).ok(), kept.fits);
    const std::string path = absl::StrCat(PUHUI_TEST_BUNDLE_CORPUS, "/", kept.name);
    if (std::getenv("PUHUI_KEEP_CORPUS") != nullptr) {
      std::ofstream(path, std::ios::binary) << kept.bytes;
    }
    std::stringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    EXPECT_TRUE(bytes.str() == kept.bytes) << "write it anew with PUHUI_KEEP_CORPUS=1";
  }
}

}  // namespace
}  // namespace puhui::audit::bundle_corpus_test
