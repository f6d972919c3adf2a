// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_format.h"

#include "audit/bundle/frame_stream.h"
#include "ledger/crypto/hash.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace puhui::audit {
namespace {

ledger::Hash Filled(std::uint8_t byte) {
  ledger::Hash hash{};
  hash.fill(byte);
  return hash;
}

std::string Hex(const std::string& bytes) { return ledger::ToHex(absl::string_view(bytes)); }

std::string Repeated(const std::string& hex, int times) {
  std::string text;
  for (; times != 0; --times) text += hex;
  return text;
}

// The examples of docs/audit-format.md.
TEST(BundleFormatTest, WritesTheBytesOfTheDocument) {
  EXPECT_EQ(
      Hex(EncodeHeader({.first = 5,
                        .last = 9,
                        .root_before = Filled(0xaa),
                        .root_after = Filled(0xbb),
                        .partition = 2})),
      "05000000000000000900000000000000" + Repeated("aa", 32) + Repeated("bb", 32) + "02000000");
  EXPECT_EQ(Hex(EncodeConsistency({4, 9, {Filled(0xcc)}})),
            "04000000000000000900000000000000" + Repeated("cc", 32));
  EXPECT_EQ(Hex(EncodeEarlierRecord({3, {Filled(0xdd)}, "xyz"})),
            "030000000000000001" + Repeated("dd", 32) + "78797a");
  std::string row;
  AppendBalanceRow({{ledger::AccountKind::kPayable, MemberId(0, 3), 1}, -195}, row);
  EXPECT_EQ(Hex(row), "060000000000000000000000000000000300000001ffffffffffffff3d");
  row.clear();
  AppendLotRow({MemberId(9, 1), 1, 2, 3, 1'000, 800, 300, 5}, row);
  EXPECT_EQ(Hex(row),
            "00000000000000090000000000000001"
            "000000010000000200000003"
            "00000000000003e80000000000000320000000000000012c0000000000000005");
}

TEST(BundleFormatTest, ReadsWhatItWrites) {
  const BundleHeader header{
      .first = 5, .last = 9, .root_before = Filled(1), .root_after = Filled(2), .partition = 3};
  const auto decoded = DecodeHeader(EncodeHeader(header));
  ASSERT_OK(decoded);
  EXPECT_EQ(*decoded, header);
  const auto earlier = DecodeEarlierRecord(EncodeEarlierRecord({3, {Filled(4)}, "xyz"}));
  ASSERT_OK(earlier);
  EXPECT_EQ(earlier->sequence, 3U);
  EXPECT_EQ(earlier->path.size(), 1U);
  EXPECT_EQ(earlier->bytes, "xyz");
}

TEST(BundleFormatTest, RefusesWhatNoEncoderWrites) {
  EXPECT_THAT(DecodeHeader(""), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeHeader(std::string(84, '\0')), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeHashes(std::string(33, 'x')), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeHashes(std::string(65 * 32, 'x')), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeEarlierRecord(std::string("\1\0\0\0\0\0\0\0\1x", 10)),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeBalanceRow(std::string(kBalanceRowBytes, '\0')),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeLotRow(std::string(kLotRowBytes, '\0')), HasCode(absl::StatusCode::kDataLoss));
}

TEST(FrameStreamTest, EndsWithTheHashOfAllBefore) {
  FrameWriter writer;
  writer.Add(FrameKind::kFrontier, "abc");
  writer.End();
  const std::string before = std::string("PHB\1", 4) + std::string("\4\3\0\0\0abc", 8);
  const ledger::Hash hash = ledger::Sha256().Digest(before);
  EXPECT_EQ(writer.Take(),
            before + std::string("\x0f\x20\0\0\0", 5) + std::string(ledger::AsBytes(hash)));
}

TEST(FrameQueueTest, WritesSomeFramesAtATimeInTheirOrder) {
  FrameWriter writer;
  writer.Take();  // The magic.
  FrameQueue queue;
  queue.Add(FrameKind::kOpeningBalances, {"aa", "bb", "cc"});
  queue.Add(FrameKind::kOpeningLots, {});
  queue.Add(FrameKind::kOpeningLots, {"dd"});
  queue.Write(3, writer);
  EXPECT_EQ(Hex(writer.Take()), "05020000006161" + std::string("05020000006262"));
  EXPECT_FALSE(queue.empty());
  queue.Write(100, writer);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(Hex(writer.Take()), "05020000006363" + std::string("06020000006464"));
}

}  // namespace
}  // namespace puhui::audit
