// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/tile.h"

#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

namespace puhui::ledger {
namespace {

TEST(TileTest, KeyBytesAreFrozen) {
  EXPECT_EQ(ToHex(TileKey({0, 0})), "000000000000000000");
  EXPECT_EQ(ToHex(TileKey({1, 0x0102030405060708})), "010102030405060708");
}

TEST(TileTest, KeysSortByLevelThenIndex) {
  EXPECT_LT(TileKey({0, 255}), TileKey({0, 256}));
  EXPECT_LT(TileKey({0, ~std::uint64_t{0}}), TileKey({1, 0}));
}

TEST(TileTest, ReadsWholeTilesOnly) {
  MemoryStore store;
  WriteBatch batch;
  batch.Put(Family::kTiles, TileKey({0, 7}), std::string(kTileBytes, 't'));
  batch.Put(Family::kTiles, TileKey({0, 8}), std::string(kTileBytes - 1, 't'));
  ASSERT_OK(store.Commit(batch, Durability::kView));
  ASSERT_OK_AND_ASSIGN(const std::string bytes, ReadTile(store, {0, 7}));
  EXPECT_EQ(bytes, std::string(kTileBytes, 't'));
  EXPECT_THAT(ReadTile(store, {0, 8}), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ReadTile(store, {0, 9}), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::ledger
