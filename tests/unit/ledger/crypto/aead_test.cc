// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/aead.h"

#include "ledger/crypto/hash.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace puhui::ledger {
namespace {

const std::string kKey(32, 'k');

// Every byte of the nonce is zero, as in the vectors of the GCM paper.
class ZeroRandom final : public RandomSource {
 public:
  void Fill(absl::Span<std::uint8_t> bytes) override {
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
  }
};

TEST(AeadTest, MatchesTestCases13And14OfTheGcmPaper) {
  ZeroRandom zero;
  const std::string key(32, '\0');
  EXPECT_EQ(ToHex(Seal(key, "", "", zero)),
            "000000000000000000000000"
            "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(ToHex(Seal(key, std::string(16, '\0'), "", zero)),
            "000000000000000000000000"
            "cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(AeadTest, OpensWhatItSealed) {
  SeededRandom random(1);
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 4096u}) {
    const std::string plaintext(size, 'p');
    ASSERT_OK_AND_ASSIGN(const std::string opened,
                         Open(kKey, Seal(kKey, plaintext, "row 7", random), "row 7"));
    EXPECT_EQ(opened, plaintext);
  }
}

TEST(AeadTest, NeverUsesANonceTwice) {
  SeededRandom random(1);
  EXPECT_NE(Seal(kKey, "same", "", random), Seal(kKey, "same", "", random));
}

TEST(AeadTest, RefusesEveryChangedBitAndEveryTruncation) {
  SeededRandom random(1);
  const std::string sealed = Seal(kKey, "Wang Xiaoming", "row 7", random);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_THAT(Open(kKey, changed, "row 7"), HasCode(absl::StatusCode::kDataLoss)) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    ASSERT_THAT(Open(kKey, sealed.substr(0, size), "row 7"), HasCode(absl::StatusCode::kDataLoss));
  }
}

TEST(AeadTest, RefusesAnotherKeyAndAnotherPlace) {
  SeededRandom random(1);
  const std::string sealed = Seal(kKey, "Wang Xiaoming", "row 7", random);
  EXPECT_THAT(Open(std::string(32, 'q'), sealed, "row 7"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Open(kKey, sealed, "row 8"), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::ledger
