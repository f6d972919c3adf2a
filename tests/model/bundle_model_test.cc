// SPDX-License-Identifier: Apache-2.0
// Whatever a ledger that keeps its rules comes to, an auditor finds that its bundles fit.
#include "audit/bundle/bundle_export.h"
#include "audit/bundle/part_export.h"
#include "audit/bundle/part_scope.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/journal_reader.h"
#include "services/audit/part_concern.h"
#include "tests/model/ledger_under_test.h"
#include "tests/model/random_driver.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

using audit::BundleRange;
using audit::BundleReport;
using audit::BundleScope;
using audit::ScopeKind;
using JournalRecords = std::vector<journal::v1::Record>;

constexpr int kRunSteps = 1'200;

JournalRecords RecordsOfRun(std::uint64_t seed) {
  RulesUnderTest ledger;
  RandomDriver driver(&ledger, seed);
  driver.Settle();
  for (int step = 0; step < kRunSteps; ++step) driver.Step();
  JournalRecords records;
  EXPECT_OK(ledger::ReadRecords(
      ledger.store(), 1, SIZE_MAX,
      [&records](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(records.emplace_back(), ledger::ParseRecord(sequence, bytes));
        return true;
      }));
  return records;
}

std::string Made(audit::BundleMaker& bundle) {
  std::string bytes;
  while (!bundle.ended()) {
    const auto next = bundle.Next();
    EXPECT_OK(next);
    if (!next.ok()) break;
    bytes += *next;
  }
  return bytes;
}

// Bundles of the journal of one run. Its records are put into other segments than the run's, under
// a key that the test has.
class RunBundles {
 public:
  struct Bundle {
    std::string name;
    BundleRange range;
    std::string bytes;
  };

  explicit RunBundles(std::uint64_t seed)
      : random_(seed), records_(RecordsOfRun(seed)), journal_(records_, /*per_segment=*/3) {}

  Bundle Whole() { return Of(Range(1, size())); }
  Bundle Later() { return Of(Range(1 + random_.Below(size()), size())); }
  Bundle Between() { return Of(AnyRange()); }
  // Of a union or a merchant that there is at last.
  Bundle Part(ScopeKind kind) {
    const BundleRange range = AnyRange();
    const BundleScope scope = AnyScope(kind);
    audit::PartExport part(&journal_, range, scope,
                           std::make_unique<services::FactsConcern>(&journal_));
    const std::string name =
        absl::StrCat(kind == ScopeKind::kUnion ? "union " : "merchant ", scope.number);
    return Named(name, range, Made(part));
  }

  std::vector<Bundle> OfEachKind() {
    std::vector<Bundle> bundles;
    bundles.push_back(Whole());
    bundles.push_back(Later());
    bundles.push_back(Between());
    bundles.push_back(Part(ScopeKind::kUnion));
    bundles.push_back(Part(ScopeKind::kMerchant));
    return bundles;
  }

 private:
  Sequence size() const { return records_.size(); }
  // With a checkpoint of some earlier moment too.
  BundleRange Range(Sequence first, Sequence last) {
    const Sequence earlier = 1 + random_.Below(size() - 1);
    return {first, last, {journal_.NoteOf(earlier), journal_.NoteOf(size())}};
  }
  BundleRange AnyRange() {
    const Sequence first = 1 + random_.Below(size());
    return Range(first, first + random_.Below(size() - first + 1));
  }
  BundleScope AnyScope(ScopeKind kind) {
    std::vector<std::uint64_t> numbers;
    for (const journal::v1::Record& record : records_) {
      if (kind == ScopeKind::kUnion && record.has_union_created()) {
        numbers.push_back(record.union_created().number());
      } else if (kind == ScopeKind::kMerchant && record.has_merchant_registered()) {
        numbers.push_back(record.merchant_registered().number());
      }
    }
    return {kind, numbers[random_.Below(numbers.size())]};
  }
  Bundle Of(const BundleRange& range) const {
    audit::BundleExport bundle(&journal_, range);
    return Named("all", range, Made(bundle));
  }
  static Bundle Named(const std::string& of, const BundleRange& range, std::string bytes) {
    return {absl::StrCat(of, " of records ", range.first, " to ", range.last), range,
            std::move(bytes)};
  }

  SeededRandom random_;
  const JournalRecords records_;
  const audit::TownJournal journal_;
};

// What the bundles of some runs had in them that a verifier looks at.
struct LookedAt {
  std::uint64_t purchases = 0, given_back = 0, authorizations = 0, capped = 0, payouts = 0;
  std::uint64_t fees = 0, caps = 0, statements = 0, months = 0, records_of_parts = 0;
  std::uint64_t bound = 0, approved = 0, planned = 0, fees_back = 0;

  void Add(const BundleReport& report) {
    purchases += report.sales.purchases;
    given_back += report.sales.given_back;
    authorizations += report.sales.authorizations;
    capped += report.sales.capped;
    payouts += report.sales.payouts;
    fees += report.fees.checked;
    caps += report.caps.followed;
    bound += report.runs.bound;
    approved += report.plans.approved;
    planned += report.plans.planned;
    fees_back += report.returns.followed;
    statements += report.statements.statements;
    months += report.periods.whole;
    if (report.scope.has_value()) records_of_parts += report.records;
  }
  // Bundles in which there is nothing prove nothing.
  void ExpectAll() const {
    EXPECT_GT(purchases, 0U);
    EXPECT_GT(given_back, 0U);
    EXPECT_GT(authorizations, 0U);
    EXPECT_GT(capped, 0U);
    EXPECT_GT(payouts, 0U);
    EXPECT_GT(fees, 0U);
    EXPECT_GT(caps, 0U);
    EXPECT_GT(bound, 0U);
    EXPECT_GT(approved, 0U);
    EXPECT_GT(planned, 0U);
    EXPECT_GT(fees_back, 0U);
    EXPECT_GT(statements, 0U);
    EXPECT_GT(months, 0U);
    EXPECT_GT(records_of_parts, 0U);
  }
};

void ExpectFitting(std::uint64_t seed, LookedAt* looked_at) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RunBundles run(seed);
  for (const RunBundles::Bundle& bundle : run.OfEachKind()) {
    SCOPED_TRACE(bundle.name);
    const auto report = audit::VerifyBytes(bundle.bytes);
    ASSERT_OK(report);
    EXPECT_EQ(report->header.first, bundle.range.first);
    EXPECT_EQ(report->header.last, bundle.range.last);
    EXPECT_EQ(report->checkpoints, bundle.range.notes.size());
    if (!report->scope.has_value()) {
      EXPECT_EQ(report->records, bundle.range.last - bundle.range.first + 1);
    }
    looked_at->Add(*report);
  }
}

TEST(BundleModelTest, BundlesOfRandomRunsFit) {
  constexpr std::uint64_t kRuns = Rounds(60);
  LookedAt looked_at;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    ASSERT_NO_FATAL_FAILURE(ExpectFitting(seed, &looked_at));
  }
  if (kOneRoundIn == 1) looked_at.ExpectAll();
}

TEST(BundleModelTest, BundlesOfAFreshSeedFit) {
  const std::uint64_t seed = std::random_device()();
  std::cout << "fresh seed " << seed << "\n";
  constexpr std::uint64_t kRuns = Rounds(10);
  LookedAt looked_at;
  for (std::uint64_t i = 0; i < kRuns; ++i) {
    ASSERT_NO_FATAL_FAILURE(ExpectFitting(seed + i, &looked_at));
  }
}

TEST(BundleModelTest, TheSecondVerifierFindsTheSame) {
  ASSERT_TRUE(audit::HasSecondVerifier())
      << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string key = directory.Join("checkpoint.vkey");
  std::ofstream(key) << ledger::VerifierKeyText("puhui.example", audit::TownKey().verify_key())
                     << "\n";
  std::string arguments = absl::StrCat("--key ", key);
  std::vector<std::string> names;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    RunBundles run(seed);
    for (const RunBundles::Bundle& bundle : run.OfEachKind()) {
      const std::string path = directory.Join(absl::StrCat(names.size(), ".phb"));
      std::ofstream(path, std::ios::binary) << bundle.bytes;
      absl::StrAppend(&arguments, " ", path);
      names.push_back(absl::StrCat("seed ", seed, ", ", bundle.name));
    }
  }
  const std::vector<std::string> verdicts = audit::SecondVerdicts(arguments);
  ASSERT_EQ(verdicts.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(verdicts[i], "fits") << names[i];
}

}  // namespace
}  // namespace puhui::testing
