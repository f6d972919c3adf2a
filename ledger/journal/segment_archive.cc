// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/segment_archive.h"

#include "ledger/base/archive_limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/archive_cursor.h"
#include "ledger/journal/segment.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace puhui::ledger {
namespace {

absl::StatusOr<std::vector<std::string>> ArchivePaths(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  std::filesystem::directory_iterator at(directory, error);
  if (error == std::errc::no_such_file_or_directory) return paths;
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (!IsArchiveFileName(at->path().filename().string())) continue;
    if (paths.size() == kArchiveFilesMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat(directory, " has more than ", kArchiveFilesMax, " archives"));
    }
    paths.push_back(at->path().string());
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot read ", directory, ": ", error.message()));
  }
  std::sort(paths.begin(), paths.end());  // As their records follow.
  return paths;
}

absl::Status CheckApart(const ArchiveFile& before, const ArchiveFile& after) {
  if (before.last() < after.first()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(after.path(), " holds record ", after.first(),
                                                    ", which ", before.path(), " holds too"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentArchive>> SegmentArchive::Open(std::string directory) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<std::string> paths, ArchivePaths(directory));
  Files files;
  std::string unread;
  for (const std::string& path : paths) {
    auto file = ArchiveFile::Open(path);
    if (!file.ok()) {
      absl::StrAppend(&unread, unread.empty() ? "" : "; ", file.status().message());
      continue;
    }
    if (!files.empty()) PUHUI_RETURN_IF_ERROR(CheckApart(*files.back(), **file));
    files.push_back(*std::move(file));
  }
  return std::unique_ptr<SegmentArchive>(
      new SegmentArchive(std::move(directory), std::move(files), std::move(unread)));
}

SegmentArchive::SegmentArchive(std::string directory, Files files, std::string unread)
    : directory_(std::move(directory)),
      unread_(std::move(unread)),
      files_(std::make_shared<const Files>(std::move(files))) {}

std::shared_ptr<const SegmentArchive::Files> SegmentArchive::files() const {
  MutexLock lock(&mutex_);
  return files_;
}

Sequence SegmentArchive::last() const {
  const auto files = this->files();
  return files->empty() ? 0 : files->back()->last();
}

std::uint64_t SegmentArchive::bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& file : *files()) bytes += file->bytes();
  return bytes;
}

absl::Status SegmentArchive::Add(const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(std::shared_ptr<const ArchiveFile> file, ArchiveFile::Open(path));
  MutexLock lock(&mutex_);
  if (files_->size() == kArchiveFilesMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat(directory_, " has ", kArchiveFilesMax, " archives, which is all it may have"));
  }
  if (!files_->empty()) PUHUI_RETURN_IF_ERROR(CheckApart(*files_->back(), *file));
  auto files = std::make_shared<Files>(*files_);
  files->push_back(std::move(file));
  files_ = std::move(files);
  return absl::OkStatus();
}

absl::Status SegmentArchive::CheckWhole() const {
  Sequence next = 1;
  for (const auto& file : *files()) {
    if (file->first() != next) return Missing(next, file->first() - 1);
    next = file->last() + 1;
  }
  return absl::OkStatus();
}

std::string SegmentArchive::Bound() const {
  const Sequence last = this->last();
  return last == 0 ? std::string() : SegmentKey(last);
}

absl::Status SegmentArchive::CheckReaches(absl::string_view key) const {
  const Sequence sequence = SequenceOfKey(key);
  const Sequence last = this->last();
  if (sequence <= last + 1) return absl::OkStatus();
  return Missing(last + 1, sequence - 1);
}

bool SegmentArchive::IsFirst(absl::string_view key) const { return SequenceOfKey(key) == 1; }

absl::Status SegmentArchive::Missing(Sequence first, Sequence last) const {
  return absl::UnavailableError(
      absl::StrCat("records ", first, " to ", last, " are in no archive in ", directory_,
                   unread_.empty() ? "" : absl::StrCat(" (not read: ", unread_, ")")));
}

std::unique_ptr<Cursor> SegmentArchive::NewCursor() const {
  return std::make_unique<ArchiveCursor>(this, files());
}

absl::StatusOr<std::shared_ptr<const ArchiveFrame>> SegmentArchive::Frame(
    const std::shared_ptr<const ArchiveFile>& file, std::size_t frame) const {
  {
    MutexLock lock(&mutex_);
    const auto kept = std::find_if(kept_.begin(), kept_.end(), [&](const KeptFrame& each) {
      return each.file == file && each.frame == frame;
    });
    if (kept != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, kept);
      return kept->rows;
    }
  }
  // Outside of the lock: two that want the same may read it both.
  PUHUI_ASSIGN_OR_RETURN(ArchiveFrame read, file->ReadFrame(frame));
  auto rows = std::make_shared<const ArchiveFrame>(std::move(read));
  MutexLock lock(&mutex_);
  kept_.push_front({.file = file, .frame = frame, .rows = rows});
  kept_bytes_ += rows->bytes();
  while (kept_bytes_ > kArchiveCacheBytes && kept_.size() > 1) {
    kept_bytes_ -= kept_.back().rows->bytes();
    kept_.pop_back();
  }
  return rows;
}

}  // namespace puhui::ledger
