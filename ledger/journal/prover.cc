// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/prover.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/tile.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

// Leaves that are hashed to catch up; from farther behind the tiles are fewer reads.
constexpr std::uint64_t kCatchUpLeavesMax = 4'096;
constexpr unsigned kTileBits = 8;       // 2^8 == kTileHashes.
constexpr unsigned kTileLevelsMax = 8;  // As many have a sequence of 64 bits.

absl::StatusOr<std::vector<Hash>> Leaves(const Readable& store, Sequence from,
                                         std::uint64_t count) {
  std::vector<Hash> leaves;
  if (count == 0) return leaves;
  leaves.reserve(count);
  PUHUI_RETURN_IF_ERROR(
      ReadRecords(store, from, count, [&leaves](Sequence /*sequence*/, absl::string_view record) {
        leaves.push_back(LeafHash(record));
        return absl::StatusOr<bool>(true);
      }));
  if (leaves.size() != count) {
    return absl::DataLossError(
        absl::StrCat("the journal ends with record ", from + leaves.size() - 1));
  }
  return leaves;
}

// Of one record alone: nothing beside it is read, as for a walk.
absl::StatusOr<Hash> LeafOf(const Readable& store, Sequence sequence) {
  Hash leaf{};
  PUHUI_RETURN_IF_ERROR(
      ReadRecordsAt(store, {sequence}, [&leaf](Sequence, absl::string_view record) {
        leaf = LeafHash(record);
        return absl::StatusOr<bool>(true);
      }));
  return leaf;
}

// The root over a complete tile.
Hash RootOfTile(absl::string_view tile) {
  MerkleFrontier frontier;
  // Hashes of any level are put together as leaves are.
  for (std::size_t at = 0; at < tile.size(); at += sizeof(Hash)) {
    frontier.Append(HashFromBytes(tile.substr(at, sizeof(Hash))));
  }
  return frontier.Root();
}

}  // namespace

absl::StatusOr<std::string> RebuildTile(const Readable& store, const TileId& id) {
  return TileBeginning(store, id, kTileHashes);
}

absl::StatusOr<std::string> TileBeginning(const Readable& store, const TileId& id,
                                          std::size_t width) {
  std::string bytes;
  bytes.reserve(width * sizeof(Hash));
  const auto add = [&bytes](const Hash& hash) { bytes.append(AsBytes(hash).data(), hash.size()); };
  const std::uint64_t first = id.index * kTileHashes;
  if (id.level == 0) {
    PUHUI_ASSIGN_OR_RETURN(const std::vector<Hash> leaves, Leaves(store, first + 1, width));
    std::for_each(leaves.begin(), leaves.end(), add);
    return bytes;
  }
  for (std::uint64_t below = first; below < first + width; ++below) {
    const TileId part{static_cast<std::uint8_t>(id.level - 1), below};
    absl::StatusOr<std::string> tile = ReadTile(store, part);
    if (absl::IsDataLoss(tile.status())) tile = RebuildTile(store, part);
    PUHUI_RETURN_IF_ERROR(tile.status());
    add(RootOfTile(*tile));
  }
  return bytes;
}

absl::StatusOr<std::vector<Hash>> Prover::Inclusion(const Readable& store, const TreeHead& head,
                                                    Sequence sequence, std::uint64_t size) {
  PUHUI_CHECK(1 <= sequence && sequence <= size);
  PUHUI_ASSIGN_OR_RETURN(const Hash leaf, LeafOf(store, sequence));
  return Inclusion(store, head, TreeLeaf{.index = sequence - 1, .hash = leaf}, size);
}

absl::StatusOr<std::vector<Hash>> Prover::Inclusion(const Readable& store, const TreeHead& head,
                                                    const TreeLeaf& leaf, std::uint64_t size) {
  PUHUI_CHECK(leaf.index < size && size <= head.size);
  PUHUI_ASSIGN_OR_RETURN(const Hash root, Root(store, head, size));
  return Sound(store, head,
               [&](const MerkleTree& tree, TileReader read) -> absl::StatusOr<std::vector<Hash>> {
                 PUHUI_ASSIGN_OR_RETURN(std::vector<Hash> path,
                                        tree.InclusionPath(leaf.index, size, read));
                 if (VerifyInclusion(leaf.hash, leaf.index, size, path, root)) return path;
                 return absl::DataLossError(absl::StrCat("the tiles do not lead from record ",
                                                         leaf.index + 1, " to the signed head"));
               });
}

absl::StatusOr<std::vector<Hash>> Prover::Consistency(const Readable& store, const TreeHead& head,
                                                      std::uint64_t first, std::uint64_t second) {
  PUHUI_CHECK(first <= second && second <= head.size);
  PUHUI_ASSIGN_OR_RETURN(const Hash first_root, Root(store, head, first));
  PUHUI_ASSIGN_OR_RETURN(const Hash second_root, Root(store, head, second));
  return Sound(
      store, head,
      [&](const MerkleTree& tree, TileReader read) -> absl::StatusOr<std::vector<Hash>> {
        PUHUI_ASSIGN_OR_RETURN(std::vector<Hash> path, tree.ConsistencyPath(first, second, read));
        if (VerifyConsistency({first, first_root}, {second, second_root}, path)) {
          return path;
        }
        return absl::DataLossError(
            absl::StrCat("the tiles do not lead from ", first, " to ", second, " records"));
      });
}

// A root by itself says nothing about the tiles that it came from: the path to the signed head
// does.
absl::StatusOr<Hash> Prover::Root(const Readable& store, const TreeHead& head, std::uint64_t size) {
  PUHUI_CHECK(size <= head.size);
  if (size == head.size) return head.root;
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<Hash> root,
      Sound(store, head,
            [&](const MerkleTree& tree, TileReader read) -> absl::StatusOr<std::vector<Hash>> {
              PUHUI_ASSIGN_OR_RETURN(const Hash at, tree.RootAt(size, read));
              PUHUI_ASSIGN_OR_RETURN(const std::vector<Hash> path,
                                     tree.ConsistencyPath(size, head.size, read));
              if (VerifyConsistency({size, at}, head, path)) return std::vector<Hash>{at};
              return absl::DataLossError(
                  absl::StrCat("the tiles of ", size, " records do not lead to the signed head"));
            }));
  return root.front();
}

absl::StatusOr<std::vector<Hash>> Prover::Sound(const Readable& store, const TreeHead& head,
                                                const Paths& paths) {
  absl::StatusOr<std::vector<Hash>> sound = Try(store, head, absl::nullopt, paths);
  if (!absl::IsDataLoss(sound.status())) return sound;
  on_damage_(sound.status());
  for (unsigned level = 0; level < kTileLevelsMax && absl::IsDataLoss(sound.status()); ++level) {
    if (level > 0 && head.size >> (kTileBits * level) == 0) break;
    sound = Try(store, head, level, paths);
  }
  return sound;
}

absl::StatusOr<std::vector<Hash>> Prover::Try(const Readable& store, const TreeHead& head,
                                              Rebuilt rebuilt, const Paths& paths) {
  PUHUI_ASSIGN_OR_RETURN(const std::shared_ptr<const MerkleTree> tree, Reach(store, head, rebuilt));
  return paths(*tree, [&](const TileId& id) { return TileOf(store, id, rebuilt); });
}

absl::StatusOr<std::string> Prover::TileOf(const Readable& store, const TileId& id,
                                           Rebuilt rebuilt) const {
  if (rebuilt == id.level) return RebuildTile(store, id);
  absl::StatusOr<std::string> stored = ReadTile(store, id);
  if (rebuilt.has_value() && absl::IsDataLoss(stored.status())) return RebuildTile(store, id);
  return stored;
}

absl::StatusOr<std::shared_ptr<const MerkleTree>> Prover::Reach(const Readable& store,
                                                                const TreeHead& head,
                                                                Rebuilt rebuilt) {
  MutexLock lock(&mutex_);
  const auto read_tile = [&](const TileId& id) { return TileOf(store, id, rebuilt); };
  std::shared_ptr<MerkleTree> tree;
  if (tree_ != nullptr && !rebuilt.has_value()) {
    if (tree_->size() >= head.size) return tree_;
    if (head.size - tree_->size() <= kCatchUpLeavesMax) {
      tree = std::make_shared<MerkleTree>(*tree_);
      PUHUI_ASSIGN_OR_RETURN(const std::vector<Hash> leaves,
                             Leaves(store, tree->size() + 1, head.size - tree->size()));
      for (const Hash& leaf : leaves) tree->Append(leaf);
      tree->TakeCompletedTiles();  // They are stored by now.
    }
  }
  if (tree == nullptr) {
    const std::uint64_t in_tiles = head.size - head.size % kTileHashes;
    PUHUI_ASSIGN_OR_RETURN(const std::vector<Hash> leaves,
                           Leaves(store, in_tiles + 1, head.size - in_tiles));
    PUHUI_ASSIGN_OR_RETURN(
        MerkleTree recovered,
        MerkleTree::Recover(head.size, read_tile, [&](Sequence sequence) -> absl::StatusOr<Hash> {
          return leaves.at(sequence - 1 - in_tiles);
        }));
    tree = std::make_shared<MerkleTree>(std::move(recovered));
  }
  if (tree->Root() != head.root) {
    tree_ = nullptr;
    return absl::DataLossError(
        absl::StrCat("the root of ", head.size, " records is not the one that was signed"));
  }
  tree_ = std::move(tree);
  return tree_;
}

}  // namespace puhui::ledger
