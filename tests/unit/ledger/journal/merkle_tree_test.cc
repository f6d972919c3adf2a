// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/merkle.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/journal/naive_tree.h"

#include <gtest/gtest.h>

#include <map>

namespace puhui::ledger {
namespace {

// A tree whose tiles are kept in a map, as the store would keep them.
struct Log {
  MerkleTree tree;
  std::map<std::string, std::string> tiles;
  int reads = 0;

  void Append(const Hash& leaf) {
    tree.Append(leaf);
    for (Tile& tile : tree.TakeCompletedTiles()) {
      EXPECT_EQ(tile.bytes.size(), kTileBytes);
      EXPECT_TRUE(tiles.emplace(TileKey(tile.id), std::move(tile.bytes)).second);
    }
  }
  absl::StatusOr<std::string> Read(const TileId& id) {
    ++reads;
    const auto found = tiles.find(TileKey(id));
    if (found == tiles.end()) return absl::DataLossError("no such tile");
    return found->second;
  }
  auto reader() {
    return [this](const TileId& id) { return Read(id); };
  }
};

Log LogOf(NaiveTree& naive, std::size_t size) {
  Log log;
  for (std::size_t i = 0; i < size; ++i) log.Append(naive.leaf(i));
  return log;
}

// Distinct and cheap: leaves need not be real hashes.
Hash CheapLeaf(std::uint64_t index) {
  Hash hash{};
  for (std::size_t i = 0; i < 8; ++i) hash.at(i) = static_cast<std::uint8_t>(index >> (8 * i));
  return hash;
}

TEST(MerkleTreeTest, KnowsEveryEarlierRoot) {
  NaiveTree naive(1'100);
  Log log = LogOf(naive, 1'100);
  const auto read = log.reader();
  for (std::size_t size = 0; size <= 1'100; ++size) {
    ASSERT_OK_AND_ASSIGN(const Hash root, log.tree.RootAt(size, read));
    ASSERT_EQ(root, naive.Root(0, size)) << size;
  }
}

TEST(MerkleTreeTest, GivesThePathOfEveryLeaf) {
  NaiveTree naive(1'100);
  Log log = LogOf(naive, 1'100);
  const auto read = log.reader();
  SeededRandom random(1);
  for (std::size_t size = 1; size <= 1'100; ++size) {
    const std::size_t picks[] = {0, size - 1, random.Below(size), random.Below(size)};
    for (const std::size_t index : picks) {
      ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, log.tree.InclusionPath(index, size, read));
      ASSERT_EQ(path, naive.Path(index, 0, size)) << index << " of " << size;
    }
  }
}

TEST(MerkleTreeTest, GivesThePathBetweenAnyTwoSizes) {
  NaiveTree naive(1'100);
  Log log = LogOf(naive, 1'100);
  const auto read = log.reader();
  SeededRandom random(2);
  for (std::size_t second = 1; second <= 1'100; ++second) {
    const std::size_t picks[] = {1, second, 1 + random.Below(second), std::bit_floor(second)};
    for (const std::size_t first : picks) {
      ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                           log.tree.ConsistencyPath(first, second, read));
      ASSERT_EQ(path, naive.Subproof(first, 0, second, true)) << first << " to " << second;
    }
    ASSERT_OK_AND_ASSIGN(const std::vector<Hash> empty, log.tree.ConsistencyPath(0, second, read));
    ASSERT_TRUE(empty.empty());
  }
}

TEST(MerkleTreeTest, TilesHoldTheRootsOfTheTilesBelow) {
  NaiveTree naive(66'000);
  Log log = LogOf(naive, 66'000);
  ASSERT_EQ(log.tiles.size(), 66'000u / 256 + 1);
  const std::string& top = log.tiles.at(TileKey({1, 0}));
  for (std::size_t i = 0; i < 256; ++i) {
    ASSERT_EQ(HashFromBytes(top.substr(i * 32, 32)), naive.Root(i * 256, i * 256 + 256));
    const std::string& leaves = log.tiles.at(TileKey({0, i}));
    ASSERT_EQ(HashFromBytes(leaves.substr(32, 32)), naive.leaf(i * 256 + 1));
  }
  // With two levels of complete tiles, proofs still agree with the definition.
  const auto read = log.reader();
  for (const std::size_t index : {0u, 255u, 256u, 40'000u, 65'535u, 65'536u, 65'999u}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, log.tree.InclusionPath(index, 66'000, read));
    EXPECT_TRUE(VerifyInclusion(naive.leaf(index), index, 66'000, path, log.tree.Root()));
  }
}

TEST(MerkleTreeTest, ReadsFewTilesForAPath) {
  Log log;
  for (std::uint64_t i = 0; i < 70'000; ++i) log.Append(CheapLeaf(i));
  ASSERT_OK(log.tree.InclusionPath(12'345, 70'000, log.reader()));
  EXPECT_LE(log.reads, 2);
}

TEST(MerkleTreeTest, ServesTilesThatWereNotTakenYet) {
  NaiveTree naive(600);
  MerkleTree tree;
  for (std::size_t i = 0; i < 600; ++i) tree.Append(naive.leaf(i));
  const auto none = [](const TileId&) -> absl::StatusOr<std::string> {
    return absl::InternalError("nothing is stored");
  };
  ASSERT_OK_AND_ASSIGN(const Hash root, tree.RootAt(300, none));
  EXPECT_EQ(root, naive.Root(0, 300));
}

TEST(MerkleTreeTest, RecoversAtEverySize) {
  constexpr std::uint64_t kSize = 70'000;
  SeededRandom random(3);
  Log log;
  for (std::uint64_t size = 0; size <= kSize; ++size) {
    const bool edge = size % 256 <= 1 || size % 256 == 255 || size % 65'536 <= 2;
    if (size < 300 || (edge && random.Below(40) == 0) || random.Below(4'000) == 0 ||
        size == kSize) {
      ASSERT_OK_AND_ASSIGN(
          MerkleTree copy,
          MerkleTree::Recover(size, log.reader(), [&](Sequence sequence) -> absl::StatusOr<Hash> {
            EXPECT_GT(sequence, size - size % 256);
            EXPECT_LE(sequence, size);
            return CheapLeaf(sequence - 1);
          }));
      ASSERT_EQ(copy.size(), size);
      ASSERT_EQ(copy.Root(), log.tree.Root()) << size;
      // It also goes on as the original does, tiles included.
      MerkleTree original = log.tree;
      for (std::uint64_t i = 0; i < 300; ++i) {
        copy.Append(CheapLeaf(size + i));
        original.Append(CheapLeaf(size + i));
      }
      ASSERT_EQ(copy.Root(), original.Root()) << size;
      const std::vector<Tile> ours = copy.TakeCompletedTiles();
      const std::vector<Tile> theirs = original.TakeCompletedTiles();
      ASSERT_EQ(ours.size(), theirs.size()) << size;
      for (std::size_t i = 0; i < ours.size(); ++i) {
        ASSERT_EQ(ours[i].id, theirs[i].id);
        ASSERT_EQ(ours[i].bytes, theirs[i].bytes);
      }
    }
    log.Append(CheapLeaf(size));
  }
}

TEST(MerkleTreeTest, RefusesSizesItDoesNotHave) {
  NaiveTree naive(10);
  Log log = LogOf(naive, 10);
  const auto read = log.reader();
  EXPECT_THAT(log.tree.RootAt(11, read), HasCode(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(log.tree.InclusionPath(0, 11, read), HasCode(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(log.tree.InclusionPath(5, 5, read), HasCode(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(log.tree.InclusionPath(0, 0, read), HasCode(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(log.tree.ConsistencyPath(6, 5, read), HasCode(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(log.tree.ConsistencyPath(6, 11, read), HasCode(absl::StatusCode::kOutOfRange));
}

TEST(MerkleTreeTest, RefusesATileOfTheWrongSize) {
  NaiveTree naive(300);
  Log log = LogOf(naive, 300);
  log.tiles.at(TileKey({0, 0})).pop_back();
  EXPECT_THAT(log.tree.InclusionPath(0, 300, log.reader()), HasCode(absl::StatusCode::kDataLoss));
  const auto no_leaf = [](Sequence) -> absl::StatusOr<Hash> { return Hash{}; };
  EXPECT_THAT(MerkleTree::Recover(300, log.reader(), no_leaf),
              HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::ledger
