// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_JOURNAL_SEGMENT_ARCHIVE_H_
#define PUHUI_LEDGER_JOURNAL_SEGMENT_ARCHIVE_H_

#include "ledger/base/archive_limits.h"
#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/archive_file.h"
#include "ledger/journal/archive_format.h"
#include "ledger/storage/archived_store.h"

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// The archives of one directory as rows of the journal: what an ArchivedStore has below its own.
//
// A file that is missing, damaged or does not belong there keeps nothing from starting: a read that
// gets to its records is kUnavailable and names them and the directory. Files are found when it is
// opened, or told by Add().
// Threads: safe. Owns: the open files, and some frames of them, decompressed.
class SegmentArchive final : public ColdRows {
 public:
  using Files = std::vector<std::shared_ptr<const ArchiveFile>>;

  // A directory that is not there holds nothing. Not read are files beyond `files_max`, of files
  // that hold the same records those that hold fewer of them together, and a file whose tree is not
  // the one that the file before leads to. Fails: kUnavailable.
  static absl::StatusOr<std::unique_ptr<SegmentArchive>> Open(
      std::string directory, std::size_t files_max = kArchiveFilesMax);

  const std::string& directory() const { return directory_; }
  // In the order of their records.
  std::shared_ptr<const Files> files() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Files that were there and not read, and why; empty when there were none.
  std::string unread() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The last record, 0 when there is none; and how many bytes the files have.
  Sequence last() const;
  std::uint64_t bytes() const;
  // What is free on the disk of the directory. Fails: kUnavailable, also when there is none.
  absl::StatusOr<std::uint64_t> FreeBytes() const;

  // Takes a file of the directory that was written since. Fails: as ArchiveFile::Open; as
  // CheckRoom; kFailedPrecondition when it does not follow the last.
  absl::Status Add(const std::string& path) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether one more file may be added. Fails: kResourceExhausted.
  absl::Status CheckRoom() const;
  // Reads files no more that do not lead to the roots that were signed: they are of another ledger.
  // Asks for one root as long as the files follow each other. Fails: as `signed_root`.
  absl::Status LeaveOutOthers(
      absl::FunctionRef<absl::StatusOr<Hash>(std::uint64_t size)> signed_root)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether every record from 1 to last() is in a file. Fails: kUnavailable, naming those that are
  // not.
  absl::Status CheckWhole() const;

  std::string Bound() const override;
  absl::Status CheckReaches(absl::string_view key) const override;
  bool IsFirst(absl::string_view key) const override;
  std::unique_ptr<Cursor> NewCursor() const override;

  // A frame, from those that are kept or from the file.
  absl::StatusOr<std::shared_ptr<const ArchiveFrame>> Frame(
      const std::shared_ptr<const ArchiveFile>& file, std::size_t frame) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Says that the records are in no file.
  absl::Status Missing(Sequence first, Sequence last) const;

 private:
  struct KeptFrame {
    std::shared_ptr<const ArchiveFile> file;
    std::size_t frame;
    std::shared_ptr<const ArchiveFrame> rows;
  };

  SegmentArchive(std::string directory, std::size_t files_max, Files files, std::string unread);

  const std::string directory_;
  const std::size_t files_max_;
  mutable Mutex mutex_;
  std::string unread_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Files> files_ ABSL_GUARDED_BY(mutex_);  // Replaced, never changed.
  mutable std::list<KeptFrame> kept_ ABSL_GUARDED_BY(mutex_);   // The last used first.
  mutable std::size_t kept_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_SEGMENT_ARCHIVE_H_
