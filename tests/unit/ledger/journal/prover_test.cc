// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/prover.h"

#include "ledger/journal/tile.h"
#include "tests/support/status_matchers.h"
#include "tests/support/stored_log.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

// The paths that Certificate Transparency publishes for those leaves: transparency-dev/merkle,
// testonly/reference_test.go.
constexpr absl::string_view kLeaf0 =
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
constexpr absl::string_view kLeaf1 =
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
constexpr absl::string_view kLeaf4 =
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
constexpr absl::string_view kLeaves01 =
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
constexpr absl::string_view kLeaves23 =
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
constexpr absl::string_view kLeaves45 =
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
constexpr absl::string_view kLeaves67 =
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
constexpr absl::string_view kLeaves0To3 =
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
constexpr absl::string_view kLeaves4To7 =
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

class ProverTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<Hash>> Inclusion(Sequence sequence, std::uint64_t size) {
    return prover_.Inclusion(log_.store(), log_.head(), sequence, size);
  }
  absl::StatusOr<std::vector<Hash>> Consistency(std::uint64_t first, std::uint64_t second) {
    return prover_.Consistency(log_.store(), log_.head(), first, second);
  }
  // Whether paths of record 5 and of the first 300 records are what a sound tree would give.
  void ExpectSound(int damages) {
    const TreeHead head = log_.head();
    ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, Inclusion(5, head.size));
    EXPECT_TRUE(VerifyInclusion(LeafHash("r5"), 4, head.size, path, head.root));
    ASSERT_OK_AND_ASSIGN(const Hash root, prover_.Root(log_.store(), head, 300));
    MerkleFrontier first;
    for (Sequence n = 1; n <= 300; ++n) first.Append(LeafHash(absl::StrCat("r", n)));
    EXPECT_EQ(root, first.Root());
    EXPECT_GE(damages_, damages);
  }

  StoredLog log_;
  int damages_ = 0;
  Prover prover_{[this](const absl::Status& damage) {
    EXPECT_THAT(damage, HasCode(absl::StatusCode::kDataLoss));
    ++damages_;
  }};
};

// Whoever has read a record does not wait for it once more: its segment is not there any more.
TEST_F(ProverTest, ALeafThatIsKnownIsProvedWithoutItsRecord) {
  log_.Grow(1'600);
  const TreeHead head = log_.head();
  ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, Inclusion(5, head.size));
  EXPECT_THAT(
      prover_.Inclusion(log_.store(), head, TreeLeaf{.index = 4, .hash = LeafHash("r6")}, 1'600),
      HasCode(absl::StatusCode::kDataLoss));
  log_.DropFirstSegment();
  EXPECT_FALSE(Inclusion(5, head.size).ok());
  ASSERT_OK_AND_ASSIGN(
      const std::vector<Hash> again,
      prover_.Inclusion(log_.store(), head, TreeLeaf{.index = 4, .hash = LeafHash("r5")}, 1'600));
  EXPECT_EQ(again, path);
}

std::vector<std::string> Hex(const std::vector<Hash>& path) {
  std::vector<std::string> hex;
  for (const Hash& hash : path) hex.push_back(ToHex(hash));
  return hex;
}

TEST_F(ProverTest, GivesThePathsThatCertificateTransparencyPublishes) {
  for (const absl::string_view leaf : kReferenceLeaves) {
    ASSERT_OK_AND_ASSIGN(std::string record, FromHex(leaf));
    log_.Append({std::move(record)});
  }
  struct Row {
    std::uint64_t from;  // The sequence, or the size of the first tree.
    std::uint64_t size;
    std::vector<absl::string_view> path;
  };
  for (const Row& row : std::vector<Row>{{1, 1, {}},
                                         {1, 2, {kLeaf1}},
                                         {2, 2, {kLeaf0}},
                                         {3, 3, {kLeaves01}},
                                         {2, 5, {kLeaf0, kLeaves23, kLeaf4}},
                                         {1, 8, {kLeaf1, kLeaves23, kLeaves4To7}},
                                         {6, 8, {kLeaf4, kLeaves67, kLeaves0To3}}}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, Inclusion(row.from, row.size));
    EXPECT_THAT(Hex(path), ::testing::ElementsAreArray(row.path)) << row.from << " " << row.size;
  }
  for (const Row& row : std::vector<Row>{{1, 1, {}},
                                         {1, 8, {kLeaf1, kLeaves23, kLeaves4To7}},
                                         {2, 5, {kLeaves23, kLeaf4}},
                                         {6, 8, {kLeaves45, kLeaves67, kLeaves0To3}}}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, Consistency(row.from, row.size));
    EXPECT_THAT(Hex(path), ::testing::ElementsAreArray(row.path)) << row.from << " " << row.size;
  }
  EXPECT_EQ(damages_, 0);
}

TEST_F(ProverTest, FollowsTheJournalFromNearAndFromFar) {
  for (const std::uint64_t size : {1U, 3U, 300U, 301U, 5'000U}) {
    log_.Grow(size);
    for (const Sequence sequence : {Sequence{1}, size / 2 + 1, Sequence{size}}) {
      ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path, Inclusion(sequence, size));
      EXPECT_TRUE(VerifyInclusion(LeafHash(absl::StrCat("r", sequence)), sequence - 1, size, path,
                                  log_.head().root));
    }
  }
  EXPECT_EQ(damages_, 0);
}

TEST_F(ProverTest, ProvesToAHeadThatTheTreeHasOutgrown) {
  log_.Grow(700);
  const TreeHead earlier = log_.head();
  log_.Grow(1'000);
  ASSERT_OK(Inclusion(1, 1'000));
  ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                       prover_.Inclusion(log_.store(), earlier, 600, 700));
  EXPECT_TRUE(VerifyInclusion(LeafHash("r600"), 599, 700, path, earlier.root));
}

TEST_F(ProverTest, TakesThePlaceOfATileThatIsAbsentOrWrong) {
  log_.Grow(66'000);
  ASSERT_OK_AND_ASSIGN(const std::string wrong, ReadTile(log_.store(), {0, 7}));
  ExpectSound(0);
  log_.Remove({0, 0});
  ExpectSound(1);
  log_.Put({0, 0}, wrong);
  ExpectSound(2);
  ASSERT_OK_AND_ASSIGN(const std::string sound, RebuildTile(log_.store(), {0, 0}));
  log_.Put({0, 0}, sound);
  ASSERT_OK_AND_ASSIGN(const std::string above, ReadTile(log_.store(), {1, 0}));
  ASSERT_OK_AND_ASSIGN(const std::string rebuilt, RebuildTile(log_.store(), {1, 0}));
  EXPECT_EQ(rebuilt, above);
  log_.Put({1, 0}, wrong);
  ExpectSound(3);
}

TEST_F(ProverTest, ProvesNothingToAHeadThatIsNotOfTheJournal) {
  log_.Grow(400);
  TreeHead forked = log_.head();
  forked.root[0] ^= 1;
  EXPECT_THAT(prover_.Inclusion(log_.store(), forked, 1, 400),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(prover_.Consistency(log_.store(), {500, log_.head().root}, 1, 500),
              HasCode(absl::StatusCode::kDataLoss));
  ExpectSound(2);
}

TEST(RebuildTileTest, WantsRecordsThatAreThere) {
  StoredLog log;
  log.Grow(300);
  EXPECT_OK(RebuildTile(log.store(), {0, 0}));
  EXPECT_THAT(RebuildTile(log.store(), {0, 1}), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(RebuildTile(log.store(), {1, 0}), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::ledger
