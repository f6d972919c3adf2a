// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/witness.h"

#include "ledger/crypto/durable_file.h"
#include "ledger/journal/cosignature.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace puhui::ledger {
namespace {

using ::testing::HasSubstr;

class WitnessTest : public ::testing::Test {
 protected:
  // Records named after `log`, so that two logs are a fork from the first record on.
  static MerkleTree TreeOf(const std::string& log, std::uint64_t size) {
    MerkleTree tree;
    for (std::uint64_t n = 1; n <= size; ++n) tree.Append(LeafHash(absl::StrCat(log, n)));
    return tree;
  }
  static std::string NoteOf(const MerkleTree& tree, const std::string& origin = "o") {
    Checkpoint checkpoint;
    checkpoint.origin = origin;
    checkpoint.size = tree.size();
    checkpoint.root = tree.Root();
    checkpoint.time = absl::FromUnixSeconds(static_cast<std::int64_t>(tree.size()));
    return SignCheckpoint(checkpoint, "k", SigningKey::FromSeed(std::string(32, 'l')));
  }
  static std::vector<Hash> PathBetween(std::uint64_t first, const MerkleTree& tree) {
    return *tree.ConsistencyPath(first, tree.size(),
                                 [](const TileId&) -> absl::StatusOr<std::string> {
                                   return absl::DataLossError("there is no tile");
                                 });
  }
  absl::StatusOr<Witness> Open(const std::string& name = "w", char key = 'w') {
    return Witness::Open({.name = name,
                          .key = SigningKey::FromSeed(std::string(32, key)),
                          .log_key = SigningKey::FromSeed(std::string(32, 'l')).verify_key(),
                          .state_path = StatePath()});
  }
  std::string StatePath() const { return dir_.Join("state"); }

  // Refuses `note`, and remembers what it knew.
  void ExpectAlarm(const std::string& note, const std::vector<Hash>& path, const char* what) {
    ASSERT_OK_AND_ASSIGN(Witness witness, Open());
    const std::string before = witness.last_note();
    const auto refused = witness.Sign(note, path, now_);
    EXPECT_THAT(refused, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(what));
    ASSERT_OK_AND_ASSIGN(const Witness after, Open());
    EXPECT_EQ(after.last_note(), before);
  }

  const TempDir dir_;
  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

TEST_F(WitnessTest, SignsWhatGrows) {
  const MerkleTree five = TreeOf("r", 5);
  const MerkleTree nine = TreeOf("r", 9);
  ASSERT_OK_AND_ASSIGN(Witness witness, Open());
  EXPECT_FALSE(witness.last().has_value());
  ASSERT_OK(witness.Sign(NoteOf(five), {}, now_));
  ASSERT_OK_AND_ASSIGN(Witness again, Open());
  ASSERT_TRUE(again.last().has_value());
  ASSERT_OK_AND_ASSIGN(const std::string note,
                       again.Sign(NoteOf(nine), PathBetween(5, nine), now_));
  EXPECT_EQ(again.last()->size, 9U);
  const NoteKey key{"w", SigningKey::FromSeed(std::string(32, 'w')).verify_key()};
  ASSERT_OK_AND_ASSIGN(const auto signature, FindCosignature(note, key));
  ASSERT_TRUE(signature.has_value());
  EXPECT_EQ(signature->time, now_);
  // Once more is the same signature.
  ASSERT_OK_AND_ASSIGN(const std::string twice,
                       again.Sign(NoteOf(nine), {}, now_ + absl::Hours(1)));
  EXPECT_EQ(twice, note);
}

TEST_F(WitnessTest, RefusesAForkARollbackAndAnotherLog) {
  const MerkleTree seven = TreeOf("r", 7);
  ASSERT_OK_AND_ASSIGN(Witness witness, Open());
  ASSERT_OK(witness.Sign(NoteOf(seven), {}, now_));
  ExpectAlarm(NoteOf(TreeOf("r", 6)), {}, "rolled back");
  ExpectAlarm(NoteOf(TreeOf("forked", 7)), {}, "a fork: another root");
  const MerkleTree fork = TreeOf("forked", 12);
  ExpectAlarm(NoteOf(fork), PathBetween(7, fork), "a fork: 12 records");
  const MerkleTree twelve = TreeOf("r", 12);
  std::vector<Hash> path = PathBetween(7, twelve);
  path.back()[0] ^= 1;
  ExpectAlarm(NoteOf(twelve), path, "a fork");
  ExpectAlarm(NoteOf(twelve), {}, "a fork");
  ExpectAlarm(NoteOf(twelve, "another"), PathBetween(7, twelve), "another log");
  std::string unsigned_note = NoteOf(twelve);
  unsigned_note[0] = 'p';
  ExpectAlarm(unsigned_note, PathBetween(7, twelve), "does not verify");
}

TEST_F(WitnessTest, DoesNotBeginAnewOverAStateThatIsNotItsOwn) {
  ASSERT_OK_AND_ASSIGN(Witness witness, Open());
  ASSERT_OK(witness.Sign(NoteOf(TreeOf("r", 3)), {}, now_));
  EXPECT_THAT(Open("other"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Open("w", 'x'), HasCode(absl::StatusCode::kDataLoss));
  ASSERT_OK(WriteFileDurably(StatePath(), "half a sta"));
  EXPECT_THAT(Open(), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Open("a name"), HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(WitnessTest, FollowsTheKeysThatAreHandedOver) {
  const auto key = [](char seed) { return SigningKey::FromSeed(std::string(32, seed)); };
  const auto sign = [&](const MerkleTree& tree, char seed) {
    const Checkpoint checkpoint{
        .origin = "o", .size = tree.size(), .root = tree.Root(), .time = absl::FromUnixSeconds(9)};
    return SignCheckpoint(checkpoint, "k", key(seed));
  };
  const std::string chain = SignSuccession(2, "k", key('l'), key('m'), now_);
  const MerkleTree five = TreeOf("r", 5);
  const MerkleTree nine = TreeOf("r", 9);
  {
    ASSERT_OK_AND_ASSIGN(Witness witness, Open());
    ASSERT_OK(witness.Follow(""));
    ASSERT_OK(witness.Sign(sign(five, 'l'), {}, now_));
    EXPECT_THAT(witness.Sign(sign(nine, 'm'), PathBetween(5, nine), now_),
                HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(witness.Follow(SignSuccession(2, "k", key('x'), key('m'), now_)),
                HasCode(absl::StatusCode::kDataLoss));
    ASSERT_OK(witness.Follow(chain));
    ASSERT_OK(witness.Sign(sign(nine, 'm'), PathBetween(5, nine), now_));
  }
  ASSERT_OK_AND_ASSIGN(Witness again, Open());
  ASSERT_TRUE(again.last().has_value());
  EXPECT_EQ(again.last()->size, 9U);
  // Put back, and handed over once more by whoever has the earlier key.
  EXPECT_THAT(again.Follow(""), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(again.Follow(SignSuccession(2, "k", key('l'), key('t'), now_)),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_OK(again.Follow(absl::StrCat(chain, SignSuccession(3, "k", key('m'), key('n'), now_))));
}

TEST_F(WitnessTest, SignsNothingThatItCannotRemember) {
  ASSERT_OK_AND_ASSIGN(Witness witness, Open());
  std::filesystem::create_directories(StatePath());
  EXPECT_FALSE(witness.Sign(NoteOf(TreeOf("r", 3)), {}, now_).ok());
  EXPECT_FALSE(witness.last().has_value());
}

}  // namespace
}  // namespace puhui::ledger
