// SPDX-License-Identifier: Apache-2.0
// Whatever is changed of a small bundle is noticed, wherever it is, and nothing crashes.
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/part_town.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::audit {
namespace {

std::string SmallBundle() {
  return BundleOf(TownRecords(), TownRecord("authorisation"), TownRecords().size());
}

// Of a union from the middle of the journal on, and of a merchant from its beginning.
std::vector<std::string> SmallParts() {
  const Sequence size = TownRecords().size();
  return {PartOf(kUnionOne, 4, size), PartOf(kMerchantThree, 1, size)};
}

// The frames with a hash at their end that is right again.
std::string Sealed(std::string bytes) {
  constexpr std::size_t kEndBytes = kFrameHeaderBytes + sizeof(ledger::Hash);
  bytes.resize(bytes.size() - kEndBytes);
  const ledger::Hash hash = ledger::Sha256().Digest(bytes);
  return bytes + std::string("\x0f\x20\0\0\0", 5) + std::string(ledger::AsBytes(hash));
}

TEST(BundleMutationTest, EveryByteCounts) {
  const std::string fits = SmallBundle();
  ASSERT_OK(VerifyBytes(fits));
  for (std::size_t at = 0; at < fits.size(); at += testing::kOneRoundIn) {
    std::string changed = fits;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    EXPECT_THAT(VerifyBytes(changed), HasCode(absl::StatusCode::kDataLoss)) << "byte " << at;
  }
}

// Not for the hash at the end alone: who changes a bundle makes that anew.
TEST(BundleMutationTest, EveryByteCountsUnderAHashMadeAnew) {
  const std::string fits = SmallBundle();
  const std::size_t end = fits.size() - kFrameHeaderBytes - sizeof(ledger::Hash);
  for (std::size_t at = 0; at < end; at += testing::kOneRoundIn) {
    std::string changed = fits;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    EXPECT_THAT(VerifyBytes(Sealed(changed)), HasCode(absl::StatusCode::kDataLoss)) << at;
  }
}

TEST(BundleMutationTest, EveryByteOfAPartCounts) {
  for (const std::string& fits : SmallParts()) {
    ASSERT_OK(VerifyBytes(fits));
    for (std::size_t at = 0; at < fits.size(); at += testing::kOneRoundIn) {
      std::string changed = fits;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      EXPECT_THAT(VerifyBytes(changed), HasCode(absl::StatusCode::kDataLoss)) << "byte " << at;
    }
  }
}

TEST(BundleMutationTest, EveryByteOfAPartCountsUnderAHashMadeAnew) {
  // In the header, behind two sequences and two roots. A part has no segments, which say theirs.
  constexpr std::size_t kPartitionAt =
      kBundleMagic.size() + kFrameHeaderBytes + 2 * sizeof(Sequence) + 2 * sizeof(ledger::Hash);
  constexpr std::size_t kPartitionBytes = 4;
  for (const std::string& fits : SmallParts()) {
    const std::size_t end = fits.size() - kFrameHeaderBytes - sizeof(ledger::Hash);
    for (std::size_t at = 0; at < end; at += testing::kOneRoundIn) {
      if (at >= kPartitionAt && at < kPartitionAt + kPartitionBytes) continue;
      std::string changed = fits;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      EXPECT_THAT(VerifyBytes(Sealed(changed)), HasCode(absl::StatusCode::kDataLoss)) << at;
    }
  }
}

TEST(BundleMutationTest, NothingIsCutOffOrPutBehindUnnoticed) {
  const std::string fits = SmallBundle();
  for (std::size_t size = 0; size < fits.size(); size += testing::kOneRoundIn) {
    EXPECT_THAT(VerifyBytes(fits.substr(0, size)), HasCode(absl::StatusCode::kDataLoss)) << size;
  }
  EXPECT_THAT(VerifyBytes(fits + "x"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(VerifyBytes(fits + fits), HasCode(absl::StatusCode::kDataLoss));
}

TEST(BundleMutationTest, PiecesOfBundlesAreNone) {
  const std::string one = SmallBundle();
  const std::string other = BundleOf(TownRecords(), 1, TownRecords().size());
  SeededRandom random(20251201);
  for (int round = 0; round < testing::Rounds(1'000); ++round) {
    const std::string joined =
        one.substr(0, random.Below(one.size())) + other.substr(random.Below(other.size() - 1) + 1);
    if (joined == one || joined == other) continue;
    EXPECT_THAT(VerifyBytes(joined), HasCode(absl::StatusCode::kDataLoss)) << "round " << round;
  }
}

}  // namespace
}  // namespace puhui::audit
