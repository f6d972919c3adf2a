// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/status_macros.h"
#include "ledger/journal/merkle.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr unsigned kTileHeight = 8;  // 2^8 == kTileHashes.

// How many hashes level `level` has in a tree of `size` leaves.
std::uint64_t HashesAt(std::uint64_t size, unsigned level) {
  return level * kTileHeight < 64 ? size >> (level * kTileHeight) : 0;
}

absl::string_view HashAt(absl::string_view hashes, std::size_t index) {
  return hashes.substr(index * sizeof(Hash), sizeof(Hash));
}

void AppendHash(const Hash& hash, std::string& hashes) {
  hashes.append(AsBytes(hash).data(), hash.size());
}

// The root over the `count` hashes from `begin` on. `count` is a power of two.
Hash RootOver(absl::string_view hashes, std::size_t begin, std::size_t count) {
  std::vector<Hash> row(count);
  for (std::size_t i = 0; i < count; ++i) row[i] = HashFromBytes(HashAt(hashes, begin + i));
  for (; count > 1; count /= 2) {
    for (std::size_t i = 0; i < count / 2; ++i) row[i] = NodeHash(row[2 * i], row[2 * i + 1]);
  }
  return row.front();
}

absl::StatusOr<std::string> ReadWholeTile(const TileId& id, TileReader read_tile) {
  PUHUI_ASSIGN_OR_RETURN(std::string bytes, read_tile(id));
  if (bytes.size() != kTileBytes) {
    return absl::DataLossError(absl::StrCat("tile ", id.index, " of level ", id.level, " has ",
                                            bytes.size(), " bytes, want ", kTileBytes));
  }
  return bytes;
}

// The largest power of two below `size`: where RFC 9162 splits a tree. Requires: size >= 2.
std::uint64_t SplitOf(std::uint64_t size) { return std::bit_floor(size - 1); }

}  // namespace

// The roots of subtrees of one tree, for the length of one call. Remembers the last tile: paths
// visit one many times.
class MerkleTree::Subtrees {
 public:
  Subtrees(const MerkleTree& tree, TileReader read_tile) : tree_(tree), read_tile_(read_tile) {}

  // The root over the leaves [begin, end).
  // Requires: begin < end, and begin is a multiple of a power of two that is not below end - begin.
  absl::StatusOr<Hash> Over(std::uint64_t begin, std::uint64_t end) {
    std::vector<Hash> roots;  // Of the complete subtrees, the largest first.
    while (begin < end) {
      const auto height = static_cast<unsigned>(std::bit_width(end - begin) - 1);
      PUHUI_ASSIGN_OR_RETURN(const Hash root, Complete(height, begin >> height));
      roots.push_back(root);
      begin += std::uint64_t{1} << height;
    }
    Hash root = roots.back();
    roots.pop_back();
    for (; !roots.empty(); roots.pop_back()) root = NodeHash(roots.back(), root);
    return root;
  }

 private:
  // The root of complete subtree `index` among those of 2^height leaves; it lies within one tile.
  absl::StatusOr<Hash> Complete(unsigned height, std::uint64_t index) {
    const unsigned height_in_tile = height % kTileHeight;
    const std::uint64_t begin = index << height_in_tile;
    const TileId id{static_cast<std::uint8_t>(height / kTileHeight), begin / kTileHashes};
    PUHUI_ASSIGN_OR_RETURN(const absl::string_view hashes, Hashes(id));
    return RootOver(hashes, begin % kTileHashes, std::size_t{1} << height_in_tile);
  }

  absl::StatusOr<absl::string_view> Hashes(const TileId& id) {
    if (id.index == HashesAt(tree_.size(), id.level) / kTileHashes) {
      return tree_.partial_.at(id.level);
    }
    for (const Tile& tile : tree_.completed_) {
      if (tile.id == id) return tile.bytes;
    }
    if (last_.bytes.empty() || !(last_.id == id)) {
      PUHUI_ASSIGN_OR_RETURN(last_.bytes, ReadWholeTile(id, read_tile_));
      last_.id = id;
    }
    return last_.bytes;
  }

  const MerkleTree& tree_;
  TileReader read_tile_;
  Tile last_;
};

absl::StatusOr<MerkleTree> MerkleTree::Recover(std::uint64_t size, TileReader read_tile,
                                               LeafReader read_leaf) {
  MerkleTree tree;
  for (unsigned level = 0; HashesAt(size, level) > 0; ++level) {
    const std::uint64_t end = HashesAt(size, level);
    std::string& hashes = tree.partial_.emplace_back();
    for (std::uint64_t index = end - end % kTileHashes; index < end; ++index) {
      if (level == 0) {
        PUHUI_ASSIGN_OR_RETURN(const Hash leaf, read_leaf(index + 1));
        AppendHash(leaf, hashes);
      } else {
        const TileId below{static_cast<std::uint8_t>(level - 1), index};
        PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ReadWholeTile(below, read_tile));
        AppendHash(RootOver(bytes, 0, kTileHashes), hashes);
      }
    }
  }
  tree.frontier_ = MerkleFrontier(size, [&](unsigned height) {
    // The subtrees of the frontier are not complete tiles, so all their hashes are in the partial
    // ones.
    const unsigned level = height / kTileHeight;
    const unsigned height_in_tile = height % kTileHeight;
    const std::uint64_t last = (HashesAt(size, level) >> height_in_tile) - 1;
    return RootOver(tree.partial_.at(level), (last << height_in_tile) % kTileHashes,
                    std::size_t{1} << height_in_tile);
  });
  return tree;
}

void MerkleTree::Append(const Hash& leaf) {
  frontier_.Append(leaf);
  // A tile that fills up is a hash of the level above, where it may fill up the next.
  for (unsigned level = 0;; ++level) {
    if (level == partial_.size()) partial_.emplace_back();
    std::string& hashes = partial_[level];
    hashes.reserve(kTileBytes);
    AppendHash(frontier_.node(level * kTileHeight), hashes);
    if (hashes.size() < kTileBytes) return;
    const std::uint64_t index = HashesAt(size(), level) / kTileHashes - 1;
    completed_.push_back({{static_cast<std::uint8_t>(level), index}, std::exchange(hashes, {})});
  }
}

std::vector<Tile> MerkleTree::TakeCompletedTiles(std::uint64_t size) {
  const auto later = std::find_if(completed_.begin(), completed_.end(), [size](const Tile& tile) {
    return tile.id.index >= HashesAt(size, tile.id.level) / kTileHashes;
  });
  std::vector<Tile> rest(std::make_move_iterator(later), std::make_move_iterator(completed_.end()));
  completed_.erase(later, completed_.end());
  return std::exchange(completed_, std::move(rest));
}

absl::StatusOr<Hash> MerkleTree::RootAt(std::uint64_t size, TileReader read_tile) const {
  if (size > this->size()) return absl::OutOfRangeError("the tree is not that large");
  if (size == this->size()) return Root();
  if (size == 0) return EmptyRoot();
  return Subtrees(*this, read_tile).Over(0, size);
}

absl::StatusOr<std::vector<Hash>> MerkleTree::InclusionPath(std::uint64_t index, std::uint64_t size,
                                                            TileReader read_tile) const {
  if (size > this->size()) return absl::OutOfRangeError("the tree is not that large");
  if (index >= size) return absl::OutOfRangeError("the tree has no such leaf");
  Subtrees subtrees(*this, read_tile);
  std::vector<Hash> path;
  for (std::uint64_t begin = 0, end = size; end - begin > 1;) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    const bool left = index < middle;
    PUHUI_ASSIGN_OR_RETURN(const Hash other,
                           left ? subtrees.Over(middle, end) : subtrees.Over(begin, middle));
    path.push_back(other);
    (left ? end : begin) = middle;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

absl::StatusOr<std::vector<Hash>> MerkleTree::ConsistencyPath(std::uint64_t first,
                                                              std::uint64_t second,
                                                              TileReader read_tile) const {
  if (second > this->size()) return absl::OutOfRangeError("the tree is not that large");
  if (first > second) return absl::OutOfRangeError("the first tree is larger than the second");
  std::vector<Hash> path;
  if (first == 0 || first == second) return path;
  Subtrees subtrees(*this, read_tile);
  std::uint64_t begin = 0;
  std::uint64_t end = second;
  while (end != first) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    const bool left = first <= middle;
    PUHUI_ASSIGN_OR_RETURN(const Hash other,
                           left ? subtrees.Over(middle, end) : subtrees.Over(begin, middle));
    path.push_back(other);
    (left ? end : begin) = middle;
  }
  // When nothing was left behind, what remains is the first tree itself, whose root the verifier
  // has.
  if (begin != 0) {
    PUHUI_ASSIGN_OR_RETURN(const Hash rest, subtrees.Over(begin, end));
    path.push_back(rest);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace puhui::ledger
