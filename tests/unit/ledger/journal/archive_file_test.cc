// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/archive_file.h"

#include "ledger/crypto/crc32c.h"
#include "tests/unit/ledger/journal/archive_fixture.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/match.h"

#include <filesystem>

namespace puhui::ledger {
namespace {

// Records 6 to 8 of the fixture's journal, with the tree of the five before.
constexpr absl::string_view kGoldenArchive =
    "50484101"                                                          // Magic and version.
    "02000000"                                                          // Partition.
    "0600000000000000"                                                  // First record.
    "0800000000000000"                                                  // Last record.
    "6beac2999c2fcd7bfa02282ae52c481163715dfcde1f2f75d1cc8da3751062e3"  // Root after the last.
    "c304727bf3364f0455ae935ee0e272e8973b7454b77f6253e061958d9a54449b"  // Root of the records 1
                                                                        // to 4.
    "3d8f6683a51026e4665818475c9e7d6a12b8f0b9b6c3c6516eacfd0e4069c826"  // Leaf of record 5.
    "a0c7bbed"                                                          // CRC-32C.
    "6b000000"                                                          // Bytes of the rows.
    "5f000000"                                                          // Bytes compressed.
    "0600000000000000"  // First record of the frame.
    "6a0729d5"          // CRC-32C.
    "28b52ffd206bb5020054040000065f00000050484a010200000003000601338e"  // A frame of Zstandard.
    "bd977644f4f1f37fe9fe51b1723e954924e838426025060f6f090d85e41b0000"
    "009f74a07008e8aeb0e5bd9520363738060080886021981962255f60ea05da"
    "0600000000000000"  // Index: first record of the frame,
    "7c00000000000000"  // its offset,
    "73000000"          // its bytes.
    "ef00000000000000"  // Offset of the index.
    "01000000"          // Frames.
    "109bf0fc"          // CRC-32C of the index.
    "50484501"          // Magic and version.
    "0aab5538";         // CRC-32C.

class ArchiveFileTest : public ArchiveTest {
 protected:
  // An archive of all but the last segment.
  std::string Written() {
    const auto report = Archive(journal_.last());
    PUHUI_CHECK_OK(report.status());
    return report->path;
  }
  // Whether a file of these bytes is taken for a whole archive.
  absl::Status Try(absl::string_view bytes) {
    const std::string path = dir_.Join("tried");
    WriteBytes(path, bytes);
    const auto file = ArchiveFile::Open(path);
    if (!file.ok()) return file.status();
    return VerifyArchive(**file, NoWait).status();
  }
};

TEST_F(ArchiveFileTest, BytesOfVersion1AreReadForEver) {
  const std::string golden = *FromHex(kGoldenArchive);
  const std::string path = dir_.Join(ArchiveFileName(6, 8));
  WriteBytes(path, golden);
  const auto file = ArchiveFile::Open(path);
  ASSERT_OK(file);
  EXPECT_EQ((*file)->header().partition, 2u);
  EXPECT_EQ((*file)->first(), 6u);
  EXPECT_EQ((*file)->last(), 8u);
  const auto figures = VerifyArchive(**file, NoWait);
  ASSERT_OK(figures);
  EXPECT_EQ(figures->records, 3u);
  const auto frame = (*file)->ReadFrame(0);
  ASSERT_OK(frame);
  const auto segment = SegmentView::Parse(frame->segments().front().bytes);
  ASSERT_OK(segment);
  EXPECT_EQ(segment->record(6), WrittenJournal::RecordOf(6, 8));
}

TEST_F(ArchiveFileTest, WritesTheSameAsVersion1ButForTheCompression) {
  journal_.Append(5);
  ASSERT_OK(Archive(5));
  journal_.Append(3);
  ASSERT_OK(Archive(5));
  journal_.Append(1);
  const auto report = Archive(8);
  ASSERT_OK(report);
  const std::string golden = *FromHex(kGoldenArchive);
  const std::string written = ReadBytes(report->path);
  const std::size_t header = ArchiveHeaderBytes(6);
  EXPECT_EQ(ToHex(absl::string_view(written).substr(0, header)),
            ToHex(absl::string_view(golden).substr(0, header)));
}

TEST_F(ArchiveFileTest, NamesSortAsTheyFollow) {
  EXPECT_EQ(ArchiveFileName(1, 20), "segments-00000000000000000001-00000000000000000020.archive");
  EXPECT_LT(ArchiveFileName(9, 9), ArchiveFileName(10, 10));
}

TEST_F(ArchiveFileTest, EveryByteThatIsChangedIsFound) {
  for (const std::size_t count : {5u, 3u, 1u}) journal_.Append(count);
  const std::string sound = ReadBytes(Written());
  ASSERT_OK(Try(sound));
  for (std::size_t at = 0; at < sound.size(); ++at) {
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EXPECT_TRUE(absl::IsDataLoss(Try(changed))) << "byte " << at;
  }
}

TEST_F(ArchiveFileTest, AFileThatIsCutOffIsFound) {
  for (const std::size_t count : {5u, 3u, 1u}) journal_.Append(count);
  const std::string sound = ReadBytes(Written());
  for (std::size_t size = 0; size < sound.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(Try(sound.substr(0, size)))) << size << " bytes";
  }
  EXPECT_TRUE(absl::IsDataLoss(Try(sound + "x")));
}

TEST_F(ArchiveFileTest, DamageNamesTheFirstRecordOfTheFrame) {
  // Frames of a megabyte, so that there are several.
  for (int i = 0; i < 30; ++i) journal_.Append(2, 40'000);
  const std::string path = Written();
  auto file = ArchiveFile::Open(path);
  ASSERT_OK(file);
  ASSERT_GE((*file)->frames(), 2u);
  const auto second = (*file)->ReadFrame(1);
  ASSERT_OK(second);
  const Sequence first = second->segments().front().first;
  std::string bytes = ReadBytes(path);
  const std::size_t footer = bytes.size() - kArchiveFooterBytes;
  bytes[footer - (*file)->frames() * kArchivePlaceBytes - 1] ^= 1;  // The last frame's last byte.
  WriteBytes(path, bytes);
  file = ArchiveFile::Open(path);
  ASSERT_OK(file);
  const auto damaged = (*file)->ReadFrame((*file)->frames() - 1);
  EXPECT_TRUE(absl::IsDataLoss(damaged.status()));
  EXPECT_TRUE(absl::StrContains(damaged.status().message(), path));
  EXPECT_EQ((*file)->FrameOf(first), 1u);
  EXPECT_EQ((*file)->FrameOf(first - 1), 0u);
}

TEST_F(ArchiveFileTest, AFileUnderAnothersNameIsRefused) {
  for (const std::size_t count : {5u, 1u}) journal_.Append(count);
  const std::string bytes = ReadBytes(Written());
  const std::string path = dir_.Join(ArchiveFileName(1, 6));
  WriteBytes(path, bytes);
  EXPECT_TRUE(absl::IsDataLoss(ArchiveFile::Open(path).status()));
}

TEST_F(ArchiveFileTest, AWriterThatIsNotFinishedLeavesNothing) {
  journal_.Append(5);
  const std::string segment = *(*hot_.Get(Family::kJournal, SegmentKey(1)));
  const std::string unfinished = dir_.Join(absl::StrCat("archive/", kUnfinishedArchiveName));
  {
    auto writer = ArchiveWriter::Create(dir_.Join("archive"), MerkleFrontier());
    ASSERT_OK(writer);
    ASSERT_OK((*writer)->Add(segment));
    EXPECT_TRUE(std::filesystem::exists(unfinished));
    EXPECT_TRUE(absl::IsDataLoss((*writer)->Add(segment)));  // It does not follow itself.
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir_.Join("archive")));
}

TEST_F(ArchiveFileTest, ASegmentOfAnotherTreeIsRefused) {
  journal_.Append(5);
  journal_.Append(5);
  const std::string second = *(*hot_.Get(Family::kJournal, SegmentKey(6)));
  MerkleFrontier other;
  for (int i = 0; i < 5; ++i) other.Append(LeafHash("another record"));
  auto writer = ArchiveWriter::Create(dir_.Join("archive"), other);
  ASSERT_OK(writer);
  EXPECT_TRUE(absl::IsDataLoss((*writer)->Add(second)));
}

// What its header says of itself does not make a frame take more memory than one may.
TEST(ArchiveFrameTest, SizesThatAreTooLargeAreRefusedUnread) {
  ArchiveFrameBuilder builder;
  builder.Add(1, "segment");
  std::string frame = builder.Seal();
  ASSERT_OK(ArchiveFrame::Decode(frame));
  for (const std::uint32_t size : {0u, 18u, 20u, 0x04000001u, 0xFFFFFFFFu}) {
    std::string changed = frame;
    absl::little_endian::Store32(changed.data(), size);
    const absl::string_view view = changed;
    absl::little_endian::Store32(changed.data() + 16,
                                 ExtendCrc32c(Crc32c(view.substr(0, 16)), view.substr(20)));
    EXPECT_TRUE(absl::IsDataLoss(ArchiveFrame::Decode(changed).status())) << size;
  }
}

TEST_F(ArchiveFileTest, NoRecordIsTheLastThatNumbersHave) {
  std::string header = EncodeArchiveHeader({.first = 1, .last = ~Sequence{0} - 1, .before = {}});
  EXPECT_OK(DecodeArchiveHeader(header));
  header = EncodeArchiveHeader({.first = 1, .last = ~Sequence{0}, .before = {}});
  EXPECT_TRUE(absl::IsDataLoss(DecodeArchiveHeader(header).status()));
}

}  // namespace
}  // namespace puhui::ledger
