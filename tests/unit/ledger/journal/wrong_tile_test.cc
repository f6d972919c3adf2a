// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/wrong_tile.h"

#include "tests/support/status_matchers.h"
#include "tests/support/stored_log.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::ledger::wrong_tile_test {
namespace {

// One tile of 256 tiles and three more, and records that are in none.
constexpr std::uint64_t kRecords = 65'536 + 3 * kTileHashes + 40;

class WrongTileTest : public ::testing::Test {
 protected:
  void SetUp() override { log_.Grow(kRecords); }

  absl::optional<TileId> Find(Sequence sequence) const {
    const auto found = FindWrongTile(log_.store(), log_.head(), sequence);
    EXPECT_OK(found);
    return found.value_or(absl::nullopt);
  }
  void Alter(const TileId& id, std::size_t at) {
    auto bytes = ReadTile(log_.store(), id);
    ASSERT_OK(bytes);
    (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1);
    log_.Put(id, *std::move(bytes));
  }

  StoredLog log_;
};

TEST_F(WrongTileTest, FindsNoneWhereAllAreAsTheyWere) {
  for (const Sequence sequence : {Sequence{1}, Sequence{65'600}, Sequence{kRecords}}) {
    EXPECT_EQ(Find(sequence), absl::nullopt);
  }
}

TEST_F(WrongTileTest, FindsTheOneOverARecordWhereverItsDamageIs) {
  for (const std::size_t at : {std::size_t{0}, 99 * sizeof(Hash), kTileBytes - 1}) {
    Alter({0, 0}, at);
    EXPECT_EQ(Find(100), (TileId{0, 0}));
    EXPECT_EQ(Find(300), absl::nullopt) << "whose tiles are sound";
    Alter({0, 0}, at);
  }
  EXPECT_EQ(Find(100), absl::nullopt);
  Alter({1, 0}, 7);
  EXPECT_EQ(Find(1), (TileId{1, 0}));
  Alter({1, 0}, 7);
  log_.Remove({0, 5});
  EXPECT_EQ(Find(5 * kTileHashes + 1), (TileId{0, 5}));
}

TEST_F(WrongTileTest, FindsTheOneThatTheLastRecordsStandBeside) {
  Alter({0, 257}, 7);
  EXPECT_EQ(Find(kRecords), (TileId{0, 257}));
  Alter({0, 257}, 7);
  log_.Remove({1, 0});
  EXPECT_EQ(Find(kRecords), (TileId{1, 0}));
}

// Its checksum fits, so that only the head tells it from a damaged tile.
TEST(AlteredRecordTest, IsNoWrongTile) {
  const auto altered = [](Sequence sequence) {
    return sequence == 7 ? std::string("other") : StoredLog::PlainRecord(sequence);
  };
  StoredLog log;
  log.Grow(1'300);
  StoredLog other;
  other.Grow(1'300, altered);
  const auto tile = ReadTile(log.store(), {0, 0});
  ASSERT_OK(tile);
  other.Put({0, 0}, *tile);
  EXPECT_NE(log.head().root, other.head().root);
  for (const Sequence sequence : {Sequence{7}, Sequence{8}}) {
    ASSERT_OK_AND_ASSIGN(const auto found, FindWrongTile(other.store(), log.head(), sequence));
    EXPECT_EQ(found, absl::nullopt);
  }
  other.DropFirstSegment();
  EXPECT_THAT(FindWrongTile(other.store(), log.head(), 7), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::ledger::wrong_tile_test
