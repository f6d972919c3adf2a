// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hmac.h"

#include "ledger/crypto/wipe.h"

#include "absl/types/optional.h"
#include <gtest/gtest.h>

#include <array>
#include <new>
#include <string>

namespace puhui::ledger {
namespace {

// RFC 2104 written out, from SHA-256 alone.
Hash HmacOf(std::string key, absl::string_view message) {
  Sha256 sha;
  if (key.size() > 64) key = std::string(AsBytes(sha.Digest(key)));
  std::string inner(64, '\x36');
  std::string outer(64, '\x5c');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const Hash hash = sha.Digest(inner, message);
  return sha.Digest(outer, AsBytes(hash));
}

// RFC 4231, test cases 6 and 7: keys that are longer than a block.
TEST(HmacTest, MatchesTheVectorsOfRfc4231) {
  const std::string key(131, '\xaa');
  EXPECT_EQ(ToHex(HmacSha256(key, "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(ToHex(HmacSha256(key,
                             "This is a test using a larger than block-size key and a larger than "
                             "block-size data. The key needs to be hashed before being used by the "
                             "HMAC algorithm.")),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacTest, IsThatOfRfc2104WhateverTheSizes) {
  for (const std::size_t key_size : {0U, 1U, 32U, 63U, 64U, 65U, 200U}) {
    const std::string key(key_size, '\xb7');
    const HmacKey hashed_in(key);
    for (const std::size_t size : {0U, 1U, 8U, 55U, 56U, 63U, 64U, 65U, 119U, 120U, 1'000U}) {
      const std::string data(size, 'd');
      EXPECT_EQ(hashed_in.Digest(data), HmacOf(key, data)) << key_size << ", " << size;
    }
  }
}

TEST(HmacTest, TheSameHoweverTheDataIsSplit) {
  const HmacKey key("key");
  const std::string data(100, 'd');
  const absl::string_view view = data;
  for (const std::size_t cut : {0U, 1U, 40U, 100U}) {
    EXPECT_EQ(key.Digest(view.substr(0, cut), view.substr(cut)), key.Digest(data));
    EXPECT_EQ(key.Digest(view.substr(0, cut), "", view.substr(cut)), key.Digest(data));
  }
}

TEST(HmacTest, ACopyIsAKeyOfItsOwn) {
  absl::optional<HmacKey> first(HmacKey("one"));
  HmacKey second = *first;
  first.reset();
  EXPECT_EQ(second.Digest("x"), HmacSha256("one", "x"));
  second = HmacKey("two");
  EXPECT_EQ(second.Digest("x"), HmacSha256("two", "x"));
}

TEST(HmacTest, NothingIsLeftOfAKeyThatIsDestroyed) {
  alignas(HmacKey) std::array<unsigned char, sizeof(HmacKey)> place{};
  const auto* const key = new (place.data()) HmacKey("key");
  EXPECT_NE(place, decltype(place)());
  key->~HmacKey();
  EXPECT_EQ(place, decltype(place)());
}

TEST(WipeTest, LeavesNothingOfASecret) {
  std::string secret = "a secret that is longer than what fits into the string itself";
  const std::size_t size = secret.size();
  Wipe(secret);
  EXPECT_EQ(secret, std::string(size, '\0'));
}

}  // namespace
}  // namespace puhui::ledger
