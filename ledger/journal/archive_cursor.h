// SPDX-License-Identifier: Apache-2.0
// Included by segment_archive.cc only.
#ifndef PUHUI_LEDGER_JOURNAL_ARCHIVE_CURSOR_H_
#define PUHUI_LEDGER_JOURNAL_ARCHIVE_CURSOR_H_

#include "ledger/base/id.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <memory>
#include <string>

namespace puhui::ledger {

// Walks the segments of archives as a store's cursor walks its rows. Where a file is missing it
// stands nowhere, with a status. Borrows: the archive.
class ArchiveCursor final : public Cursor {
 public:
  ArchiveCursor(const SegmentArchive* archive, std::shared_ptr<const SegmentArchive::Files> files)
      : archive_(archive), files_(std::move(files)) {}

  void Seek(absl::string_view key) override;
  void SeekBackward(absl::string_view key) override;
  void SeekToLast() override;
  void Next() override;
  void Prev() override;
  bool Valid() const override { return frame_ != nullptr; }
  absl::string_view key() const override { return key_; }
  absl::string_view value() const override { return frame_->segments()[row_].bytes; }
  absl::Status status() const override { return status_; }

 private:
  const ArchiveFile& File() const { return *(*files_)[file_]; }
  Sequence first() const { return frame_->segments()[row_].first; }
  void Leave(absl::Status why);
  // Onto the first or the last row of a frame. False, with a status, when it cannot be read.
  bool EnterFrame(std::size_t file, std::size_t frame, bool at_last);
  // Onto the row that begins the next file, or ends the one before; nowhere when there is none, or
  // records are missing between.
  void EnterNextFile();
  void EnterFileBefore();
  // How many files begin with `sequence` or earlier.
  std::size_t FilesUpTo(Sequence sequence) const;
  // Within the file that holds `sequence`: the last row that begins with it or earlier.
  bool EnterRowOf(std::size_t file, Sequence sequence);
  void TellKey();

  const SegmentArchive* const archive_;
  const std::shared_ptr<const SegmentArchive::Files> files_;
  std::size_t file_ = 0;
  std::size_t frame_index_ = 0;
  std::size_t row_ = 0;
  std::shared_ptr<const ArchiveFrame> frame_;  // Null: it stands nowhere.
  std::string key_;
  absl::Status status_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_ARCHIVE_CURSOR_H_
