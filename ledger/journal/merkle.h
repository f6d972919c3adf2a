// SPDX-License-Identifier: Apache-2.0
// The Merkle tree over the journal, hashed as in RFC 9162 (and RFC 6962), so that any Certificate
// Transparency verifier can check it. The leaf of record `sequence` has index sequence - 1.
#ifndef PUHUI_LEDGER_JOURNAL_MERKLE_H_
#define PUHUI_LEDGER_JOURNAL_MERKLE_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/tile.h"

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

// SHA-256(0x00 ‖ record), SHA-256(0x01 ‖ left ‖ right), SHA-256 of nothing.
// Threads: safe.
Hash LeafHash(absl::string_view record);
Hash NodeHash(const Hash& left, const Hash& right);
Hash EmptyRoot();

// Whether `path` proves that the leaf `index` of the tree of `size` leaves with `root` is `leaf`
// (RFC 9162, 2.1.3.2).
bool VerifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                     absl::Span<const Hash> path, const Hash& root);

// A leaf and its place.
struct TreeLeaf {
  std::uint64_t index = 0;
  Hash hash{};
};

// The size and root of a tree: what a checkpoint signs.
struct TreeHead {
  std::uint64_t size = 0;
  Hash root{};
};
// Whether `path` proves that the tree of `second` begins with the tree of `first` (RFC
// 9162, 2.1.4.2).
bool VerifyConsistency(const TreeHead& first, const TreeHead& second, absl::Span<const Hash> path);

// Just enough of the tree to append to it and to know its root: one hash per complete subtree.
// Threads: none.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;
  // Takes the root of the last complete subtree of 2^height leaves from `node`, once per set bit of
  // `size`.
  MerkleFrontier(std::uint64_t size, absl::FunctionRef<Hash(unsigned height)> node);

  void Append(const Hash& leaf);
  std::uint64_t size() const { return size_; }
  // Costs one hash per set bit of the size.
  Hash Root() const;

  // The root of the last complete subtree of 2^height leaves.
  // Requires: that bit of size() is set, or the last Append completed that subtree.
  const Hash& node(unsigned height) const { return nodes_.at(height); }

 private:
  std::uint64_t size_ = 0;
  std::array<Hash, 64> nodes_{};
};

// Where complete tiles are read from, and leaf hashes. A reader is called in the course of one call
// only.
using TileReader = absl::FunctionRef<absl::StatusOr<std::string>(const TileId&)>;
using LeafReader = absl::FunctionRef<absl::StatusOr<Hash>(Sequence)>;

// The whole tree: complete tiles go out as they fill and are read back for proofs; the incomplete
// ones are held here, at most 255 hashes per level. A copy costs some 10 to 30 KB and serves proofs
// while the original grows.
// Threads: none for Append and TakeCompletedTiles; the const calls are safe on a tree that does not
// change.
class MerkleTree {
 public:
  MerkleTree() = default;

  // The tree of `size` leaves, from its complete tiles and the leaves that are not in one. Reads at
  // most 255 tiles per level. What the tiles say is trusted: compare Root() with a checkpoint.
  // Fails: kDataLoss when a tile is not kTileBytes long; as the readers.
  static absl::StatusOr<MerkleTree> Recover(std::uint64_t size, TileReader read_tile,
                                            LeafReader read_leaf);

  void Append(const Hash& leaf);
  // The tiles completed since the last call, in the order of their completion, but for those that
  // were not when it had `size` leaves. Until they are taken proofs find them here.
  std::vector<Tile> TakeCompletedTiles(std::uint64_t size = UINT64_MAX);

  std::uint64_t size() const { return frontier_.size(); }
  Hash Root() const { return frontier_.Root(); }
  const MerkleFrontier& frontier() const { return frontier_; }
  // The hashes of the incomplete tile of `level`, one after another; it may have none.
  absl::string_view Incomplete(unsigned level) const {
    return level < partial_.size() ? absl::string_view(partial_[level]) : absl::string_view();
  }

  // The root, and the paths of RFC 9162, of the tree as it was at `size`.
  // Fails: kOutOfRange when a size is above size(), or index >= size, or first > second; kDataLoss
  // when a tile is not kTileBytes long; as the reader.
  absl::StatusOr<Hash> RootAt(std::uint64_t size, TileReader read_tile) const;
  absl::StatusOr<std::vector<Hash>> InclusionPath(std::uint64_t index, std::uint64_t size,
                                                  TileReader read_tile) const;
  absl::StatusOr<std::vector<Hash>> ConsistencyPath(std::uint64_t first, std::uint64_t second,
                                                    TileReader read_tile) const;

 private:
  class Subtrees;

  MerkleFrontier frontier_;
  std::vector<std::string>
      partial_;  // By level: the hashes of the incomplete tile, one after another.
  std::vector<Tile> completed_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_MERKLE_H_
