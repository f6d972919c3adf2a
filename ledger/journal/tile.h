// SPDX-License-Identifier: Apache-2.0
// Tiles: the complete subtrees of the Merkle tree in rows of 256, in the shape of C2SP tlog-tiles.
#ifndef PUHUI_LEDGER_JOURNAL_TILE_H_
#define PUHUI_LEDGER_JOURNAL_TILE_H_

#include "ledger/crypto/hash.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::ledger {

inline constexpr std::size_t kTileHashes = 256;
inline constexpr std::size_t kTileBytes = kTileHashes * sizeof(Hash);

// Tile `index` of `level` holds the hashes 256 * index to 256 * index + 255 of that level. Level 0
// is the leaves; a hash of level k is the root of one complete tile of level k - 1, and so of 256^k
// leaves.
struct TileId {
  std::uint8_t level = 0;
  std::uint64_t index = 0;
  friend bool operator==(const TileId&, const TileId&) = default;
};

// A complete tile. It never changes again.
struct Tile {
  TileId id;
  std::string bytes;  // kTileBytes.
};

// The key in Family::kTiles: the level in one byte, the index big-endian.
std::string TileKey(const TileId& id);

// The bytes of a complete tile.
// Fails: kDataLoss, naming the tile, when it is absent or not kTileBytes long; as Readable
// otherwise.
absl::StatusOr<std::string> ReadTile(const Readable& readable, const TileId& id);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_TILE_H_
