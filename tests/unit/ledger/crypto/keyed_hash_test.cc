// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/keyed_hash.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace puhui::ledger {
namespace {

// RFC 2104 written out, from SHA-256 alone.
Hash Hmac(absl::string_view key, absl::string_view message) {
  std::string inner(64, '\x36');
  std::string outer(64, '\x5c');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  Sha256 sha;
  const Hash hash = sha.Digest(inner, message);
  return sha.Digest(outer, AsBytes(hash));
}

TEST(KeyedHashTest, IsHmacOverLabelLengthLabelAndData) {
  const std::string key(32, 'k');
  EXPECT_EQ(KeyedHash(key).Digest("card", "4417"), Hmac(key,
                                                        "\x04"
                                                        "card4417"));
  EXPECT_EQ(KeyedHash(key).Digest("", ""), Hmac(key, absl::string_view("\0", 1)));
}

TEST(KeyedHashTest, NeverCollidesAcrossLabelsAndKeys) {
  const KeyedHash one(std::string(32, '1'));
  const KeyedHash two(std::string(32, '2'));
  const std::set<Hash> hashes = {one.Digest("ab", "c"), one.Digest("a", "bc"),
                                 one.Digest("", "abc"), one.Digest("abc", ""),
                                 two.Digest("ab", "c")};
  EXPECT_EQ(hashes.size(), 5u);
}

TEST(KeyedHashTest, TagIsTheFirstHalf) {
  const KeyedHash keyed(std::string(32, 'k'));
  EXPECT_EQ(keyed.Tag16("label", "data"), AsBytes(keyed.Digest("label", "data")).substr(0, 16));
}

TEST(KeyedHashTest, ServesManyThreads) {
  const KeyedHash keyed(std::string(32, 'k'));
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) expected.push_back(keyed.Tag16("n", absl::StrCat(i)));
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&keyed, &expected, &count] {
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (keyed.Tag16("n", absl::StrCat(i)) != expected[i]) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(KeyedHashDeathTest, RefusesAKeyOfAnotherSize) {
  EXPECT_DEATH(KeyedHash("short"), "kHashKeyBytes");
}

TEST(ConstantTimeEqualTest, ComparesBytesAndSizes) {
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
}

}  // namespace
}  // namespace puhui::ledger
