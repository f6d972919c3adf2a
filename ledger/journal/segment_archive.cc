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

using Files = SegmentArchive::Files;

// Messages, one after another.
void Say(absl::string_view what, std::string* said) {
  absl::StrAppend(said, said->empty() ? "" : "; ", what);
}

absl::StatusOr<std::vector<std::string>> ArchivePaths(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  std::filesystem::directory_iterator at(directory, error);
  if (error == std::errc::no_such_file_or_directory) return paths;
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (IsArchiveFileName(at->path().filename().string())) paths.push_back(at->path().string());
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

// Of files that hold the same records, those that hold the most together; of the others, why not.
Files Apart(Files files, std::string* unread) {
  std::stable_sort(files.begin(), files.end(),
                   [](const auto& a, const auto& b) { return a->last() < b->last(); });
  // Of the first files: how many records can be had of them, and how many come before the last.
  std::vector<std::uint64_t> most = {0};
  std::vector<std::size_t> before;
  for (const auto& file : files) {
    const auto apart = std::lower_bound(
        files.begin(), files.begin() + static_cast<std::ptrdiff_t>(before.size()), file->first(),
        [](const auto& each, Sequence first) { return each->last() < first; });
    before.push_back(static_cast<std::size_t>(apart - files.begin()));
    most.push_back(std::max(most.back(), most[before.back()] + (file->last() - file->first() + 1)));
  }
  Files taken;
  const auto leave = [&](const ArchiveFile& file) {
    Say(absl::StrCat(file.path(), ": files that hold more have its records too"), unread);
  };
  for (std::size_t at = files.size(); at > 0;) {
    if (most[at] == most[at - 1]) {
      leave(*files[--at]);
      continue;
    }
    taken.push_back(files[at - 1]);
    const std::size_t next = before[at - 1];
    while (--at > next) leave(*files[at - 1]);
  }
  std::reverse(taken.begin(), taken.end());
  return taken;
}

// Without files whose tree is not the one that the file before leads to.
Files Following(const Files& files, std::string* unread) {
  Files following;
  for (const auto& file : files) {
    const ArchiveFile* const before = following.empty() ? nullptr : following.back().get();
    if (before != nullptr && before->last() + 1 == file->first() &&
        file->header().before.Root() != before->header().root_after) {
      Say(absl::StrCat(file->path(), ": it does not follow ", before->path(),
                       ", one of them is of another ledger"),
          unread);
      continue;
    }
    following.push_back(file);
  }
  return following;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentArchive>> SegmentArchive::Open(std::string directory,
                                                                     std::size_t files_max) {
  PUHUI_ASSIGN_OR_RETURN(std::vector<std::string> paths, ArchivePaths(directory));
  std::string unread;
  if (paths.size() > files_max) {
    Say(absl::StrCat(directory, " has ", paths.size(), " archives, and only the first ", files_max,
                     " are read"),
        &unread);
    paths.resize(files_max);
  }
  Files files;
  for (const std::string& path : paths) {
    auto file = ArchiveFile::Open(path);
    if (file.ok()) {
      files.push_back(*std::move(file));
    } else {
      Say(file.status().message(), &unread);
    }
  }
  files = Following(Apart(std::move(files), &unread), &unread);
  return std::unique_ptr<SegmentArchive>(
      new SegmentArchive(std::move(directory), files_max, std::move(files), std::move(unread)));
}

SegmentArchive::SegmentArchive(std::string directory, std::size_t files_max, Files files,
                               std::string unread)
    : directory_(std::move(directory)),
      files_max_(files_max),
      unread_(std::move(unread)),
      files_(std::make_shared<const Files>(std::move(files))) {}

std::shared_ptr<const SegmentArchive::Files> SegmentArchive::files() const {
  MutexLock lock(&mutex_);
  return files_;
}

std::string SegmentArchive::unread() const {
  MutexLock lock(&mutex_);
  return unread_;
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

absl::StatusOr<std::uint64_t> SegmentArchive::FreeBytes() const {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(directory_, error);
  if (!error) return space.available;
  return absl::UnavailableError(
      absl::StrCat("cannot tell what is free in ", directory_, ": ", error.message()));
}

absl::Status SegmentArchive::Add(const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(std::shared_ptr<const ArchiveFile> file, ArchiveFile::Open(path));
  PUHUI_RETURN_IF_ERROR(CheckRoom());
  MutexLock lock(&mutex_);
  if (!files_->empty()) PUHUI_RETURN_IF_ERROR(CheckApart(*files_->back(), *file));
  auto files = std::make_shared<Files>(*files_);
  files->push_back(std::move(file));
  files_ = std::move(files);
  return absl::OkStatus();
}

absl::Status SegmentArchive::CheckRoom() const {
  if (files()->size() < files_max_) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(directory_, " has ", files_max_, " archives, which is all it may have"));
}

absl::Status SegmentArchive::LeaveOutOthers(
    absl::FunctionRef<absl::StatusOr<Hash>(std::uint64_t size)> signed_root) {
  const auto files = this->files();
  Files own;
  std::string others;
  // What a file that is known to be of the ledger goes on from is of it, too.
  const ArchiveFile* after = nullptr;
  for (auto file = files->rbegin(); file != files->rend(); ++file) {
    const bool goes_on = after != nullptr && (*file)->last() + 1 == after->first() &&
                         after->header().before.Root() == (*file)->header().root_after;
    if (!goes_on) {
      PUHUI_ASSIGN_OR_RETURN(const Hash root, signed_root((*file)->last()));
      if (root != (*file)->header().root_after) {
        Say(absl::StrCat((*file)->path(), ": it is of another ledger"), &others);
        continue;
      }
    }
    after = file->get();
    own.push_back(*file);
  }
  if (others.empty()) return absl::OkStatus();
  std::reverse(own.begin(), own.end());
  MutexLock lock(&mutex_);
  Say(others, &unread_);
  files_ = std::make_shared<const Files>(std::move(own));
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
  const std::string unread = this->unread();
  return absl::UnavailableError(
      absl::StrCat("records ", first, " to ", last, " are in no archive in ", directory_,
                   unread.empty() ? "" : absl::StrCat(" (not read: ", unread, ")")));
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
