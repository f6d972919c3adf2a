// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/codec.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/storage/rows.h"

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace puhui::ledger {
namespace {

constexpr absl::StatusCode kDataLoss = absl::StatusCode::kDataLoss;

template <class T>
std::string Hex(const T& value) {
  return absl::BytesToHexString(EncodeValue(value));
}

template <class T>
absl::Status Decode(absl::string_view hex) {
  T value{};
  return DecodeValue(absl::HexStringToBytes(hex), &value);
}

TEST(ValueCodecTest, PlainValuesHaveTheirGoldenBytes) {
  EXPECT_EQ(Hex(std::uint64_t{0}), "00");
  EXPECT_EQ(Hex(std::uint32_t{127}), "7f");
  EXPECT_EQ(Hex(std::uint32_t{128}), "8001");
  EXPECT_EQ(Hex(std::uint8_t{255}), "ff01");
  EXPECT_EQ(Hex(std::numeric_limits<std::uint64_t>::max()), "ffffffffffffffffff01");
  EXPECT_EQ(Hex(std::int64_t{0}), "00");
  EXPECT_EQ(Hex(std::int64_t{-1}), "01");
  EXPECT_EQ(Hex(std::int32_t{1}), "02");
  EXPECT_EQ(Hex(std::numeric_limits<std::int64_t>::min()), "ffffffffffffffffff01");
  EXPECT_EQ(Hex(true), "01");
  EXPECT_EQ(Hex(Colour::kBlue), "02");
  EXPECT_EQ(Hex(Points::FromStored(17'100)), "cc8501");
  EXPECT_EQ(Hex(BasisPoints::FromStored(300)), "ac02");
  EXPECT_EQ(Hex(std::string("ab")), "026162");
  EXPECT_EQ(Hex(*MerchantId::Parse("m-7", "merchant")), "036d2d37");
  EXPECT_EQ(Hex(MemberId(1, 2)), "00000000000000010000000000000002");
  EXPECT_EQ(Hex(std::array<std::uint8_t, 2>{0xAB, 0xCD}), "abcd");
  EXPECT_EQ(Hex(absl::FromUnixMicros(64)), "8001");
  EXPECT_EQ(Hex(absl::CivilDay(1969, 12, 31)), "01");
  EXPECT_EQ(Hex(absl::optional<std::uint8_t>()), "00");
  EXPECT_EQ(Hex(absl::optional<std::uint8_t>(5)), "0105");
  EXPECT_EQ(Hex(std::vector<std::int32_t>{1, -1}), "020201");
  EXPECT_EQ(Hex(std::vector<Slice>{{LotNumber{3}, Points::FromStored(4)}}), "010304");
}

TEST(ValueCodecTest, AStructIsItsFieldsInOrder) {
  EXPECT_EQ(Hex(EveryKind()),
            "00000000000000000000"              // Ten numbers, of which
            "00000000000000000000000000000000"  // the member,
            "0000"
            "00000000"
            "00"
            "00"
            "00");  // texts, bytes, and the containers.
}

TEST(ValueCodecTest, EveryRowComesBackAsItWas) {
  SeededRandom random(11);
  for (int i = 0; i < 500; ++i) {
    const EveryKind row = AnyRow(random);
    EveryKind back;
    back.text = "left over";
    ASSERT_OK(DecodeValue(EncodeValue(row), &back));
    ASSERT_EQ(back, row);
  }
}

TEST(ValueCodecTest, InfiniteTimesComeBack) {
  for (const absl::Time time : {absl::InfiniteFuture(), absl::InfinitePast()}) {
    absl::Time back;
    ASSERT_OK(DecodeValue(EncodeValue(time), &back));
    EXPECT_EQ(back, time);
  }
}

struct Grown {
  std::uint32_t first = 0;
  std::string second = "default";
  std::vector<Slice> third;
  std::uint32_t fourth = 7;
  template <class F>
  void Fields(F& f) {
    f(first, second, third, fourth);
  }
};

TEST(ValueCodecTest, BytesThatStopAfterAFieldKeepTheDefaultsOfTheRest) {
  const Grown whole{300, "xyz", {{LotNumber{1}, Points::FromStored(900)}, {}}, 1000};
  const std::string bytes = EncodeValue(whole);
  // Where the fields end: "ac02" | "0378797a" | "02 018407 0000" | "e807".
  const std::set<std::size_t> ends = {2, 6, 12, 14};
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Grown back{9, "old", {}, 9};
    const absl::Status status = DecodeValue(absl::string_view(bytes).substr(0, size), &back);
    if (ends.count(size) == 0) {
      EXPECT_THAT(status, HasCode(kDataLoss)) << size;
      continue;
    }
    ASSERT_OK(status) << size;
    EXPECT_EQ(back.first, 300u);
    EXPECT_EQ(back.second, size < 6 ? "default" : "xyz");
    EXPECT_EQ(back.third.size(), size < 12 ? 0u : 2u);
    EXPECT_EQ(back.fourth, size < 14 ? 7u : 1000u);
  }
}

TEST(ValueCodecTest, ATruncatedRowNeverDecodesToTheWholeRow) {
  SeededRandom random(12);
  const EveryKind row = AnyRow(random);
  const std::string bytes = EncodeValue(row);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EveryKind back;
    if (DecodeValue(absl::string_view(bytes).substr(0, size), &back).ok()) {
      EXPECT_NE(back, row) << size;
    }
  }
}

TEST(ValueCodecTest, NestedStructsAndElementsAreNeverCutShort) {
  EXPECT_THAT(Decode<std::vector<Slice>>("02010203"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<std::vector<Slice>>("0201020304"), IsOk());
}

TEST(ValueCodecTest, OnlyTheBytesThatEncodingWritesAreTaken) {
  EXPECT_THAT(Decode<std::uint32_t>(""), HasCode(kDataLoss));
  EXPECT_THAT(Decode<std::uint32_t>("0000"), HasCode(kDataLoss));                  // Trailing.
  EXPECT_THAT(Decode<std::uint32_t>("80"), HasCode(kDataLoss));                    // Cut.
  EXPECT_THAT(Decode<std::uint32_t>("8000"), HasCode(kDataLoss));                  // Too long.
  EXPECT_THAT(Decode<std::uint64_t>("ffffffffffffffffff02"), HasCode(kDataLoss));  // 65 bits.
  EXPECT_THAT(Decode<std::uint64_t>("ffffffffffffffffffff01"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<std::uint8_t>("8002"), HasCode(kDataLoss));  // 256.
  EXPECT_THAT(Decode<std::int8_t>("8002"), HasCode(kDataLoss));   // 128.
  EXPECT_THAT(Decode<std::int8_t>("ff01"), IsOk());               // -128.
  EXPECT_THAT(Decode<Colour>("8002"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<bool>("02"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<BasisPoints>("914e"), HasCode(kDataLoss));           // 10,001.
  EXPECT_THAT(Decode<absl::CivilDay>("8080808010"), HasCode(kDataLoss));  // 2^31 days.
  EXPECT_THAT(Decode<std::string>("036162"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<MerchantId>("0141"), HasCode(kDataLoss));  // No id has a capital.
  EXPECT_THAT(Decode<MemberId>("000000000000000000000000000000"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<absl::optional<std::uint8_t>>("02"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<absl::optional<std::uint8_t>>("01"), HasCode(kDataLoss));
}

TEST(ValueCodecTest, PointsBeyondTheirLimitAreRefused) {
  const std::uint64_t most = std::uint64_t{Points::kMax};
  Points points;
  EXPECT_OK(DecodeValue(EncodeValue(most), &points));
  EXPECT_EQ(points.value(), Points::kMax);
  EXPECT_THAT(DecodeValue(EncodeValue(most + 1), &points), HasCode(kDataLoss));
}

TEST(ValueCodecTest, ACountBeyondTheBytesIsRefusedBeforeMemoryIsTaken) {
  EXPECT_THAT(Decode<std::vector<std::string>>("ffffffffffffffffff01"), HasCode(kDataLoss));
  EXPECT_THAT(Decode<std::vector<std::uint8_t>>("0301"), HasCode(kDataLoss));
}

TEST(ValueCodecTest, RandomBytesDecodeToWhatEncodesToThemOrNotAtAll) {
  SeededRandom random(13);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string bytes = AnyText(random, 8, '\0', '\x04');
    Grown row;
    if (!DecodeValue(bytes, &row).ok()) continue;
    ++taken;
    EXPECT_EQ(EncodeValue(row).substr(0, bytes.size()), bytes);
  }
  EXPECT_GT(taken, 100);
}

}  // namespace
}  // namespace puhui::ledger
