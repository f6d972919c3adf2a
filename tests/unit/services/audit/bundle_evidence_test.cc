// SPDX-License-Identifier: Apache-2.0
// A bundle is made of records that are sound, whatever became of the tiles beside them.
#include "audit/bundle/bundle_export.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/prover.h"
#include "puhui/journal/v1/record.pb.h"
#include "services/audit/store_evidence.h"
#include "tests/support/status_matchers.h"
#include "tests/support/stored_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services::bundle_evidence_test {
namespace {

constexpr Sequence kRecords = 700;

ledger::SigningKey LedgerKey() { return ledger::SigningKey::FromSeed(std::string(32, 'l')); }

std::string RecordBytes(Sequence sequence) {
  journal::v1::Record record;
  record.set_sequence(sequence);
  record.set_time_micros(static_cast<std::int64_t>(sequence));
  record.mutable_request()->set_records(1);
  return record.SerializeAsString();
}

struct Exported {
  std::string bytes;
  int damages = 0;
};
// The records from 300 on, with nothing in memory of how the tiles were before.
Exported Export(const ledger::StoredLog& log) {
  Exported exported;
  ledger::Prover prover([&exported](const absl::Status& damage) {
    EXPECT_THAT(damage, HasCode(absl::StatusCode::kDataLoss));
    ++exported.damages;
  });
  const StoreEvidence evidence(log.store().TakeSnapshot(), &prover, log.head());
  audit::BundleExport bundle(
      &evidence, {.first = 300, .last = 650, .notes = {{kRecords, log.Note(LedgerKey())}}});
  while (!bundle.ended()) {
    const auto part = bundle.Next();
    EXPECT_OK(part);
    if (!part.ok()) break;
    exported.bytes += *part;
  }
  return exported;
}

TEST(BundleEvidenceTest, OverADamagedTileItIsTheSameAndTheDamageIsTold) {
  ledger::StoredLog log;
  log.Grow(kRecords, RecordBytes);
  const Exported sound = Export(log);
  EXPECT_EQ(sound.damages, 0);
  absl::string_view rest = sound.bytes;
  const auto report = audit::VerifyBundle(
      [&rest](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
        const std::size_t got = std::min(size, rest.size());
        std::copy_n(rest.data(), got, into);
        rest.remove_prefix(got);
        return got;
      },
      {LedgerKey().verify_key()});
  ASSERT_OK(report);
  EXPECT_EQ(report->records, 351U);

  ASSERT_OK_AND_ASSIGN(const std::string other, ledger::ReadTile(log.store(), {0, 1}));
  log.Put({0, 0}, other);
  const Exported damaged = Export(log);
  EXPECT_EQ(damaged.bytes, sound.bytes);
  EXPECT_GT(damaged.damages, 0);

  log.Remove({0, 0});
  const Exported absent = Export(log);
  EXPECT_EQ(absent.bytes, sound.bytes);
  EXPECT_GT(absent.damages, 0);
}

}  // namespace
}  // namespace puhui::services::bundle_evidence_test
