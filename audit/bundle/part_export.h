// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_PART_EXPORT_H_
#define PUHUI_AUDIT_BUNDLE_PART_EXPORT_H_

#include "audit/bundle/bundle_export.h"
#include "audit/bundle/bundle_format.h"
#include "audit/bundle/frame_stream.h"
#include "audit/bundle/part_books.h"
#include "audit/bundle/part_scope.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <memory>
#include <string>

namespace puhui::audit {

// Which records that move no points are about a part, and about no others that it must not tell of.
// Fails: as whoever reads.
class PartConcern {
 public:
  virtual ~PartConcern() = default;
  // Each record of the journal once, in order, before anything is asked.
  virtual void Learn(const journal::v1::Record& record) = 0;
  virtual absl::StatusOr<bool> Concerns(const journal::v1::Record& record,
                                        const PartScope& scope) = 0;
};

// Makes the bundle of a part, from three walks over the journal: who is in the scope as of the last
// checkpoint, what its accounts held before the range, and the records of the range.
// Threads: none. Borrows: the evidence. Owns: the concern.
class PartExport final : public BundleMaker {
 public:
  // Requires: as BundleExport.
  PartExport(const JournalEvidence* evidence, BundleRange range, const BundleScope& scope,
             std::unique_ptr<PartConcern> concern);

  absl::StatusOr<std::string> Next() override;
  bool ended() const override { return stage_ == Stage::kEnded; }
  Sequence records() const override;
  Sequence last() const override { return range_.last; }

 private:
  enum class Stage { kScope, kBefore, kRecords, kEnd, kEnded };
  absl::Status LearnScope();
  absl::Status AddUp();
  absl::Status WriteHead();
  absl::Status WriteRecords();
  absl::Status WriteRecord(const journal::v1::Record& record, absl::string_view bytes);
  absl::StatusOr<bool> Apply(const journal::v1::Record& record);

  const JournalEvidence& evidence_;
  const BundleRange range_;
  const std::unique_ptr<PartConcern> concern_;
  Stage stage_ = Stage::kScope;
  Sequence next_ = 1;
  ScopeFold fold_;
  PartScope scope_;
  PartBooks books_;
  FrameWriter writer_;
  FrameQueue rows_;  // Owners, and what is held: to be written before the stage goes on.
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_PART_EXPORT_H_
