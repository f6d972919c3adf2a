// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/replay.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/recovery.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

// So many records before one is applied its rows are expected: their places, and they.
constexpr std::size_t kSoon = 16;
constexpr std::size_t kNext = 6;
constexpr std::size_t kSmallerOnceWritten = 6;

}  // namespace

absl::StatusOr<journal::v1::Record> ParseRecord(Sequence sequence, absl::string_view bytes) {
  journal::v1::Record record;
  PUHUI_RETURN_IF_ERROR(ParseRecord(sequence, bytes, &record));
  return record;
}

absl::Status Replay::Run(const Readable& journal, Sequence to) {
  folded_ = tree_->size();
  SegmentsAhead segments(journal, tree_, to);
  segments_ = &segments;
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(const std::unique_ptr<ParsedSegment> segment, segments.Next());
    if (segment == nullptr) return EndStep();
    PUHUI_RETURN_IF_ERROR(FoldSegment(*segment));
  }
}

absl::Status Replay::FoldSegment(const ParsedSegment& segment) {
  const std::vector<ParsedSegment::Record>& records = segment.records;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i + kSoon < records.size()) fold_->Expect(*records[i + kSoon].record, Coming::kSoon);
    if (i + kNext < records.size()) fold_->Expect(*records[i + kNext].record, Coming::kNext);
    PUHUI_RETURN_IF_ERROR(FoldRecord(records[i]));
  }
  PUHUI_RETURN_IF_ERROR(segment.broken);
  PUHUI_RETURN_IF_ERROR(fold_->EndSegment(segment.header.last()));
  return step_bytes_ < kReplayStepBytes ? absl::OkStatus() : EndStep();
}

absl::Status Replay::FoldRecord(const ParsedSegment::Record& parsed) {
  const journal::v1::Record& record = *parsed.record;
  const auto named = [&record](absl::string_view what) {
    return absl::StrCat("record ", record.sequence(), what);
  };
  if (record.time_micros() <= last_time_micros_) {
    return absl::DataLossError(named(" is not later than the one before it"));
  }
  last_time_micros_ = record.time_micros();
  if (absl::Status status = ApplyRecord(record); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat(named(": "), status.message()));
  }
  if (watch_) watch_(record);
  ++folded_;
  ++records_;
  step_bytes_ += parsed.bytes;
  return absl::OkStatus();
}

absl::Status Replay::ApplyRecord(const journal::v1::Record& record) {
  PUHUI_RETURN_IF_ERROR(fold_->Apply(record));
  if (periods_ == nullptr) return absl::OkStatus();
  return periods_->Take(record, [this](std::uint64_t size) {
    return segments_->RootAt(size, [this](const TileId& id) { return ReadTile(*into_, id); });
  });
}

absl::Status Replay::EndStep() {
  if (step_bytes_ == 0) return absl::OkStatus();
  step_bytes_ = 0;
  TableSet& tables = fold_->tables();
  WriteBatch views;
  if (kept_bytes_max_ == 0) {
    const std::uint64_t group = tables.group();
    WriteBatch vault;
    tables.CloseGroup(&views, &vault);
    PUHUI_RETURN_IF_ERROR(WriteViews(&views));
    tables.Retire(group);
    return absl::OkStatus();
  }
  // Once they did not fit, what was written waits in the memory that most of them had.
  const std::size_t bytes_max =
      tables.retired() == 0 ? kept_bytes_max_ : kept_bytes_max_ / kSmallerOnceWritten;
  if (tables.KeepGroup() > bytes_max) {
    PUHUI_RETURN_IF_ERROR(tables.WriteKept(
        [this](const WriteBatch& piece) { return into_->Commit(piece, Durability::kView); }));
  }
  return WriteViews(&views);
}

absl::Status Replay::WriteViews(WriteBatch* views) {
  for (Tile& tile : segments_->TakeCompletedTiles(folded_)) {
    views->Put(Family::kTiles, TileKey(tile.id), std::move(tile.bytes));
  }
  PutRow(*views, kAppliedTable, std::uint8_t{0}, Sequence{folded_});
  return into_->Commit(*views, Durability::kView);
}

}  // namespace puhui::ledger
