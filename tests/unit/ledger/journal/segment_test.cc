// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/segment.h"

#include "ledger/base/limits.h"
#include "ledger/crypto/crc32c.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/base/internal/endian.h"
#include <gtest/gtest.h>

#include <vector>

namespace puhui::ledger {
namespace {

Hash RootOf(std::uint8_t byte) {
  Hash root;
  root.fill(byte);
  return root;
}

SealedSegment SegmentOf(const std::vector<std::string>& records, Sequence first = 5) {
  SegmentBuilder builder(/*partition=*/2, /*epoch=*/3, first);
  for (const std::string& record : records) builder.Add(record);
  return builder.Seal(RootOf(0xAA));
}

// Puts the right checksum into bytes that were changed, so that only the framing can object.
std::string Resealed(std::string bytes) {
  const absl::string_view view = bytes;
  absl::little_endian::Store32(bytes.data() + 64,
                               ExtendCrc32c(Crc32c(view.substr(0, 64)), view.substr(68)));
  return bytes;
}

std::string WithPayload(std::string bytes, absl::string_view payload) {
  bytes.resize(kSegmentHeaderBytes);
  bytes.append(payload.data(), payload.size());
  absl::little_endian::Store32(bytes.data() + 60, static_cast<std::uint32_t>(payload.size()));
  return Resealed(bytes);
}

TEST(SegmentTest, BytesAreFrozen) {
  EXPECT_EQ(ToHex(SegmentOf({"ab", "", "xyz"}).bytes),
            "50484a01"          // Magic and version.
            "02000000"          // Partition.
            "0300000000000000"  // Epoch.
            "0500000000000000"  // First sequence.
            "03000000"          // Records.
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "08000000"  // Payload bytes.
            "b85fb151"  // CRC-32C.
            "026162"
            "00"
            "0378797a");
  EXPECT_EQ(ToHex(SegmentKey(0x0102030405060708)), "0102030405060708");
}

TEST(SegmentTest, GivesBackWhatWasFramed) {
  const std::vector<std::string> records = {"first", "", std::string(127, 'a'),
                                            std::string(128, 'b'), std::string(100'000, 'c')};
  const SealedSegment sealed = SegmentOf(records);
  ASSERT_OK_AND_ASSIGN(const SegmentView view, SegmentView::Parse(sealed.bytes));
  EXPECT_EQ(view.header().partition, 2u);
  EXPECT_EQ(view.header().epoch, 3u);
  EXPECT_EQ(EpochOf(sealed.bytes), 3u);
  EXPECT_EQ(view.header().root_before, RootOf(0xAA));
  EXPECT_EQ(view.first(), 5u);
  EXPECT_EQ(view.last(), 9u);
  EXPECT_EQ(sealed.first, 5u);
  EXPECT_EQ(sealed.last, 9u);
  const std::vector<std::string> back(view.begin(), view.end());
  EXPECT_EQ(back, records);
  EXPECT_EQ(view.record(5), "first");
  EXPECT_EQ(view.record(8), records[3]);
}

TEST(SegmentTest, BuilderGoesOnWithTheNextSequence) {
  SegmentBuilder builder(0, 1, 1);
  builder.Add("one");
  builder.Add("two");
  EXPECT_EQ(builder.next_sequence(), 3u);
  const SealedSegment first = builder.Seal(RootOf(0));
  EXPECT_TRUE(builder.empty());
  EXPECT_EQ(builder.bytes(), kSegmentHeaderBytes);
  builder.Add("three");
  const SealedSegment second = builder.Seal(RootOf(1));
  EXPECT_EQ(first.last, 2u);
  EXPECT_EQ(second.first, 3u);
  ASSERT_OK_AND_ASSIGN(const SegmentView view, SegmentView::Parse(second.bytes));
  EXPECT_EQ(view.record(3), "three");
}

TEST(SegmentTest, FitsFillsASegmentToItsLimitExactly) {
  SegmentBuilder builder(0, 1, 1);
  EXPECT_TRUE(builder.Fits(10 * kSegmentBytesMax)) << "an empty segment takes any record";
  builder.Add("x");
  const std::size_t room =
      kSegmentBytesMax - builder.bytes() - 2;  // A size from 128 to 16,383 takes two bytes.
  EXPECT_TRUE(builder.Fits(room));
  EXPECT_FALSE(builder.Fits(room + 1));
  builder.Add(std::string(room, 'y'));
  EXPECT_EQ(builder.bytes(), kSegmentBytesMax);
  EXPECT_FALSE(builder.Fits(0));
}

TEST(SegmentTest, RefusesEveryChangedBit) {
  const std::string bytes = SegmentOf({"record one", "record two", ""}).bytes;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_THAT(SegmentView::Parse(changed), HasCode(absl::StatusCode::kDataLoss)) << bit;
  }
}

TEST(SegmentTest, RefusesEveryTruncationAndAnyAddition) {
  const std::string bytes = SegmentOf({"record one", "record two", ""}).bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_THAT(SegmentView::Parse(absl::string_view(bytes).substr(0, size)),
                HasCode(absl::StatusCode::kDataLoss))
        << size;
  }
  EXPECT_THAT(SegmentView::Parse(bytes + '\0'), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(SegmentView::Parse(bytes + bytes), HasCode(absl::StatusCode::kDataLoss));
}

TEST(SegmentTest, RefusesBadFramingUnderAGoodChecksum) {
  const std::string good = SegmentOf({"ab", "", "xyz"}).bytes;
  ASSERT_OK(SegmentView::Parse(WithPayload(good, absl::string_view("\x02"
                                                                   "ab\x00\x03xyz",
                                                                   8))));
  const absl::string_view payloads[] = {
      {"\x02"
       "ab\x00",
       4},                      // A record too few.
      {"\x00\x00\x00\x00", 4},  // A record too many.
      {"\x02"
       "ab\x00\x04xyz",
       8},                                      // Runs over the end.
      {"\x00\x00\x80\x00", 4},                  // A size not in its shortest form.
      {"\x00\x00\x80", 3},                      // A size that is cut off.
      {"\x00\x00\xff\xff\xff\xff\x1f", 7},      // Above 32 bits.
      {"\x00\x00\x80\x80\x80\x80\x80\x00", 8},  // Longer than any size.
  };
  for (const absl::string_view payload : payloads) {
    EXPECT_THAT(SegmentView::Parse(WithPayload(good, payload)),
                HasCode(absl::StatusCode::kDataLoss))
        << ToHex(payload);
  }
}

TEST(SegmentTest, RefusesImpossibleSequences) {
  const std::string good = SegmentOf({"ab", "", "xyz"}).bytes;
  for (const Sequence first : {Sequence{0}, ~Sequence{0}, ~Sequence{0} - 2}) {
    std::string bytes = good;
    absl::little_endian::Store64(bytes.data() + 16, first);
    EXPECT_THAT(SegmentView::Parse(Resealed(bytes)), HasCode(absl::StatusCode::kDataLoss));
  }
  std::string none = good;
  absl::little_endian::Store32(none.data() + 24, 0);
  EXPECT_THAT(SegmentView::Parse(WithPayload(none, "")), HasCode(absl::StatusCode::kDataLoss));
}

TEST(SegmentTest, SurvivesRandomBytesUnderAGoodChecksum) {
  SeededRandom random(7);
  const std::string good = SegmentOf({"ab", "", "xyz"}).bytes;
  for (int round = 0; round < 20'000; ++round) {
    std::string payload(random.Below(12), '\0');
    for (char& c : payload) c = static_cast<char>(random.Below(8) == 0 ? 0x80 : random.Below(5));
    const std::string bytes = WithPayload(good, payload);
    const absl::StatusOr<SegmentView> view = SegmentView::Parse(bytes);
    if (!view.ok()) continue;
    // What parses is what the builder would have written.
    EXPECT_EQ(SegmentOf(std::vector<std::string>(view->begin(), view->end())).bytes, bytes);
  }
}

TEST(SegmentDeathTest, RefusesToSealNothing) {
  SegmentBuilder builder(0, 1, 1);
  EXPECT_DEATH(builder.Seal(RootOf(0)), "empty");
}

}  // namespace
}  // namespace puhui::ledger
