// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_JOURNAL_WRONG_TILE_H_
#define PUHUI_LEDGER_JOURNAL_WRONG_TILE_H_

#include "ledger/base/id.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

namespace puhui::ledger {

// Of the tiles that lead from record `sequence` to `head`, which is signed, one that is not what it
// was made of, although what it was made of leads there: the records are as they were signed, and
// folding them again makes a good tile. absl::nullopt when there is none, and when it cannot be
// told because records or several levels are damaged.
// Requires: `store` shows a moment that has the records of `head`; 1 <= sequence <= head.size
// (checked). Fails: kDataLoss when the record itself cannot be read; as Readable.
absl::StatusOr<absl::optional<TileId>> FindWrongTile(const Readable& store, const TreeHead& head,
                                                     Sequence sequence);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_WRONG_TILE_H_
