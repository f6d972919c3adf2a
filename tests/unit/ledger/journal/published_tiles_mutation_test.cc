// SPDX-License-Identifier: Apache-2.0
// Whatever is changed of a folder of published tiles: its reader gives the tree that was signed, or
// nothing.
#include "ledger/journal/published_tiles.h"
#include "tests/support/rounds.h"
#include "tests/support/status_matchers.h"
#include "tests/support/stored_log.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <vector>

namespace puhui::ledger::published_tiles_mutation_test {
namespace {

const KeyChain& FolderKeys() {
  static const auto* const keys =
      new KeyChain(SigningKey::FromSeed(std::string(32, 'l')).verify_key());
  return *keys;
}

class PublishedTilesMutationTest : public ::testing::Test {
 protected:
  // Of so many records, in as many steps as it takes.
  void Publish(std::uint64_t records) {
    log_.Grow(records);
    const std::string note = log_.Note(SigningKey::FromSeed(std::string(32, 'l')));
    TilePublisher publisher({.folder = dir_.path(), .keys = FolderKeys()}, &prover_);
    for (bool reached = false; !reached;) {
      ASSERT_OK_AND_ASSIGN(reached, publisher.Step(log_.store(), note));
    }
  }
  absl::StatusOr<MerkleTree> Tree() const { return ReadPublishedTree(dir_.path(), FolderKeys()); }
  absl::StatusOr<std::vector<Hash>> PathFrom(std::uint64_t first) const {
    return ReadPublishedConsistency(dir_.path(), FolderKeys(), first, log_.head());
  }
  // Calls `look` with each `stride`th byte of the file changed in one bit, one after another.
  template <class Look>
  void ChangeEach(const std::string& name, std::size_t stride, Look look) {
    const std::string path = dir_.Join(name);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    ASSERT_TRUE(file.is_open()) << name;
    const std::size_t size = std::filesystem::file_size(path);
    for (std::size_t at = 0; at < size; at += stride) {
      const auto put = [&file, at](int byte) {
        file.seekp(static_cast<std::streamoff>(at));
        file.put(static_cast<char>(byte)).flush();
      };
      file.seekg(static_cast<std::streamoff>(at));
      const int whole = file.get();
      put(whole ^ (1 << (at % 8)));
      look(at);
      put(whole);
    }
  }
  void ExpectRefused(const std::string& name, std::size_t stride) {
    SCOPED_TRACE(name);
    ChangeEach(name, stride, [this](std::size_t at) {
      EXPECT_THAT(Tree(), HasCode(absl::StatusCode::kDataLoss)) << "byte " << at;
    });
    EXPECT_OK(Tree());
  }

  const TempDir dir_;
  StoredLog log_;
  Prover prover_{[](const absl::Status& damage) { ADD_FAILURE() << damage; }};
};

TEST_F(PublishedTilesMutationTest, EveryByteOfEveryTileCounts) {
  ASSERT_NO_FATAL_FAILURE(Publish(264));
  ASSERT_OK(Tree());
  for (const char* name : {"tile/0/000", "tile/0/001.p/8", "checkpoint"}) {
    ExpectRefused(name, testing::kOneRoundIn);
  }
}

// What complete tiles come to is worked out from these, and not read.
TEST_F(PublishedTilesMutationTest, TheBeginningOfAnUpperTileIsForOtherReaders) {
  ASSERT_NO_FATAL_FAILURE(Publish(264));
  ChangeEach("tile/1/000.p/1", 1, [this](std::size_t at) {
    ASSERT_OK_AND_ASSIGN(const MerkleTree tree, Tree());
    EXPECT_EQ(tree.Root(), log_.head().root) << "byte " << at;
  });
}

// The root is of the complete tile of level 1, a path also of those below it that it begins in.
TEST_F(PublishedTilesMutationTest, BytesOfUpperTilesCountAndOfTilesBelowThem) {
  constexpr std::uint64_t kFirst = 30'000;  // In the tile 117 of level 0.
  constexpr std::size_t kStride = 7;        // In each hash, at every place sooner or later.
  ASSERT_NO_FATAL_FAILURE(Publish(65'537));
  ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, PathFrom(kFirst));
  EXPECT_FALSE(path.empty());
  ExpectRefused("tile/1/000", kStride * testing::kOneRoundIn);
  ChangeEach("tile/0/117", kStride * testing::kOneRoundIn, [this](std::size_t at) {
    EXPECT_THAT(PathFrom(kFirst), HasCode(absl::StatusCode::kDataLoss)) << "byte " << at;
  });
  EXPECT_OK(PathFrom(kFirst));
}

}  // namespace
}  // namespace puhui::ledger::published_tiles_mutation_test
