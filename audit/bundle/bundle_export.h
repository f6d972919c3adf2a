// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_EXPORT_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_EXPORT_H_

#include "audit/bundle/bundle_books.h"
#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_format.h"
#include "audit/bundle/bundle_unions.h"
#include "audit/bundle/frame_stream.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/merkle.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

// Where a bundle is made from: a journal, and the tree over it. Fails: as the journal.
class JournalEvidence {
 public:
  virtual ~JournalEvidence() = default;
  // Calls `visit` with each segment that holds a record >= `from`, until it returns false.
  virtual absl::Status ReadSegments(
      Sequence from,
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) const = 0;
  virtual absl::StatusOr<std::string> ReadRecord(Sequence sequence) const = 0;
  virtual absl::StatusOr<ledger::Hash> RootAt(std::uint64_t size) const = 0;
  // Of a record that was read.
  virtual absl::StatusOr<std::vector<ledger::Hash>> InclusionPath(const ledger::TreeLeaf& leaf,
                                                                  std::uint64_t size) const = 0;
  virtual absl::StatusOr<std::vector<ledger::Hash>> ConsistencyPath(std::uint64_t first,
                                                                    std::uint64_t second) const = 0;
};

// A signed note, and the size that it is of.
struct BundleNote {
  std::uint64_t size = 0;
  std::string text;
};

struct BundleRange {
  Sequence first = 0;
  Sequence last = 0;
  std::vector<BundleNote> notes;  // Sizes ascend; the last is of at least `last` records.
};

// A bundle that is being made, some bytes at a time: the same bytes whenever it is asked for the
// same. Threads: none.
class BundleMaker {
 public:
  virtual ~BundleMaker() = default;
  // The next bytes; there may be none yet.
  // Fails: kDataLoss, when the journal does not keep the rules that a bundle is checked by; as the
  // evidence.
  virtual absl::StatusOr<std::string> Next() = 0;
  virtual bool ended() const = 0;
  // That were gone through, of last().
  virtual Sequence records() const = 0;
  virtual Sequence last() const = 0;
};

// Writes what whole bundles and parts begin with: header, checkpoints, and that they go on from
// each other. Fails: as the evidence.
absl::StatusOr<BundleHeader> WriteBundleHead(const JournalEvidence& evidence,
                                             const BundleRange& range, FrameWriter& writer);

// The leaf of a record.
ledger::TreeLeaf LeafOfRecord(Sequence sequence, absl::string_view bytes);

// The record in those bytes. Fails: kDataLoss.
absl::StatusOr<journal::v1::Record> ReadRecordBytes(Sequence sequence, absl::string_view bytes);

// Of records that are gone through, or written, by one call.
inline constexpr std::size_t kBundleStepBytes = std::size_t{1} << 20;

// Calls `visit` with the records from `*next` to `last`, some kBundleStepBytes of them, and moves
// `*next` behind. Fails: kDataLoss, naming the record that is missing; as the evidence; as `visit`.
using RecordVisit =
    absl::FunctionRef<absl::Status(const journal::v1::Record& record, absl::string_view bytes)>;
absl::Status WalkRecords(const JournalEvidence& evidence, Sequence last, RecordVisit visit,
                         Sequence* next);

// Makes a whole bundle. What was held before the first record is added up from the beginning of the
// journal. Threads: none. Borrows: the evidence.
class BundleExport final : public BundleMaker {
 public:
  using Range = BundleRange;
  // Requires: 1 <= first <= last, and notes as above (checked).
  BundleExport(const JournalEvidence* evidence, Range range);

  absl::StatusOr<std::string> Next() override;
  bool ended() const override { return stage_ == Stage::kEnded; }
  Sequence records() const override { return next_ - 1; }
  Sequence last() const override { return range_.last; }

 private:
  enum class Stage { kBefore, kHead, kInForce, kRecords, kEnd, kEnded };
  absl::Status AddUp();
  absl::Status WriteHead();
  absl::Status WriteFrontier();
  absl::Status WriteInForce();
  absl::Status WriteRecords();
  absl::Status WriteSegment(absl::string_view stored);
  absl::Status WriteAsked(const journal::v1::Record& record);
  absl::Status WriteAgreements(const std::string& merchant);
  absl::Status WriteUnions(std::uint32_t campaign);
  absl::Status WriteEarlier(Sequence sequence);
  absl::Status Apply(const journal::v1::Record& record);
  void CloseBooks();

  const JournalEvidence& evidence_;
  const Range range_;
  Stage stage_ = Stage::kBefore;
  Sequence next_ = 1;
  BundleHeader header_;
  FrameWriter writer_;
  FrameQueue rows_;  // Of what is held, to be written before the stage goes on.
  BundleBooks books_;
  BundleUnions unions_;
  absl::flat_hash_map<FactKey, Sequence> said_;  // Where, of before the range.
  absl::flat_hash_set<FactKey> known_;           // To who reads the bundle.
  absl::flat_hash_set<Sequence> written_;        // Of the earlier records.
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_EXPORT_H_
