// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_EXPORT_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_EXPORT_H_

#include "audit/bundle/bundle_books.h"
#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_format.h"
#include "audit/bundle/frame_stream.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

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
  virtual absl::StatusOr<std::vector<ledger::Hash>> InclusionPath(std::uint64_t index,
                                                                  std::uint64_t size) const = 0;
  virtual absl::StatusOr<std::vector<ledger::Hash>> ConsistencyPath(std::uint64_t first,
                                                                    std::uint64_t second) const = 0;
};

// A signed note, and the size that it is of.
struct BundleNote {
  std::uint64_t size = 0;
  std::string text;
};

// Makes a bundle, some bytes at a time: the same bytes whenever it is asked for the same. What was
// held before the first record is added up from the beginning of the journal.
// Threads: none. Borrows: the evidence.
class BundleExport {
 public:
  struct Range {
    Sequence first = 0;
    Sequence last = 0;
    std::vector<BundleNote> notes;  // Sizes ascend; the last is of at least `last` records.
  };
  // Requires: 1 <= first <= last, and notes as above (checked).
  BundleExport(const JournalEvidence* evidence, Range range);

  // The next bytes; there may be none yet.
  // Fails: kDataLoss, when the journal does not keep the rules that a bundle is checked by; as the
  // evidence.
  absl::StatusOr<std::string> Next();
  bool ended() const { return stage_ == Stage::kEnded; }
  // That were gone through, of last().
  Sequence records() const { return next_ - 1; }
  Sequence last() const { return range_.last; }

 private:
  enum class Stage { kBefore, kHead, kRecords, kClosing, kEnded };
  absl::Status AddUp();
  absl::Status WriteHead();
  absl::Status WriteProofs();
  absl::Status WriteInForce();
  absl::Status WriteRecords();
  absl::Status WriteSegment(absl::string_view segment);
  absl::Status WriteAsked(const journal::v1::Record& record);
  absl::Status WriteEarlier(Sequence sequence);
  absl::Status Apply(const journal::v1::Record& record);
  void WriteClosing();

  const JournalEvidence& evidence_;
  const Range range_;
  Stage stage_ = Stage::kBefore;
  Sequence next_ = 1;
  BundleHeader header_;
  FrameWriter writer_;
  BundleBooks books_;
  absl::flat_hash_map<FactKey, Sequence> said_;  // Where, of before the range.
  absl::flat_hash_set<FactKey> known_;           // To who reads the bundle.
  absl::flat_hash_set<Sequence> written_;        // Of the earlier records.
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_EXPORT_H_
