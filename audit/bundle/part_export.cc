// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/part_export.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/segment.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace puhui::audit {

namespace jv1 = journal::v1;

namespace {

std::vector<std::string> OwnerFrames(const PartScope& scope) {
  std::vector<std::string> frames;
  std::size_t rows = 0;
  for (const OwnerRow& row : scope.Owners()) {
    if (rows++ % kRowsPerFrameMax == 0) frames.emplace_back();
    AppendOwnerRow(row, frames.back());
  }
  return frames;
}

}  // namespace

PartExport::PartExport(const JournalEvidence* evidence, BundleRange range, const BundleScope& scope,
                       std::unique_ptr<PartConcern> concern)
    : evidence_(*evidence), range_(std::move(range)), concern_(std::move(concern)) {
  PUHUI_CHECK(range_.first >= 1 && range_.first <= range_.last);
  PUHUI_CHECK(!range_.notes.empty() && range_.notes.back().size >= range_.last);
  scope_.scope = scope;
}

absl::StatusOr<std::string> PartExport::Next() {
  if (!rows_.empty()) {
    rows_.Write(kBundleStepBytes, writer_);
    return writer_.Take();
  }
  switch (stage_) {
    case Stage::kScope:
      PUHUI_RETURN_IF_ERROR(LearnScope());
      break;
    case Stage::kBefore:
      PUHUI_RETURN_IF_ERROR(AddUp());
      break;
    case Stage::kRecords:
      PUHUI_RETURN_IF_ERROR(WriteRecords());
      break;
    case Stage::kEnd:
      writer_.End();
      stage_ = Stage::kEnded;
      break;
    case Stage::kEnded:
      break;
  }
  return writer_.Take();
}

// The first walk only finds out who is in it.
Sequence PartExport::records() const { return stage_ == Stage::kScope ? 0 : next_ - 1; }

absl::Status PartExport::LearnScope() {
  const std::uint64_t size = range_.notes.back().size;
  PUHUI_RETURN_IF_ERROR(WalkRecords(
      evidence_, size,
      [this](const jv1::Record& record, absl::string_view /*bytes*/) {
        fold_.Learn(record);
        concern_->Learn(record);
        return absl::OkStatus();
      },
      &next_));
  if (next_ <= size) return absl::OkStatus();
  scope_ = fold_.ScopeOf(scope_.scope);
  fold_ = {};
  for (const OwnerRow& row : scope_.Owners()) books_.Own(row);
  next_ = 1;
  stage_ = Stage::kBefore;
  return absl::OkStatus();
}

absl::StatusOr<bool> PartExport::Apply(const jv1::Record& record) {
  const absl::StatusOr<bool> applied = books_.Apply(record.entry());
  if (!applied.ok()) return AtRecord(record.sequence(), applied.status());
  return *applied;
}

absl::Status PartExport::AddUp() {
  PUHUI_RETURN_IF_ERROR(WalkRecords(
      evidence_, range_.first - 1,
      [this](const jv1::Record& record, absl::string_view /*bytes*/) {
        return record.has_entry() ? Apply(record).status() : absl::OkStatus();
      },
      &next_));
  if (next_ < range_.first) return absl::OkStatus();
  PUHUI_RETURN_IF_ERROR(WriteHead());
  stage_ = Stage::kRecords;
  return absl::OkStatus();
}

absl::Status PartExport::WriteHead() {
  PUHUI_RETURN_IF_ERROR(WriteBundleHead(evidence_, range_, writer_).status());
  writer_.Add(FrameKind::kScope, EncodeScope(scope_.scope));
  rows_.Add(FrameKind::kScopeOwners, OwnerFrames(scope_));
  rows_.Add(FrameKind::kOpeningBalances, books_.BalanceFrames());
  return absl::OkStatus();
}

absl::Status PartExport::WriteRecords() {
  PUHUI_RETURN_IF_ERROR(WalkRecords(
      evidence_, range_.last,
      [this](const jv1::Record& record, absl::string_view bytes) {
        return WriteRecord(record, bytes);
      },
      &next_));
  if (next_ <= range_.last) return absl::OkStatus();
  rows_.Add(FrameKind::kClosingBalances, books_.BalanceFrames());
  stage_ = Stage::kEnd;
  return absl::OkStatus();
}

absl::Status PartExport::WriteRecord(const jv1::Record& record, absl::string_view bytes) {
  PUHUI_ASSIGN_OR_RETURN(const bool concerns,
                         record.has_entry() ? Apply(record) : concern_->Concerns(record, scope_));
  if (!concerns) return absl::OkStatus();
  EarlierRecord proven{.sequence = record.sequence(), .path = {}, .bytes = bytes};
  PUHUI_ASSIGN_OR_RETURN(
      proven.path,
      evidence_.InclusionPath(LeafOfRecord(record.sequence(), bytes), range_.notes.back().size));
  writer_.Add(FrameKind::kPartRecord, EncodeEarlierRecord(proven));
  return absl::OkStatus();
}

}  // namespace puhui::audit
