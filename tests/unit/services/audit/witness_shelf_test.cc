// SPDX-License-Identifier: Apache-2.0
#include "services/audit/witness_shelf.h"

#include "ledger/crypto/durable_file.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/cosignature.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

class WitnessShelfTest : public ::testing::Test {
 protected:
  static ledger::SigningKey KeyOf(char seed) {
    return ledger::SigningKey::FromSeed(std::string(32, seed));
  }
  static std::string HeadOf(std::uint64_t size) {
    ledger::Checkpoint checkpoint;
    checkpoint.origin = "o";
    checkpoint.size = size;
    checkpoint.root.fill(static_cast<std::uint8_t>(size));
    checkpoint.time = absl::FromUnixSeconds(1);
    return ledger::SignCheckpoint(checkpoint, "k", KeyOf('l'));
  }
  static std::string SignedBy(char seed, const std::string& note) {
    return ledger::Cosign(note, std::string(1, seed), KeyOf(seed), absl::FromUnixSeconds(2));
  }
  std::unique_ptr<WitnessShelf> Open(std::size_t quorum) const {
    WitnessShelf::Options options{.path = dir_.Join("witnessed"),
                                  .keys = ledger::KeyChain(KeyOf('l').verify_key()),
                                  .quorum = quorum};
    for (const char seed : {'a', 'b', 'c'}) {
      options.witnesses.push_back({std::string(1, seed), KeyOf(seed).verify_key()});
    }
    return std::make_unique<WitnessShelf>(std::move(options));
  }

  const TempDir dir_;
  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

TEST_F(WitnessShelfTest, HoldsOutOneHeadUntilTheQuorumOrForAMinute) {
  const auto shelf = Open(2);
  EXPECT_EQ(shelf->At("", now_).pending_note, "");
  EXPECT_EQ(shelf->At(HeadOf(5), now_).pending_note, HeadOf(5));
  EXPECT_EQ(shelf->At(HeadOf(6), now_ + absl::Seconds(59)).pending_note, HeadOf(5));
  EXPECT_EQ(shelf->At(HeadOf(7), now_ + absl::Seconds(60)).pending_note, HeadOf(7));
  ASSERT_OK(shelf->Add(SignedBy('a', HeadOf(7))));
  EXPECT_THAT(shelf->At(HeadOf(8), now_ + absl::Seconds(61)).pending_note,
              SignedBy('a', HeadOf(7)));
  ASSERT_OK_AND_ASSIGN(const std::uint64_t size, shelf->Add(SignedBy('c', HeadOf(7))));
  EXPECT_EQ(size, 7U);
  const WitnessShelf::Standing standing = shelf->At(HeadOf(8), now_ + absl::Seconds(62));
  EXPECT_EQ(standing.final_note, SignedBy('c', SignedBy('a', HeadOf(7))));
  EXPECT_EQ(standing.pending_note, HeadOf(8));
}

TEST_F(WitnessShelfTest, HoldsOutNothingThatIsFinalAlready) {
  const auto shelf = Open(1);
  shelf->At(HeadOf(5), now_);
  ASSERT_OK(shelf->Add(SignedBy('b', HeadOf(5))));
  EXPECT_EQ(shelf->At(HeadOf(5), now_ + absl::Hours(1)).pending_note, "");
}

TEST_F(WitnessShelfTest, CountsAWitnessOnceAndForOneHead) {
  const auto shelf = Open(2);
  shelf->At(HeadOf(5), now_);
  EXPECT_EQ(*shelf->Add(SignedBy('a', HeadOf(5))), 0U);
  EXPECT_EQ(*shelf->Add(SignedBy('a', SignedBy('a', HeadOf(5)))), 0U);
  EXPECT_EQ(*shelf->Add(SignedBy('b', HeadOf(4))), 0U);
  EXPECT_EQ(*shelf->Add(SignedBy('b', HeadOf(5))), 5U);
}

TEST_F(WitnessShelfTest, AddsToWhatIsFinalWhoSignedItLate) {
  const std::string both = SignedBy('b', SignedBy('a', HeadOf(5)));
  {
    const auto shelf = Open(2);
    shelf->At(HeadOf(5), now_);
    ASSERT_OK(shelf->Add(both));
    shelf->At(HeadOf(6), now_ + absl::Seconds(1));
    EXPECT_EQ(*shelf->Add(SignedBy('a', HeadOf(5))), 5U);
    EXPECT_EQ(shelf->At(HeadOf(6), now_ + absl::Seconds(1)).final_note, both);
    EXPECT_EQ(*shelf->Add(SignedBy('c', HeadOf(5))), 5U);
    const WitnessShelf::Standing standing = shelf->At(HeadOf(6), now_ + absl::Seconds(1));
    EXPECT_EQ(standing.final_note, SignedBy('c', both));
    EXPECT_EQ(standing.pending_note, HeadOf(6)) << "it counts for no other head";
  }
  EXPECT_EQ(Open(3)->At("", now_).final_note, SignedBy('c', both)) << "it is on the disk";
}

TEST_F(WitnessShelfTest, AddsToWhatWasFinalBeforeARestart) {
  {
    const auto shelf = Open(2);
    shelf->At(HeadOf(5), now_);
    ASSERT_OK(shelf->Add(SignedBy('b', SignedBy('a', HeadOf(5)))));
  }
  const auto shelf = Open(2);
  const std::string before = shelf->At("", now_).final_note;
  EXPECT_EQ(*shelf->Add(SignedBy('b', HeadOf(5))), 5U);
  EXPECT_EQ(shelf->At("", now_).final_note, before) << "it had signed already";
  EXPECT_EQ(*shelf->Add(SignedBy('c', HeadOf(5))), 5U);
  EXPECT_EQ(shelf->At("", now_).final_note, SignedBy('c', before));
  shelf->At(HeadOf(6), now_);
  ASSERT_OK(shelf->Add(SignedBy('b', SignedBy('a', HeadOf(6)))));
  EXPECT_EQ(shelf->At("", now_).final_note, SignedBy('b', SignedBy('a', HeadOf(6))));
}

TEST_F(WitnessShelfTest, RefusesWhatIsNotOfTheLedgerOrItsWitnesses) {
  const auto shelf = Open(1);
  shelf->At(HeadOf(5), now_);
  std::string other_root = SignedBy('a', HeadOf(5));
  other_root[2] = '6';
  for (const std::string& note :
       {std::string(), HeadOf(5), SignedBy('x', HeadOf(5)), SignedBy('l', HeadOf(5)), other_root}) {
    EXPECT_THAT(shelf->Add(note), Refuses(Reason::kInvalidField)) << note;
  }
  EXPECT_EQ(shelf->final_size(), 0U);
}

TEST_F(WitnessShelfTest, RemembersWhatWasFinalWhileTheQuorumStillSaysSo) {
  {
    const auto shelf = Open(2);
    shelf->At(HeadOf(5), now_);
    ASSERT_OK(shelf->Add(SignedBy('a', SignedBy('b', HeadOf(5)))));
  }
  EXPECT_EQ(Open(2)->final_size(), 5U);
  EXPECT_EQ(Open(3)->final_size(), 0U);
  ASSERT_OK(ledger::WriteFileDurably(dir_.Join("witnessed"), "half a no"));
  EXPECT_EQ(Open(2)->final_size(), 0U);
}

TEST_F(WitnessShelfTest, SaysNothingWithoutWitnesses) {
  const auto shelf = Open(0);
  const WitnessShelf::Standing standing = shelf->At(HeadOf(5), now_);
  EXPECT_EQ(standing.pending_note, "");
  EXPECT_EQ(standing.final_note, "");
}

}  // namespace
}  // namespace puhui::services
