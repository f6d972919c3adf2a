// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/recovery.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/families.h"
#include "ledger/storage/typed_reads.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

absl::StatusOr<Hash> LeafOf(const Readable& store, Sequence sequence) {
  PUHUI_ASSIGN_OR_RETURN(const std::string record, ReadRecord(store, sequence));
  return LeafHash(record);
}

// The journal must hold everything that somebody was told about.
absl::Status CheckReaches(Sequence last, Sequence promised, absl::string_view by) {
  if (promised <= last) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the journal ends with record ", last, ", but ", by,
                                          " vouches for ", promised, ": record ", last + 1,
                                          " is missing"));
}

absl::Status CheckRoot(const MerkleTree& tree, const Readable& store, const TreeHead& promised,
                       absl::string_view by) {
  const auto read_tile = [&](const TileId& id) { return ReadTile(store, id); };
  PUHUI_ASSIGN_OR_RETURN(const Hash root, tree.RootAt(promised.size, read_tile));
  if (root == promised.root) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the root over the first ", promised.size,
                                          " records is not the one of ", by,
                                          ": a record up to that sequence was altered"));
}

absl::Status CheckPromises(const MerkleTree& tree, const Readable& store,
                           const Promises& promises) {
  if (promises.checkpoint.has_value()) {
    const TreeHead head{promises.checkpoint->size, promises.checkpoint->root};
    PUHUI_RETURN_IF_ERROR(CheckRoot(tree, store, head, "the signed checkpoint"));
  }
  if (promises.high_water.has_value()) {
    const TreeHead head{promises.high_water->sequence, promises.high_water->root};
    PUHUI_RETURN_IF_ERROR(CheckRoot(tree, store, head, "the high-water mark"));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> TimeOf(const Readable& store, Sequence sequence) {
  if (sequence == 0) return absl::UnixEpoch();
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ReadRecord(store, sequence));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ParseRecord(sequence, bytes));
  return absl::FromUnixMicros(record.time_micros());
}

// Reads what the replay did not, and drops it: the reader checks every byte.
absl::Status Scan(const Readable& store, Sequence from, Sequence to) {
  return ReadSegments(store, from, [&](absl::string_view segment) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const SegmentView view, SegmentView::Parse(segment));
    return view.last() < to;
  });
}

// Rows without an applied sequence are what an interrupted rebuild left. Folding onto them would
// count everything twice.
absl::Status ClearViews(Store& store) {
  for (const Family family : kAllFamilies) {
    if (IsView(family)) PUHUI_RETURN_IF_ERROR(store.ClearFamily(family));
  }
  return absl::OkStatus();
}

}  // namespace

std::string Recovered::Summary() const {
  return absl::StrCat("recovered ", end.sequence, " records: views stood at ", applied,
                      ", replayed ", replayed, ", checked the bytes of ", scanned);
}

absl::StatusOr<Recovered> Recover(Store& store, Fold& fold, const Promises& promises) {
  PUHUI_ASSIGN_OR_RETURN(const auto last_header, ReadLastHeader(store));
  const Sequence last = last_header.has_value() ? last_header->last() : 0;
  PUHUI_ASSIGN_OR_RETURN(const auto applied_row, Find(store, kAppliedTable, std::uint8_t{0}));
  const Sequence applied = applied_row.value_or(0);
  if (applied == 0) PUHUI_RETURN_IF_ERROR(ClearViews(store));
  PUHUI_RETURN_IF_ERROR(CheckReaches(last, applied, "the last row of the views"));
  if (promises.checkpoint.has_value()) {
    PUHUI_RETURN_IF_ERROR(CheckReaches(last, promises.checkpoint->size, "the signed checkpoint"));
  }
  if (promises.high_water.has_value()) {
    PUHUI_RETURN_IF_ERROR(CheckReaches(last, promises.high_water->sequence, "the high-water mark"));
  }

  Recovered recovered;
  recovered.applied = applied;
  PUHUI_ASSIGN_OR_RETURN(recovered.tree,
                         MerkleTree::Recover(
                             applied, [&](const TileId& id) { return ReadTile(store, id); },
                             [&](Sequence sequence) { return LeafOf(store, sequence); }));
  Replay replay(&store, &fold, &recovered.tree);
  PUHUI_RETURN_IF_ERROR(replay.Run(store, applied + 1));
  recovered.replayed = replay.records();
  // Else the next restart would replay it again, and every crash would make the next one longer.
  if (recovered.replayed > 0) PUHUI_RETURN_IF_ERROR(store.FlushViews(/*wait=*/true));
  const Sequence scan_from = last > kRecoveryScanRecords ? last - kRecoveryScanRecords + 1 : 1;
  if (scan_from <= applied) PUHUI_RETURN_IF_ERROR(Scan(store, scan_from, applied));
  recovered.scanned = last == 0 ? 0 : last - std::min(scan_from, applied + 1) + 1;
  PUHUI_RETURN_IF_ERROR(CheckPromises(recovered.tree, store, promises));
  PUHUI_ASSIGN_OR_RETURN(recovered.end.time, TimeOf(store, last));
  recovered.end.sequence = last;
  recovered.end.root = recovered.tree.Root();
  return recovered;
}

}  // namespace puhui::ledger
