// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/codec.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/storage/rows.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace puhui::ledger::key_codec_test {
namespace {

constexpr Table kTable{0x01};  // The golden bytes begin with it.
constexpr absl::StatusCode kDataLoss = absl::StatusCode::kDataLoss;

template <class K>
std::string Hex(const K& key) {
  return absl::BytesToHexString(EncodeKey(kTable, key));
}

template <class K>
absl::Status Decode(absl::string_view hex) {
  K key{};
  return DecodeKey(kTable, absl::HexStringToBytes(hex), &key);
}

struct LotKey {
  MemberId member;
  LotNumber lot{};
  template <class F>
  void Fields(F& f) {
    f(member, lot);
  }
};

struct TwoTexts {
  std::string first;
  std::string last;
  template <class F>
  void Fields(F& f) {
    f(first, last);
  }
};

struct NestedTexts {
  TwoTexts texts;
  std::uint8_t number = 0;
  template <class F>
  void Fields(F& f) {
    f(texts, number);
  }
};

TEST(KeyCodecTest, KeysHaveTheirGoldenBytes) {
  EXPECT_EQ(Hex(std::uint64_t{258}), "010000000000000102");
  EXPECT_EQ(Hex(std::uint8_t{7}), "0107");
  EXPECT_EQ(Hex(std::int64_t{0}), "018000000000000000");
  EXPECT_EQ(Hex(std::int16_t{-1}), "017fff");
  EXPECT_EQ(Hex(true), "0101");
  EXPECT_EQ(Hex(Colour::kGreen), "0101");
  EXPECT_EQ(Hex(UnionNumber{9}), "0100000009");
  EXPECT_EQ(Hex(Points::FromStored(5)), "010000000000000005");
  EXPECT_EQ(Hex(absl::FromUnixMicros(1)), "018000000000000001");
  EXPECT_EQ(Hex(absl::CivilDay(1970, 1, 2)), "0180000001");
  EXPECT_EQ(Hex(std::string("ab")), "016162");
  EXPECT_EQ(Hex(*UnionId::Parse("fh-1", "union")), "0166682d31");
  EXPECT_EQ(Hex(LotKey{MemberId(1, 2), LotNumber{3}}),
            "010000000000000001000000000000000200000003");
  EXPECT_EQ(Hex(TwoTexts{"a", "b"}), "01610062");
  EXPECT_EQ(Hex(NestedTexts{{"a", "b"}, 3}), "016100620003");
}

TEST(KeyCodecTest, EveryKeyComesBackAsItWas) {
  SeededRandom random(21);
  for (int i = 0; i < 2000; ++i) {
    const EveryKeyKind key = AnyKey(random);
    EveryKeyKind back;
    ASSERT_OK(DecodeKey(kTable, EncodeKey(kTable, key), &back));
    ASSERT_EQ(back <=> key, std::strong_ordering::equal);
  }
}

TEST(KeyCodecTest, BytesSortAsTheFieldsDo) {
  SeededRandom random(22);
  for (int i = 0; i < 20'000; ++i) {
    const EveryKeyKind a = AnyKey(random);
    EveryKeyKind b = AnyKey(random);
    if (i % 2 == 0) {  // Alike up to the last fields.
      const EveryKeyKind tail = b;
      b = a;
      b.points = tail.points;
      b.number = tail.number;
      b.last = tail.last;
    }
    ASSERT_EQ(EncodeKey(kTable, a) < EncodeKey(kTable, b), a < b);
    ASSERT_EQ(EncodeKey(kTable, a) == EncodeKey(kTable, b), (a <=> b) == 0);
  }
}

TEST(KeyCodecTest, SignedNumbersSortAcrossZero) {
  const std::vector<std::int64_t> sorted = {
      std::numeric_limits<std::int64_t>::min(), -256, -1, 0, 1, 255,
      std::numeric_limits<std::int64_t>::max()};
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    EXPECT_LT(EncodeKey(kTable, sorted[i - 1]), EncodeKey(kTable, sorted[i]));
  }
}

TEST(KeyCodecTest, TimesSortFromTheInfinitePastToTheInfiniteFuture) {
  const std::vector<absl::Time> sorted = {absl::InfinitePast(), absl::FromUnixMicros(-1),
                                          absl::UnixEpoch(), absl::InfiniteFuture()};
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    EXPECT_LT(EncodeKey(kTable, sorted[i - 1]), EncodeKey(kTable, sorted[i]));
  }
}

TEST(KeyCodecTest, ATextThatIsNotLastEndsBeforeALongerOneBegins) {
  EXPECT_LT(EncodeKey(kTable, TwoTexts{"a", "z"}), EncodeKey(kTable, TwoTexts{"ab", "a"}));
  EXPECT_NE(EncodeKey(kTable, TwoTexts{"a", "bc"}), EncodeKey(kTable, TwoTexts{"ab", "c"}));
}

TEST(KeyCodecTest, APrefixIsWhatTheKeyBeginsWith) {
  const LotKey key{MemberId(7, 8), LotNumber{9}};
  EXPECT_TRUE(absl::StartsWith(EncodeKey(kTable, key), EncodeKeyPrefix(kTable, key.member)));
  EXPECT_TRUE(absl::StartsWith(EncodeKey(kTable, key), EncodeKeyPrefix(kTable)));
  const std::string a = EncodeKeyPrefix(kTable, std::string("a"));
  EXPECT_TRUE(absl::StartsWith(EncodeKey(kTable, TwoTexts{"a", "x"}), a));
  EXPECT_FALSE(absl::StartsWith(EncodeKey(kTable, TwoTexts{"ab", "x"}), a));
}

TEST(KeyCodecTest, OnlyWholeKeysOfTheTableDecode) {
  const std::string bytes = EncodeKey(kTable, LotKey{MemberId(1, 2), LotNumber{3}});
  LotKey back;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeKey(kTable, absl::string_view(bytes).substr(0, size), &back),
                HasCode(kDataLoss));
  }
  EXPECT_THAT(DecodeKey(kTable, bytes + "x", &back), HasCode(kDataLoss));
  EXPECT_THAT(DecodeKey(static_cast<Table>(0xEE), bytes, &back), HasCode(kDataLoss));
  EXPECT_OK(DecodeKey(kTable, bytes, &back));
  EXPECT_THAT(Decode<bool>("0102"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<Points>("01ffffffffffffffff"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<TwoTexts>("0161"), HasCode(kDataLoss));  // The first never ends.
  EXPECT_THAT(Decode<UnionId>("0141"), HasCode(kDataLoss));   // No id has a capital.
}

TEST(KeyCodecDeathTest, ANulInsideATextThatIsNotLastIsABug) {
  EXPECT_DEATH(EncodeKey(kTable, TwoTexts{std::string("a\0b", 3), ""}), "npos");
}

}  // namespace
}  // namespace puhui::ledger::key_codec_test
