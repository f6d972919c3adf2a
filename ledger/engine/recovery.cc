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

absl::Status CheckRoot(const MerkleTree& tree, TileReader read_tile, const TreeHead& promised,
                       absl::string_view by) {
  PUHUI_ASSIGN_OR_RETURN(const Hash root, tree.RootAt(promised.size, read_tile));
  if (root == promised.root) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the root over the first ", promised.size,
                                          " records is not the one of ", by,
                                          ": a record up to that sequence was altered"));
}

absl::Status CheckPromises(const MerkleTree& tree, TileReader read_tile, const Promises& promises) {
  if (promises.checkpoint.has_value()) {
    const TreeHead head{promises.checkpoint->size, promises.checkpoint->root};
    PUHUI_RETURN_IF_ERROR(CheckRoot(tree, read_tile, head, "the signed checkpoint"));
  }
  if (promises.high_water.has_value()) {
    const TreeHead head{promises.high_water->sequence, promises.high_water->root};
    PUHUI_RETURN_IF_ERROR(CheckRoot(tree, read_tile, head, "the high-water mark"));
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

// The first record in the store itself. Those before it were proved when they went into archives,
// and a start does not wait for these: tills sell without them.
absl::StatusOr<Sequence> FirstHeld(const Store& store) {
  PUHUI_ASSIGN_OR_RETURN(const std::string key, store.FirstJournalKey());
  return SequenceOfKey(key);
}

// Reads all that is in the store and cannot be built from anything else.
absl::Status CheckDurable(const Store& store, Fold& fold, Sequence last) {
  PUHUI_RETURN_IF_ERROR(Scan(store, 1, last));
  return fold.tables().CheckVault();
}

absl::Status ClearViews(Store& store) {
  PUHUI_RETURN_IF_ERROR(store.ClearFamily(Family::kMeta));
  for (const Family family : kAllFamilies) {
    if (IsView(family)) PUHUI_RETURN_IF_ERROR(store.ClearFamily(family));
  }
  return absl::OkStatus();
}

// Views that cannot be read are not to be believed by the next start either.
absl::Status Blame(Fold& fold, absl::Status status) {
  if (!status.ok()) fold.tables().Doubt(status.message());
  return status;
}

// Where the views stand. Nowhere: they are empty then, because folding onto what an interrupted
// rebuild left would count everything twice.
absl::StatusOr<Sequence> ReadStand(Store& store, Fold& fold, Views views) {
  Sequence applied = 0;
  if (views == Views::kBelieved) {
    const auto row = Find(store, kAppliedTable, std::uint8_t{0});
    PUHUI_RETURN_IF_ERROR(Blame(fold, row.status()));
    applied = row->value_or(0);
  }
  if (applied == 0) PUHUI_RETURN_IF_ERROR(ClearViews(store));
  return applied;
}

// Folds what the views do not have yet.
absl::Status CatchUp(Store& store, Fold& fold, TileReader read_tile, Recovered* recovered) {
  PUHUI_ASSIGN_OR_RETURN(recovered->tree, MerkleTree::Recover(recovered->applied, read_tile,
                                                              [&store](Sequence sequence) {
                                                                return LeafOf(store, sequence);
                                                              }));
  Replay replay(&store, &fold, &recovered->tree);
  PeriodCheck periods;
  replay.CheckPeriods(&periods);
  PUHUI_RETURN_IF_ERROR(replay.Run(store));
  recovered->replayed = replay.records();
  // Else the next restart would replay it again, and every crash would make the next one longer.
  return recovered->replayed > 0 ? store.FlushViews(/*wait=*/true) : absl::OkStatus();
}

}  // namespace

std::string Recovered::Summary() const {
  const std::string views = rebuilt_because.has_value()
                                ? absl::StrCat("views were doubted (", *rebuilt_because, ")")
                                : absl::StrCat("views stood at ", applied);
  return absl::StrCat("recovered ", end.sequence, " records: ", views, ", replayed ", replayed,
                      ", checked the bytes of ", scanned);
}

absl::StatusOr<Recovered> Recover(Store& store, Fold& fold, const Promises& promises, Views views) {
  PUHUI_ASSIGN_OR_RETURN(const auto last_header, ReadLastHeader(store));
  const Sequence last = last_header.has_value() ? last_header->last() : 0;
  if (promises.checkpoint.has_value()) {
    PUHUI_RETURN_IF_ERROR(CheckReaches(last, promises.checkpoint->size, "the signed checkpoint"));
  }
  if (promises.high_water.has_value()) {
    PUHUI_RETURN_IF_ERROR(CheckReaches(last, promises.high_water->sequence, "the high-water mark"));
  }
  if (views == Views::kDoubted) PUHUI_RETURN_IF_ERROR(CheckDurable(store, fold, last));

  Recovered recovered;
  PUHUI_ASSIGN_OR_RETURN(recovered.applied, ReadStand(store, fold, views));
  const Sequence applied = recovered.applied;
  PUHUI_RETURN_IF_ERROR(CheckReaches(last, applied, "the last row of the views"));
  const auto read_tile = [&](const TileId& id) {
    absl::StatusOr<std::string> tile = ReadTile(store, id);
    Blame(fold, tile.status()).IgnoreError();
    return tile;
  };
  absl::Status caught_up = CatchUp(store, fold, read_tile, &recovered);
  // A record that does not fit may be the fault of the rows that it was folded onto.
  if (applied > 0 && absl::IsDataLoss(caught_up)) caught_up = Blame(fold, std::move(caught_up));
  PUHUI_RETURN_IF_ERROR(caught_up);
  Sequence scan_from = last > kRecoveryScanRecords ? last - kRecoveryScanRecords + 1 : 1;
  PUHUI_ASSIGN_OR_RETURN(const Sequence held_from, FirstHeld(store));
  scan_from = std::max(scan_from, held_from);
  if (scan_from <= applied) PUHUI_RETURN_IF_ERROR(Scan(store, scan_from, applied));
  recovered.scanned = last == 0 ? 0 : last - std::min(scan_from, applied + 1) + 1;
  PUHUI_RETURN_IF_ERROR(CheckPromises(recovered.tree, read_tile, promises));
  PUHUI_ASSIGN_OR_RETURN(recovered.end.time, TimeOf(store, last));
  recovered.end.sequence = last;
  recovered.end.root = recovered.tree.Root();
  return recovered;
}

}  // namespace puhui::ledger
