// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_BUNDLE_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_BUNDLE_TOWN_H_

#include "audit/bundle/bundle_export.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/merkle.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

// A journal in memory, some records to a segment, and the tree over it.
class TownJournal final : public JournalEvidence {
 public:
  // Sequences, times and places in commands are as in `records`.
  TownJournal(const std::vector<journal::v1::Record>& records, std::size_t per_segment);

  absl::Status ReadSegments(
      Sequence from,
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) const override;
  absl::StatusOr<std::string> ReadRecord(Sequence sequence) const override;
  absl::StatusOr<ledger::Hash> RootAt(std::uint64_t size) const override;
  absl::StatusOr<std::vector<ledger::Hash>> InclusionPath(const ledger::TreeLeaf& leaf,
                                                          std::uint64_t size) const override;
  absl::StatusOr<std::vector<ledger::Hash>> ConsistencyPath(std::uint64_t first,
                                                            std::uint64_t second) const override;
  // The checkpoint of the first `size` records.
  BundleNote NoteOf(std::uint64_t size) const;

 private:
  std::vector<std::string> records_;
  std::vector<std::string> segments_;
  ledger::MerkleTree tree_;
};

// The key that signs the town's checkpoints.
const ledger::SigningKey& TownKey();

// A month of a small town, the same every time: points are funded, granted under a rule pack,
// spent, given back, held, captured and let go, two days of a shop are cut, and one is paid out.
std::vector<journal::v1::Record> TownRecords();
// Where the records with a name are: "grant", "purchase", "refund", "capture", "cut", "payout" …
Sequence TownRecord(absl::string_view name);

// The bundle of those records, framed and signed by whoever keeps the town's ledger: also of
// records that no ledger would have written.
std::string BundleOf(const std::vector<journal::v1::Record>& records, Sequence first,
                     Sequence last);
// What is left of an export, in one piece. The export must not fail (checked).
std::string Drain(BundleExport& bundle);

// With the town's key.
absl::StatusOr<BundleReport> VerifyBytes(absl::string_view bytes);
absl::StatusOr<BundleReport> VerifyBytes(absl::string_view bytes,
                                         absl::Span<const ledger::VerifyKey> keys,
                                         const WitnessWish& wish = {});

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_BUNDLE_TOWN_H_
