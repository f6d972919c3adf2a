// SPDX-License-Identifier: Apache-2.0
// Proofs of the Merkle tree from what is stored: its tiles, and the last records, which are in none
// yet. Nothing is handed out that does not verify.
#ifndef PUHUI_LEDGER_JOURNAL_PROVER_H_
#define PUHUI_LEDGER_JOURNAL_PROVER_H_

#include "ledger/base/mutex.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// The bytes of a tile from what it was made of: records, or the tiles below it. Costs 256 of them.
// Fails: kDataLoss when those are damaged; as Readable.
absl::StatusOr<std::string> RebuildTile(const Readable& store, const TileId& id);
// The same of its first `width` hashes: of the last tile of a level, which is not complete.
absl::StatusOr<std::string> TileBeginning(const Readable& store, const TileId& id,
                                          std::size_t width);

// Follows the journal when it is asked, not before: from near by the records since, from farther
// behind by the tiles. A damaged tile is reported and made anew for the one answer.
// Threads: safe. Owns: a tree of 10 to 30 KB.
class Prover {
 public:
  // `on_damage` is told of tiles that are absent, of the wrong size or wrong, from whatever thread
  // asked.
  explicit Prover(std::function<void(const absl::Status&)> on_damage)
      : on_damage_(std::move(on_damage)) {}

  // The path of RFC 9162 from record `sequence` to the root of the tree of `size` records.
  // Requires: `store` shows a moment that has the records of `head`, which is signed; 1 <= sequence
  // <= size <= head.size (checked).
  // Fails: kDataLoss when records or tiles are not what was signed; as Readable.
  absl::StatusOr<std::vector<Hash>> Inclusion(const Readable& store, const TreeHead& head,
                                              Sequence sequence, std::uint64_t size);

  // The same for whoever has read the record: it is not read once more. Fails: also with kDataLoss
  // when another record is at that place.
  absl::StatusOr<std::vector<Hash>> Inclusion(const Readable& store, const TreeHead& head,
                                              const TreeLeaf& leaf, std::uint64_t size);

  // The path between the trees of `first` and of `second` records.
  // Requires: as above; first <= second <= head.size (checked). Fails: as above.
  absl::StatusOr<std::vector<Hash>> Consistency(const Readable& store, const TreeHead& head,
                                                std::uint64_t first, std::uint64_t second);

  // The root of the tree of `size` records. Requires and fails: as above.
  absl::StatusOr<Hash> Root(const Readable& store, const TreeHead& head, std::uint64_t size);

 private:
  // The level whose tiles are made anew; absl::nullopt: all are believed.
  using Rebuilt = absl::optional<unsigned>;
  using Paths =
      std::function<absl::StatusOr<std::vector<Hash>>(const MerkleTree&, TileReader read_tile)>;

  // Asks the stored tiles; when what they say is damaged, once more with those of each level made
  // anew, one level after another.
  absl::StatusOr<std::vector<Hash>> Sound(const Readable& store, const TreeHead& head,
                                          const Paths& paths);
  absl::StatusOr<std::vector<Hash>> Try(const Readable& store, const TreeHead& head,
                                        Rebuilt rebuilt, const Paths& paths);
  // The tree of head.size records or more.
  absl::StatusOr<std::shared_ptr<const MerkleTree>> Reach(const Readable& store,
                                                          const TreeHead& head, Rebuilt rebuilt);
  absl::StatusOr<std::string> TileOf(const Readable& store, const TileId& id,
                                     Rebuilt rebuilt) const;

  const std::function<void(const absl::Status&)> on_damage_;
  Mutex mutex_;
  std::shared_ptr<const MerkleTree> tree_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_PROVER_H_
