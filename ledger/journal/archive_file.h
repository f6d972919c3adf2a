// SPDX-License-Identifier: Apache-2.0
// Archives as files: written whole or not at all, and read frame by frame.
#ifndef PUHUI_LEDGER_JOURNAL_ARCHIVE_FILE_H_
#define PUHUI_LEDGER_JOURNAL_ARCHIVE_FILE_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/archive_format.h"
#include "ledger/journal/merkle.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// segments-<first>-<last>.archive, both of twenty digits, so that names sort as they follow.
std::string ArchiveFileName(Sequence first, Sequence last);
bool IsArchiveFileName(absl::string_view name);
// Under which a file is written before it has its name. One is written at a time.
inline constexpr absl::string_view kUnfinishedArchiveName = "segments.archive.tmp";

// An open file descriptor. Owns it.
class ArchiveDescriptor {
 public:
  explicit ArchiveDescriptor(int fd) : fd_(fd) {}
  ~ArchiveDescriptor();
  ArchiveDescriptor(const ArchiveDescriptor&) = delete;
  ArchiveDescriptor& operator=(const ArchiveDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

// Writes one archive. What is not finished is removed with the object.
// Threads: none.
class ArchiveWriter {
 public:
  // Goes on from the tree of the records before. Makes the directory when there is none.
  // Fails: kResourceExhausted when the disk is full, else kUnavailable.
  static absl::StatusOr<std::unique_ptr<ArchiveWriter>> Create(const std::string& directory,
                                                               const MerkleFrontier& before);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // Adds the segment that follows. Fails: kDataLoss, naming its first record, when it does not
  // follow, or is not of the tree; kResourceExhausted; kUnavailable.
  absl::Status Add(absl::string_view segment);
  // The last record added, and the root after it.
  Sequence last() const { return tree_.size(); }
  Hash root() const { return tree_.Root(); }

  // Gives the file its name, durably; the path. Requires: a segment was added (checked).
  absl::StatusOr<std::string> Finish();

 private:
  ArchiveWriter(std::string directory, int fd, const MerkleFrontier& before);
  absl::Status Write(absl::string_view bytes);
  absl::Status WriteFrame();

  const std::string directory_;
  const std::string temporary_;
  const ArchiveDescriptor fd_;
  const MerkleFrontier before_;
  MerkleFrontier tree_;
  std::uint32_t partition_ = 0;
  ArchiveFrameBuilder frame_;
  std::vector<ArchiveFramePlace> places_;
  std::uint64_t offset_;
  bool finished_ = false;
};

// One archive, open for reading.
// Threads: safe.
class ArchiveFile {
 public:
  // Reads its two ends. Fails: kDataLoss when they are damaged, or the file is not the one its
  // name says; kNotFound; kUnavailable. Every message names the file.
  static absl::StatusOr<std::shared_ptr<const ArchiveFile>> Open(const std::string& path);

  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return bytes_; }
  const ArchiveHeader& header() const { return header_; }
  Sequence first() const { return header_.first; }
  Sequence last() const { return header_.last; }
  std::size_t frames() const { return places_.size(); }
  // The frame that holds `sequence`. Requires: first() <= sequence <= last() (checked).
  std::size_t FrameOf(Sequence sequence) const;
  // Fails: kDataLoss, naming the first record of the frame; kUnavailable.
  absl::StatusOr<ArchiveFrame> ReadFrame(std::size_t frame) const;
  // SHA-256 of the file. Reads all of it. Fails: kUnavailable.
  absl::StatusOr<Hash> Digest() const;

 private:
  ArchiveFile(std::string path, int fd, std::uint64_t bytes)
      : path_(std::move(path)), fd_(fd), bytes_(bytes) {}
  absl::Status ReadEnds();
  absl::StatusOr<std::string> ReadAt(std::uint64_t offset, std::size_t bytes) const;
  absl::Status InFile(const absl::Status& status) const;

  const std::string path_;
  const ArchiveDescriptor fd_;
  const std::uint64_t bytes_;
  ArchiveHeader header_;
  std::vector<ArchiveFramePlace> places_;
};

struct ArchiveFigures {
  std::uint64_t segments = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;  // Of the segments, as the journal has them.
};
// Told how many records were hashed since the last call; may wait, and stops the work when it
// fails.
using ArchivePace = absl::FunctionRef<absl::Status(std::uint64_t records)>;

// Reads all of an archive: every checksum, every leaf, and the roots before each segment and after
// the last. Fails: kDataLoss, naming the file and the first record that is not proved;
// kUnavailable; as `pace`.
absl::StatusOr<ArchiveFigures> VerifyArchive(const ArchiveFile& file, ArchivePace pace);

// Hashes the leaves of `segment` onto `tree`. Fails: kDataLoss, naming the first record of it, when
// it does not follow or its root before is not the tree's.
absl::Status AppendSegment(absl::string_view segment, MerkleFrontier* tree);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_ARCHIVE_FILE_H_
