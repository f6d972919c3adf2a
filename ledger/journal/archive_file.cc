// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/archive_file.h"

#include "ledger/base/archive_limits.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/segment.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kDigestStepBytes = std::size_t{1} << 20;

absl::Status ArchiveFailure(absl::string_view what, const std::string& path) {
  const int error = errno;
  const std::string message = absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  if (error == ENOENT) return absl::NotFoundError(message);
  return absl::UnavailableError(message);
}

absl::Status WriteFully(int fd, absl::string_view bytes, std::uint64_t offset,
                        const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ArchiveFailure("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return absl::OkStatus();
}

absl::Status SyncArchiveDirectory(const std::string& directory) {
  const ArchiveDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return ArchiveFailure("sync", directory);
  return absl::OkStatus();
}

absl::Status NotProved(Sequence sequence, absl::string_view why) {
  return absl::DataLossError(absl::StrCat("journal at sequence ", sequence, ": ", why));
}

}  // namespace

ArchiveDescriptor::~ArchiveDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::string ArchiveFileName(Sequence first, Sequence last) {
  return absl::StrFormat("segments-%020d-%020d.archive", first, last);
}

bool IsArchiveFileName(absl::string_view name) {
  return absl::StartsWith(name, "segments-") && absl::EndsWith(name, ".archive");
}

absl::Status AppendSegment(absl::string_view segment, MerkleFrontier* tree) {
  const Sequence expected = tree->size() + 1;
  const absl::StatusOr<SegmentView> view = SegmentView::Parse(segment);
  if (!view.ok()) return NotProved(expected, view.status().message());
  if (view->first() != expected) {
    return NotProved(expected, absl::StrCat("missing; the next segment begins at ", view->first()));
  }
  if (view->header().root_before != tree->Root()) {
    return NotProved(expected, "the records before it are not the ones that were signed");
  }
  for (const absl::string_view record : *view) tree->Append(LeafHash(record));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Create(const std::string& directory,
                                                                     const MerkleFrontier& before) {
  std::error_code error;
  if (std::filesystem::create_directories(directory, error)) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot make ", directory, ": ", error.message()));
  }
  const std::string path = absl::StrCat(directory, "/", kUnfinishedArchiveName);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return ArchiveFailure("create", path);
  return std::unique_ptr<ArchiveWriter>(new ArchiveWriter(directory, fd, before));
}

ArchiveWriter::ArchiveWriter(std::string directory, int fd, const MerkleFrontier& before)
    : directory_(std::move(directory)),
      temporary_(absl::StrCat(directory_, "/", kUnfinishedArchiveName)),
      fd_(fd),
      before_(before),
      tree_(before),
      offset_(ArchiveHeaderBytes(before.size() + 1)) {}

ArchiveWriter::~ArchiveWriter() {
  if (!finished_) ::unlink(temporary_.c_str());
}

absl::Status ArchiveWriter::Write(absl::string_view bytes) {
  PUHUI_RETURN_IF_ERROR(WriteFully(fd_.get(), bytes, offset_, temporary_));
  offset_ += bytes.size();
  return absl::OkStatus();
}

absl::Status ArchiveWriter::WriteFrame() {
  if (places_.size() == kArchiveFramesMax) {
    return absl::ResourceExhaustedError("an archive holds no more frames");
  }
  const Sequence first = frame_.first();
  const std::string bytes = frame_.Seal();
  places_.push_back(
      {.first = first, .offset = offset_, .bytes = static_cast<std::uint32_t>(bytes.size())});
  return Write(bytes);
}

absl::Status ArchiveWriter::Add(absl::string_view segment) {
  const Sequence first = last() + 1;
  if (segment.size() > kArchiveFrameBytesMax / 2) return NotProved(first, "too large a segment");
  PUHUI_RETURN_IF_ERROR(AppendSegment(segment, &tree_));
  PUHUI_ASSIGN_OR_RETURN(const SegmentView view, SegmentView::Parse(segment));
  if (first == before_.size() + 1) partition_ = view.header().partition;
  if (view.header().partition != partition_) return NotProved(first, "of another partition");
  if (!frame_.Fits(segment.size())) PUHUI_RETURN_IF_ERROR(WriteFrame());
  frame_.Add(first, segment);
  return absl::OkStatus();
}

// The header comes last: it says where the records end.
absl::StatusOr<std::string> ArchiveWriter::Finish() {
  PUHUI_CHECK(!frame_.empty());
  PUHUI_RETURN_IF_ERROR(WriteFrame());
  PUHUI_RETURN_IF_ERROR(Write(EncodeArchiveEnd(places_)));
  const Sequence first = before_.size() + 1;
  PUHUI_RETURN_IF_ERROR(WriteFully(fd_.get(),
                                   EncodeArchiveHeader({.partition = partition_,
                                                        .first = first,
                                                        .last = last(),
                                                        .before = before_,
                                                        .root_after = root()}),
                                   /*offset=*/0, temporary_));
  if (::fsync(fd_.get()) != 0) return ArchiveFailure("sync", temporary_);
  const std::string path = absl::StrCat(directory_, "/", ArchiveFileName(first, last()));
  if (::rename(temporary_.c_str(), path.c_str()) != 0) return ArchiveFailure("rename to", path);
  finished_ = true;
  if (absl::Status synced = SyncArchiveDirectory(directory_); !synced.ok()) {
    ::unlink(path.c_str());  // Nobody hears of it.
    return synced;
  }
  return path;
}

absl::StatusOr<std::shared_ptr<const ArchiveFile>> ArchiveFile::Open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ArchiveFailure("open", path);
  struct stat info {};
  const bool known = ::fstat(fd, &info) == 0;
  const std::shared_ptr<ArchiveFile> file(
      new ArchiveFile(path, fd, static_cast<std::uint64_t>(info.st_size)));
  if (!known) return ArchiveFailure("look at", path);
  PUHUI_RETURN_IF_ERROR(file->InFile(file->ReadEnds()));
  return std::shared_ptr<const ArchiveFile>(file);
}

absl::Status ArchiveFile::ReadEnds() {
  const absl::Status cut = absl::DataLossError("malformed archive: it is cut off");
  if (bytes_ < kArchiveFooterBytes) return cut;
  const auto head = static_cast<std::size_t>(
      std::min<std::uint64_t>(bytes_ - kArchiveFooterBytes, kArchiveHeaderBytesMax));
  PUHUI_ASSIGN_OR_RETURN(const std::string header, ReadAt(0, head));
  PUHUI_ASSIGN_OR_RETURN(header_, DecodeArchiveHeader(header));
  PUHUI_ASSIGN_OR_RETURN(const std::string end,
                         ReadAt(bytes_ - kArchiveFooterBytes, kArchiveFooterBytes));
  PUHUI_ASSIGN_OR_RETURN(const ArchiveFooter footer, DecodeArchiveFooter(end));
  // Of numbers that were read nothing is allocated that the file does not have.
  const std::uint64_t index_bytes = std::uint64_t{footer.frames} * kArchivePlaceBytes;
  if (footer.frames > kArchiveFramesMax || footer.index_offset > bytes_ ||
      footer.index_offset + index_bytes + kArchiveFooterBytes != bytes_) {
    return cut;
  }
  PUHUI_ASSIGN_OR_RETURN(const std::string index,
                         ReadAt(footer.index_offset, static_cast<std::size_t>(index_bytes)));
  PUHUI_ASSIGN_OR_RETURN(places_, DecodeArchiveIndex(index, footer, header_));
  const std::string name = std::filesystem::path(path_).filename().string();
  if (IsArchiveFileName(name) && name != ArchiveFileName(first(), last())) {
    return absl::DataLossError(
        absl::StrCat("it holds records ", first(), " to ", last(), ", not those of its name"));
  }
  return absl::OkStatus();
}

absl::Status ArchiveFile::InFile(const absl::Status& status) const {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(path_, ": ", status.message()));
}

absl::StatusOr<std::string> ArchiveFile::ReadAt(std::uint64_t offset, std::size_t bytes) const {
  std::string out(bytes, '\0');
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t got =
        ::pread(fd_.get(), out.data() + done, bytes - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ArchiveFailure("read", path_);
    if (got == 0) return absl::DataLossError("malformed archive: it is cut off");
    done += static_cast<std::size_t>(got);
  }
  return out;
}

std::size_t ArchiveFile::FrameOf(Sequence sequence) const {
  PUHUI_CHECK(first() <= sequence && sequence <= last());
  const auto after = std::upper_bound(
      places_.begin(), places_.end(), sequence,
      [](Sequence wanted, const ArchiveFramePlace& place) { return wanted < place.first; });
  return static_cast<std::size_t>(after - places_.begin()) - 1;
}

absl::StatusOr<ArchiveFrame> ArchiveFile::ReadFrame(std::size_t frame) const {
  const ArchiveFramePlace& place = places_.at(frame);
  const absl::StatusOr<std::string> bytes = ReadAt(place.offset, place.bytes);
  absl::StatusOr<ArchiveFrame> decoded = bytes.ok() ? ArchiveFrame::Decode(*bytes) : bytes.status();
  if (decoded.ok() && decoded->segments().front().first != place.first) {
    decoded = absl::DataLossError("malformed archive: a frame belongs elsewhere");
  }
  if (decoded.ok()) return decoded;
  return InFile(absl::Status(
      decoded.status().code(),
      absl::StrCat("journal at sequence ", place.first, ": ", decoded.status().message())));
}

absl::StatusOr<Hash> ArchiveFile::Digest() const {
  Sha256 hash;
  for (std::uint64_t at = 0; at < bytes_; at += kDigestStepBytes) {
    const auto step =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes_ - at, kDigestStepBytes));
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ReadAt(at, step));
    hash.Update(bytes);
  }
  return hash.Finish();
}

absl::StatusOr<ArchiveFigures> VerifyArchive(const ArchiveFile& file, ArchivePace pace) {
  const auto in_file = [&file](const absl::Status& status) {
    return absl::Status(status.code(), absl::StrCat(file.path(), ": ", status.message()));
  };
  ArchiveFigures figures;
  MerkleFrontier tree = file.header().before;
  for (std::size_t at = 0; at < file.frames(); ++at) {
    PUHUI_ASSIGN_OR_RETURN(const ArchiveFrame frame, file.ReadFrame(at));
    for (const ArchivedSegment& segment : frame.segments()) {
      const Sequence before = tree.size();
      if (segment.first != before + 1) {
        return in_file(NotProved(before + 1, "missing, or its segment is told elsewhere"));
      }
      if (absl::Status status = AppendSegment(segment.bytes, &tree); !status.ok()) {
        return in_file(status);
      }
      ++figures.segments;
      figures.records += tree.size() - before;
      figures.bytes += segment.bytes.size();
      PUHUI_RETURN_IF_ERROR(pace(tree.size() - before));
    }
  }
  if (tree.size() != file.last()) {
    return in_file(NotProved(tree.size() + 1, "missing, or more than the header says"));
  }
  if (tree.Root() != file.header().root_after) {
    return in_file(NotProved(file.last(), "the root after it is not the one in the header"));
  }
  return figures;
}

}  // namespace puhui::ledger
