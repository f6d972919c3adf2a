// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/archive_cursor.h"

#include "ledger/journal/segment.h"

#include "absl/base/internal/endian.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace puhui::ledger {
namespace {

// The least sequence whose key is `key` or above it.
Sequence SequenceFrom(absl::string_view key) {
  char padded[sizeof(Sequence)] = {};
  std::memcpy(padded, key.data(), std::min(key.size(), sizeof(padded)));
  const Sequence sequence = absl::big_endian::Load64(padded);
  const bool above = key.size() > sizeof(padded) && sequence < std::numeric_limits<Sequence>::max();
  return above ? sequence + 1 : sequence;
}

// The greatest sequence whose key is `key` or below it; 0 when that is no record's.
Sequence SequenceUpTo(absl::string_view key) {
  if (key.size() >= sizeof(Sequence)) return absl::big_endian::Load64(key.data());
  const Sequence from = SequenceFrom(key);
  return from == 0 ? 0 : from - 1;
}

}  // namespace

void ArchiveCursor::Leave(absl::Status why) {
  frame_ = nullptr;
  status_ = std::move(why);
}

void ArchiveCursor::TellKey() { key_ = SegmentKey(first()); }

bool ArchiveCursor::EnterFrame(std::size_t file, std::size_t frame, bool at_last) {
  auto rows = archive_->Frame((*files_)[file], frame);
  if (!rows.ok()) {
    Leave(rows.status());
    return false;
  }
  file_ = file;
  frame_index_ = frame;
  frame_ = *std::move(rows);
  row_ = at_last ? frame_->segments().size() - 1 : 0;
  status_ = absl::OkStatus();
  TellKey();
  return true;
}

std::size_t ArchiveCursor::FilesUpTo(Sequence sequence) const {
  const auto after = std::find_if(files_->begin(), files_->end(), [sequence](const auto& file) {
    return file->first() > sequence;
  });
  return static_cast<std::size_t>(after - files_->begin());
}

bool ArchiveCursor::EnterRowOf(std::size_t file, Sequence sequence) {
  const ArchiveFile& holds = *(*files_)[file];
  const std::size_t frame = holds.FrameOf(std::min(sequence, holds.last()));
  if (!EnterFrame(file, frame, /*at_last=*/false)) return false;
  const auto& rows = frame_->segments();
  const auto after = std::upper_bound(
      rows.begin(), rows.end(), sequence,
      [](Sequence wanted, const ArchivedSegment& row) { return wanted < row.first; });
  row_ = static_cast<std::size_t>(after - rows.begin()) - 1;  // The frame begins no later.
  TellKey();
  return true;
}

void ArchiveCursor::Seek(absl::string_view key) {
  Leave(absl::OkStatus());
  const Sequence from = std::max<Sequence>(SequenceFrom(key), 1);
  if (files_->empty() || from > files_->back()->last()) return;
  const std::size_t begun = FilesUpTo(from);
  if (begun == 0) return Leave(archive_->Missing(from, files_->front()->first() - 1));
  const std::size_t file = begun - 1;
  const Sequence file_last = (*files_)[file]->last();
  if (from > file_last) {
    return Leave(archive_->Missing(file_last + 1, (*files_)[begun]->first() - 1));
  }
  if (EnterRowOf(file, from) && first() < from) Next();
}

void ArchiveCursor::SeekBackward(absl::string_view key) {
  Leave(absl::OkStatus());
  const Sequence up_to = SequenceUpTo(key);
  if (files_->empty() || up_to == 0) return;
  const std::size_t begun = FilesUpTo(up_to);
  if (begun == 0) return Leave(archive_->Missing(1, files_->front()->first() - 1));
  const Sequence file_last = (*files_)[begun - 1]->last();
  if (up_to > file_last && begun < files_->size()) {
    return Leave(archive_->Missing(file_last + 1, (*files_)[begun]->first() - 1));
  }
  EnterRowOf(begun - 1, up_to);
}

void ArchiveCursor::SeekToLast() {
  Leave(absl::OkStatus());
  if (files_->empty()) return;
  EnterFrame(files_->size() - 1, files_->back()->frames() - 1, /*at_last=*/true);
}

void ArchiveCursor::Next() {
  if (row_ + 1 < frame_->segments().size()) {
    ++row_;
    return TellKey();
  }
  if (frame_index_ + 1 < File().frames()) {
    EnterFrame(file_, frame_index_ + 1, /*at_last=*/false);
    return;
  }
  EnterNextFile();
}

void ArchiveCursor::Prev() {
  if (row_ > 0) {
    --row_;
    return TellKey();
  }
  if (frame_index_ > 0) {
    EnterFrame(file_, frame_index_ - 1, /*at_last=*/true);
    return;
  }
  EnterFileBefore();
}

void ArchiveCursor::EnterNextFile() {
  if (file_ + 1 == files_->size()) return Leave(absl::OkStatus());
  const Sequence next = File().last() + 1;
  const Sequence found = (*files_)[file_ + 1]->first();
  if (found != next) return Leave(archive_->Missing(next, found - 1));
  EnterFrame(file_ + 1, 0, /*at_last=*/false);
}

void ArchiveCursor::EnterFileBefore() {
  const Sequence end = File().first();
  const Sequence next = file_ == 0 ? 1 : (*files_)[file_ - 1]->last() + 1;
  if (next != end) return Leave(archive_->Missing(next, end - 1));
  if (file_ == 0) return Leave(absl::OkStatus());
  EnterFrame(file_ - 1, (*files_)[file_ - 1]->frames() - 1, /*at_last=*/true);
}

}  // namespace puhui::ledger
