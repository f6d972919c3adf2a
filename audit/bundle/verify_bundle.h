// SPDX-License-Identifier: Apache-2.0
// Checks a bundle from its bytes and the keys of whoever signs checkpoints, and from nothing else.
#ifndef PUHUI_AUDIT_BUNDLE_VERIFY_BUNDLE_H_
#define PUHUI_AUDIT_BUNDLE_VERIFY_BUNDLE_H_

#include "audit/bundle/bundle_caps.h"
#include "audit/bundle/bundle_fees.h"
#include "audit/bundle/bundle_format.h"
#include "audit/bundle/bundle_growth.h"
#include "audit/bundle/bundle_payouts.h"
#include "audit/bundle/bundle_periods.h"
#include "audit/bundle/bundle_plans.h"
#include "audit/bundle/bundle_returns.h"
#include "audit/bundle/bundle_runs.h"
#include "audit/bundle/bundle_sales.h"
#include "audit/bundle/bundle_statements.h"
#include "audit/bundle/bundle_witnesses.h"
#include "audit/bundle/frame_stream.h"
#include "audit/bundle/part_scope.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

inline constexpr std::size_t kBundleCheckpointsMax = 16;

// What was checked, in figures.
struct BundleReport {
  BundleHeader header;
  absl::optional<BundleScope> scope;  // Of a part; nobody can show that its records are all.
  std::string scope_name;             // Such as "unions/fh-1", where a record of the part says so.
  std::uint64_t owners = 0;           // Of a part: rows of whose accounts it is.
  ledger::Checkpoint checkpoint;      // The last: its tree is the one of all proofs.
  std::uint64_t bytes = 0;
  std::uint64_t checkpoints = 0;
  std::vector<FoundCosignature> cosignatures;
  absl::optional<Growth> growth;  // Since an earlier checkpoint, if one was given.
  std::uint64_t proofs = 0;       // Of consistency and inclusion.
  std::uint64_t segments = 0;
  std::uint64_t records = 0;
  std::uint64_t earlier_records = 0;
  std::uint64_t entries = 0;
  std::uint64_t postings = 0;
  std::uint64_t accounts = 0;  // With something in them after the last record.
  std::uint64_t lots = 0;
  BundleSales::Figures sales;
  BundleCaps::Figures caps;
  BundleFees::Figures fees;
  BundlePlans::Figures plans;
  BundleRuns::Figures runs;
  BundleReturns::Figures returns;
  BundleStatements::Figures statements;
  BundlePayouts::Figures payouts;
  BundlePeriods::Figures periods;
  std::int64_t first_time_micros = 0;
  std::int64_t last_time_micros = 0;
  // Over the rows of balances, then those of lots: what one bundle closes with the next opens with.
  // Of a part both are the word of whoever made it.
  ledger::Hash opening{};
  ledger::Hash closing{};
};

// Whether all of a bundle fits together: its checkpoints are signed by one of `keys`, its records
// are those that the checkpoints cover, and they keep the rules of docs/domain.md; witnesses have
// signed as is wished. Whether it goes on from a checkpoint that was kept (`earlier`) is in the
// report, where all else fits. Uses memory for one frame, and for each account, open lot and sale,
// for each statement and payment of a run, for each union, campaign and row of a plan, for each
// request of 35 days, and for each member that something was granted to. Fails: kDataLoss, naming
// the first record that does not fit, as "record 17: …", or before and behind the records the
// frame, as "frame 3: …"; as the source.
absl::StatusOr<BundleReport> VerifyBundle(ByteSource source,
                                          absl::Span<const ledger::VerifyKey> keys,
                                          const WitnessWish& wish = {},
                                          absl::optional<ledger::Checkpoint> earlier = {});

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_VERIFY_BUNDLE_H_
