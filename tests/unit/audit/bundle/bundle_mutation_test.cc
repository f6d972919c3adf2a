// SPDX-License-Identifier: Apache-2.0
// Whatever is changed of a small bundle is noticed, wherever it is, and nothing crashes.
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::audit {
namespace {

std::string SmallBundle() {
  return BundleOf(TownRecords(), TownRecord("authorisation"), TownRecords().size());
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
