// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/replay.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/recovery.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::ledger {

absl::StatusOr<journal::v1::Record> ParseRecord(Sequence sequence, absl::string_view bytes) {
  journal::v1::Record record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(absl::StrCat("record ", sequence, " cannot be parsed"));
  }
  if (record.sequence() != sequence) {
    return absl::DataLossError(
        absl::StrCat("record ", sequence, " says that it is ", record.sequence()));
  }
  return record;
}

absl::Status Replay::Run(const Readable& journal, Sequence from, Sequence to) {
  PUHUI_RETURN_IF_ERROR(
      ReadSegments(journal, from, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentView::Parse(bytes));
        if (segment.first() > to) return false;
        PUHUI_RETURN_IF_ERROR(FoldSegment(segment));
        return true;
      }));
  return Flush();
}

absl::Status Replay::FoldSegment(const SegmentView& segment) {
  if (segment.first() != tree_->size() + 1 || segment.header().root_before != tree_->Root()) {
    return absl::DataLossError(absl::StrCat("the segment at record ", segment.first(),
                                            " does not continue the ", tree_->size(),
                                            " records before it"));
  }
  Sequence sequence = segment.first();
  for (const absl::string_view record : segment) {
    PUHUI_RETURN_IF_ERROR(FoldRecord(sequence, record));
    ++sequence;
  }
  PUHUI_RETURN_IF_ERROR(fold_->EndSegment(segment.last()));
  return unflushed_bytes_ < kReplayStepBytes ? absl::OkStatus() : Flush();
}

absl::Status Replay::FoldRecord(Sequence sequence, absl::string_view bytes) {
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ParseRecord(sequence, bytes));
  if (record.time_micros() <= last_time_micros_) {
    return absl::DataLossError(
        absl::StrCat("record ", sequence, " is not later than the one before it"));
  }
  last_time_micros_ = record.time_micros();
  tree_->Append(LeafHash(bytes));
  if (absl::Status status = ApplyRecord(record); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat("record ", sequence, ": ", status.message()));
  }
  if (watch_) watch_(record);
  ++records_;
  unflushed_bytes_ += bytes.size();
  return absl::OkStatus();
}

absl::Status Replay::ApplyRecord(const journal::v1::Record& record) {
  PUHUI_RETURN_IF_ERROR(fold_->Apply(record));
  if (periods_ == nullptr) return absl::OkStatus();
  return periods_->Take(record, [this](std::uint64_t size) {
    return tree_->RootAt(size, [this](const TileId& id) { return ReadTile(*into_, id); });
  });
}

absl::Status Replay::Flush() {
  if (unflushed_bytes_ == 0) return absl::OkStatus();
  const std::uint64_t group = fold_->tables().group();
  WriteBatch views;
  WriteBatch vault;
  fold_->tables().CloseGroup(&views, &vault);
  for (Tile& tile : tree_->TakeCompletedTiles()) {
    views.Put(Family::kTiles, TileKey(tile.id), std::move(tile.bytes));
  }
  PutRow(views, kAppliedTable, std::uint8_t{0}, Sequence{tree_->size()});
  PUHUI_RETURN_IF_ERROR(into_->Commit(views, Durability::kView));
  fold_->tables().Retire(group);
  unflushed_bytes_ = 0;
  return absl::OkStatus();
}

}  // namespace puhui::ledger
