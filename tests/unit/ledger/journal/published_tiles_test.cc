// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/published_tiles.h"

#include "tests/support/status_matchers.h"
#include "tests/support/stored_log.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger::published_tiles_test {
namespace {

SigningKey LogKey() { return SigningKey::FromSeed(std::string(32, 'l')); }
SigningKey NextKey() { return SigningKey::FromSeed(std::string(32, 'm')); }

class PublishedTilesTest : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(damages_.empty(), !damaged_); }

  std::string Note() const { return log_.Note(LogKey()); }
  TilePublisher::Options Options(bool entries = true) {
    return {.folder = dir_.path(),
            .entries = entries,
            .keys = KeyChain(LogKey().verify_key()),
            .on_damage = [this](const absl::Status& damage) { damages_.push_back(damage); },
            .say = [this](absl::string_view what) { said_.emplace_back(what); }};
  }
  TilePublisher Publisher(bool entries = true) { return TilePublisher(Options(entries), &prover_); }
  // Steps until the head is reached; returns how many it took.
  int Publish(TilePublisher& publisher) {
    for (int steps = 1; steps < 1'000; ++steps) {
      const auto reached = publisher.Step(log_.store(), Note());
      EXPECT_OK(reached);
      if (!reached.ok()) return 0;
      if (*reached) return steps;
    }
    return 0;
  }
  int Publish(bool entries = true) {
    TilePublisher publisher = Publisher(entries);
    return Publish(publisher);
  }
  // A bit of a stored tile is another. Returns how it was.
  std::string Damage(const TileId& id) {
    damaged_ = true;
    std::string whole = *ReadTile(log_.store(), id);
    std::string bytes = whole;
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    log_.Put(id, std::move(bytes));
    return whole;
  }
  std::set<std::string> Files(const std::string& below) const {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
      const std::string path = std::filesystem::relative(entry.path(), dir_.path()).string();
      if (entry.is_regular_file() && path.rfind(below, 0) == 0) files.insert(path);
    }
    return files;
  }
  std::string Read(const std::string& path) const {
    std::ifstream file(dir_.Join(path), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  absl::StatusOr<MerkleTree> Tree() const {
    return ReadPublishedTree(dir_.path(), KeyChain(LogKey().verify_key()));
  }
  void ExpectWholeFromFilesAlone() {
    ASSERT_OK_AND_ASSIGN(const MerkleTree tree, Tree());
    EXPECT_EQ(tree.size(), log_.head().size);
    for (const Sequence sequence : {Sequence{1}, tree.size() / 2 + 1, Sequence{tree.size()}}) {
      ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                           tree.InclusionPath(sequence - 1, tree.size(), [&](const TileId& id) {
                             return PublishedTile(dir_.path(), id);
                           }));
      EXPECT_TRUE(VerifyInclusion(LeafHash(absl::StrCat("r", sequence)), sequence - 1, tree.size(),
                                  path, log_.head().root));
    }
  }

  const TempDir dir_;
  StoredLog log_;
  Prover prover_{[this](const absl::Status& damage) { damages_.push_back(damage); }};
  bool damaged_ = false;  // So there is to be a report.
  std::vector<absl::Status> damages_;
  std::vector<std::string> said_;
};

// The examples of C2SP tlog-tiles.
TEST_F(PublishedTilesTest, LeadsFromOneTreeToTheNextFromFilesAlone) {
  log_.Grow(300);
  const TreeHead first = log_.head();
  log_.Grow(1'000);
  Publish();
  const TreeHead second = log_.head();
  const KeyChain keys(LogKey().verify_key());
  ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                       ReadPublishedConsistency(dir_.path(), keys, first.size, second));
  EXPECT_TRUE(VerifyConsistency(first, second, path));
  EXPECT_THAT(
      ReadPublishedConsistency(dir_.path(), keys, first.size, {second.size + 1, second.root}),
      HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ReadPublishedConsistency(dir_.path(), keys, first.size, {second.size, first.root}),
              HasCode(absl::StatusCode::kDataLoss));
  std::filesystem::remove(dir_.Join("tile/0/001"));
  EXPECT_THAT(ReadPublishedConsistency(dir_.path(), keys, first.size, second),
              HasCode(absl::StatusCode::kDataLoss));
}

// Under a complete tile of level 1: the root does not need it, the path does.
TEST_F(PublishedTilesTest, LeadsNowhereFromATileThatWasChanged) {
  log_.Grow(30'000);
  const TreeHead first = log_.head();
  log_.Grow(70'000);
  Publish(/*entries=*/false);
  const KeyChain keys(LogKey().verify_key());
  ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                       ReadPublishedConsistency(dir_.path(), keys, first.size, log_.head()));
  EXPECT_TRUE(VerifyConsistency(first, log_.head(), path));
  for (const std::size_t at : {std::size_t{0}, kTileBytes - 1}) {
    const std::string whole = Read("tile/0/117");
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(dir_.Join("tile/0/117"), std::ios::binary) << changed;
    EXPECT_OK(ReadPublishedTree(dir_.path(), keys));
    EXPECT_THAT(ReadPublishedConsistency(dir_.path(), keys, first.size, log_.head()),
                HasCode(absl::StatusCode::kDataLoss));
    std::ofstream(dir_.Join("tile/0/117"), std::ios::binary) << whole;
  }
}

TEST_F(PublishedTilesTest, HasThePathsOfTheSpecification) {
  EXPECT_EQ(PublishedTilePath({0, 1'234'067}, 256), "tile/0/x001/x234/067");
  EXPECT_EQ(PublishedTilePath({3, 0}, 1), "tile/3/000.p/1");
  EXPECT_EQ(PublishedTilePath({1, 1'000}, 255), "tile/1/x001/000.p/255");
  EXPECT_EQ(PublishedEntriesPath(999, 256), "tile/entries/999");
}

TEST_F(PublishedTilesTest, OfASizeOf256IsOneTileAndOneHashAboveIt) {
  log_.Grow(256);
  EXPECT_EQ(Publish(/*entries=*/false), 1);
  EXPECT_EQ(Files(""), (std::set<std::string>{"checkpoint", "tile/0/000", "tile/1/000.p/1"}));
  EXPECT_EQ(Read("tile/0/000").size(), kTileBytes);
  EXPECT_EQ(HashFromBytes(Read("tile/1/000.p/1")), log_.head().root);
  ExpectWholeFromFilesAlone();
}

TEST_F(PublishedTilesTest, OfASizeOf70000IsWhatTheSpecificationCounts) {
  log_.Grow(70'000);
  EXPECT_EQ(Publish(/*entries=*/false), 5);  // 274 complete tiles, 64 at a time.
  EXPECT_EQ(Files("tile/0/").size(), 273U + 1);
  EXPECT_EQ(Files("tile/1/"), (std::set<std::string>{"tile/1/000", "tile/1/001.p/17"}));
  EXPECT_EQ(Files("tile/2/"), (std::set<std::string>{"tile/2/000.p/1"}));
  EXPECT_EQ(Read("tile/0/273.p/112").size(), 112 * sizeof(Hash));
  ExpectWholeFromFilesAlone();
}

TEST_F(PublishedTilesTest, HoldsTheRecordsAfterTheirLengths) {
  log_.Grow(300);
  Publish();
  EXPECT_EQ(Files("tile/entries/"),
            (std::set<std::string>{"tile/entries/000", "tile/entries/001.p/44"}));
  const std::string bundle = Read("tile/entries/001.p/44");
  EXPECT_EQ(bundle.substr(0, 12), std::string("\0\4r257\0\4r258", 12));
}

TEST_F(PublishedTilesTest, FollowsAndTakesAwayWhatIsCompleted) {
  for (const std::uint64_t size : {1U, 255U, 256U, 700U, 701U}) {
    log_.Grow(size);
    EXPECT_EQ(Publish(/*entries=*/false), 1);
    ExpectWholeFromFilesAlone();
  }
  EXPECT_EQ(Files("tile/0/"), (std::set<std::string>{"tile/0/000", "tile/0/001", "tile/0/002.p/188",
                                                     "tile/0/002.p/189"}));
}

TEST_F(PublishedTilesTest, TakesAwayTheBeginningsOfEntriesToo) {
  for (const std::uint64_t size : {255U, 256U, 300U}) {
    log_.Grow(size);
    EXPECT_EQ(Publish(/*entries=*/true), 1);
  }
  EXPECT_EQ(Files("tile/entries/"),
            (std::set<std::string>{"tile/entries/000", "tile/entries/001.p/44"}));
}

TEST_F(PublishedTilesTest, TellsNoHeadBeforeItsTilesAreThere) {
  log_.Grow(40'000);
  TilePublisher publisher = Publisher(false);
  EXPECT_FALSE(*publisher.Step(log_.store(), Note()));
  EXPECT_EQ(Files("").size(), kPublishedAtOnce);
  EXPECT_FALSE(std::filesystem::exists(dir_.Join("checkpoint")));
  // Whoever begins again ends with the same.
  Publish(/*entries=*/false);
  ExpectWholeFromFilesAlone();
}

// As when a disk is taken away: below a file root cannot write either.
TEST_F(PublishedTilesTest, ReportsAFolderThatCannotBeWrittenAndCatchesUpOnceItCan) {
  const std::string aside = absl::StrCat(dir_.path(), "-aside");
  TilePublisher publisher = Publisher(false);
  log_.Grow(300);
  EXPECT_EQ(Publish(publisher), 1);
  log_.Grow(40'000);
  EXPECT_FALSE(*publisher.Step(log_.store(), Note()));
  std::filesystem::rename(dir_.path(), aside);
  std::ofstream(dir_.path()) << "no folder";
  EXPECT_THAT(publisher.Step(log_.store(), Note()), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(publisher.Step(log_.store(), Note()), HasCode(absl::StatusCode::kUnavailable));
  std::filesystem::remove(dir_.path());
  std::filesystem::rename(aside, dir_.path());
  EXPECT_EQ(Publish(publisher), 3);
  ExpectWholeFromFilesAlone();
}

TEST_F(PublishedTilesTest, WritesAFolderAnewThatWasEmptiedBetweenTwoSteps) {
  TilePublisher::Options options = Options(false);
  options.chain_file = "the chain";
  TilePublisher publisher(options, &prover_);
  log_.Grow(40'000);
  EXPECT_FALSE(*publisher.Step(log_.store(), Note()));
  // Amid its tiles; once it was whole; then of the tiles alone, and its checkpoint stayed.
  for (const auto& [size, gone] :
       {std::pair(40'000U, ""), std::pair(40'300U, ""), std::pair(40'400U, "tile")}) {
    std::filesystem::remove_all(dir_.Join(gone));
    log_.Grow(size);
    EXPECT_EQ(Publish(publisher), 3);
    ExpectWholeFromFilesAlone();
    EXPECT_EQ(Read("checkpoint.chain"), "the chain");
  }
  EXPECT_EQ(said_.size(), 2U);
}

TEST_F(PublishedTilesTest, ReplacesAStoredTileThatIsGone) {
  log_.Grow(600);
  log_.Remove({0, 1});
  damaged_ = true;
  Publish(/*entries=*/false);
  ExpectWholeFromFilesAlone();
}

TEST_F(PublishedTilesTest, ReplacesAStoredTileThatIsWrongAndReportsIt) {
  log_.Grow(70'000);
  for (const TileId& id : {TileId{0, 0}, TileId{0, 200}, TileId{0, 272}, TileId{1, 0}}) {
    const std::string whole = Damage(id);
    std::filesystem::remove_all(dir_.Join("tile"));
    std::filesystem::remove(dir_.Join("checkpoint"));
    damages_.clear();
    Publish(/*entries=*/false);
    EXPECT_EQ(Read(PublishedTilePath(id, kTileHashes)), whole);
    ExpectWholeFromFilesAlone();
    ASSERT_EQ(damages_.size(), 1U);
    EXPECT_TRUE(absl::StrContains(damages_.front().message(),
                                  absl::StrCat("tile ", id.index, " of level ", id.level)));
    log_.Put(id, whole);
  }
}

// However many, and whatever lies above them; and what was published before is not gone over again.
TEST_F(PublishedTilesTest, ReplacesWrongTilesOfOneStretchWithoutGoingOverTheOthers) {
  TilePublisher publisher = Publisher(false);
  for (const std::uint64_t size : {63'000U, 64'000U}) {
    log_.Grow(size);
    Publish(publisher);
  }
  log_.Grow(66'000);
  std::vector<std::pair<TileId, std::string>> whole;
  for (const TileId& id : {TileId{0, 251}, TileId{0, 255}, TileId{1, 0}, TileId{0, 256}}) {
    whole.emplace_back(id, Damage(id));
  }
  EXPECT_EQ(Publish(publisher), 2);  // From the stored tiles, then from the records.
  for (const auto& [id, bytes] : whole) {
    EXPECT_EQ(Read(PublishedTilePath(id, kTileHashes)), bytes);
  }
  ExpectWholeFromFilesAlone();
  // What is wrong in the store stays so, and costs nothing any more.
  log_.Grow(67'000);
  EXPECT_EQ(Publish(publisher), 1);
  ExpectWholeFromFilesAlone();
}

TEST_F(PublishedTilesTest, SpeaksOfNothingWhoseRecordsDoNotHaveTheSignedRoot) {
  log_.Grow(600);
  TilePublisher publisher = Publisher(false);
  Publish(publisher);
  const std::string published = Read("checkpoint");
  log_.Grow(1'100);
  Checkpoint other;
  other.origin = "o";
  other.size = 1'100;
  other.root.fill(7);
  other.time = absl::FromUnixSeconds(1);
  absl::StatusOr<bool> reached = false;
  while (reached.ok() && !*reached) {
    reached = publisher.Step(log_.store(), SignCheckpoint(other, "k", LogKey()));
  }
  EXPECT_THAT(reached, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(publisher.Step(log_.store(), Note()), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_EQ(Read("checkpoint"), published);
  Publish(/*entries=*/false);  // As after a restart.
  ExpectWholeFromFilesAlone();
}

TEST_F(PublishedTilesTest, WritesAFolderAnewThatIsDamagedAtItsEdge) {
  log_.Grow(70'000);
  Publish(/*entries=*/false);
  EXPECT_EQ(said_.size(), 0U);
  const std::string whole = Read("tile/0/270");
  std::string changed = whole;
  changed[0] = static_cast<char>(changed[0] ^ 1);
  std::ofstream(dir_.Join("tile/0/270"), std::ios::binary) << changed;
  std::filesystem::remove(dir_.Join("tile/0/003"));
  log_.Grow(70'010);
  Publish(/*entries=*/false);
  EXPECT_EQ(said_.size(), 1U);
  EXPECT_EQ(Read("tile/0/270"), whole);
  EXPECT_EQ(Read("tile/0/003").size(), kTileBytes);
  ExpectWholeFromFilesAlone();
}

// Killed after a tile was completed, before the checkpoint that speaks of it.
TEST_F(PublishedTilesTest, GoesOnWhereABeginningIsInItsCompleteTile) {
  log_.Grow(300);
  Publish(/*entries=*/false);
  log_.Grow(600);
  std::ofstream(dir_.Join("tile/0/001"), std::ios::binary) << *ReadTile(log_.store(), {0, 1});
  std::filesystem::remove_all(dir_.Join("tile/0/001.p"));
  ASSERT_OK_AND_ASSIGN(const MerkleTree tree, Tree());
  EXPECT_EQ(tree.size(), 300U);
  Publish(/*entries=*/false);
  EXPECT_EQ(said_.size(), 0U);
  ExpectWholeFromFilesAlone();
}

TEST_F(PublishedTilesTest, GoesOnUnderAKeyThatFollowsTheOneBefore) {
  log_.Grow(300);
  Publish(/*entries=*/false);
  const std::string chain = SignSuccession(2, "k", LogKey(), NextKey(), absl::FromUnixSeconds(2));
  TilePublisher::Options options = Options(false);
  options.keys = *KeyChain::Parse(chain, NextKey().verify_key());
  options.chain_file = chain;
  TilePublisher publisher(options, &prover_);
  // Of as many records at first: whoever is given the new key alone can read that too.
  for (const std::uint64_t size : {300U, 700U}) {
    log_.Grow(size);
    ASSERT_OK_AND_ASSIGN(const bool reached, publisher.Step(log_.store(), log_.Note(NextKey())));
    EXPECT_TRUE(reached);
    ASSERT_OK_AND_ASSIGN(const Checkpoint last,
                         ParseCheckpoint(Read("checkpoint"), NextKey().verify_key()));
    EXPECT_EQ(last.size, size);
  }
  EXPECT_EQ(Read("checkpoint.chain"), chain);
  ASSERT_OK_AND_ASSIGN(const KeyChain keys,
                       KeyChain::Parse(Read("checkpoint.chain"), LogKey().verify_key()));
  EXPECT_OK(ReadPublishedTree(dir_.path(), keys));
  // One that it does not follow is another ledger's.
  TilePublisher stranger = Publisher();
  EXPECT_THAT(stranger.Step(log_.store(), Note()), HasCode(absl::StatusCode::kFailedPrecondition));
}

// Its beginning is another, though it has fewer records and is signed by the same key.
TEST_F(PublishedTilesTest, RefusesAFolderOfAnotherHistory) {
  Checkpoint forked;
  forked.origin = "o";
  forked.size = 250;
  forked.root.fill(7);
  forked.time = absl::FromUnixSeconds(1);
  std::ofstream(dir_.Join("checkpoint")) << SignCheckpoint(forked, "k", LogKey());
  log_.Grow(310);
  TilePublisher publisher = Publisher();
  EXPECT_THAT(publisher.Step(log_.store(), Note()), HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Files("tile/").size(), 0U);
}

TEST_F(PublishedTilesTest, RefusesAFolderThatIsAheadAndFilesThatWereChanged) {
  log_.Grow(300);
  const std::string earlier = Note();
  log_.Grow(600);
  Publish();
  TilePublisher publisher = Publisher();
  EXPECT_THAT(publisher.Step(log_.store(), earlier),
              HasCode(absl::StatusCode::kFailedPrecondition));
  std::string tile = Read("tile/0/001");
  tile[0] = static_cast<char>(tile[0] ^ 1);
  std::ofstream(dir_.Join("tile/0/001"), std::ios::binary) << tile;
  EXPECT_THAT(Tree(), HasCode(absl::StatusCode::kDataLoss));
  std::filesystem::resize_file(dir_.Join("tile/0/001"), 100);
  EXPECT_THAT(Tree(), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::ledger::published_tiles_test
