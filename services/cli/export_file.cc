// SPDX-License-Identifier: Apache-2.0
#include "services/cli/export_file.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "services/cli/sha256_file.h"

#include "absl/memory/memory.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr char kResumeFormat[] = "puhui export 2";
// The token of a bundle has two signed notes in it, with what witnesses signed.
constexpr std::size_t kResumeBytesMax = std::size_t{64} << 10;
constexpr std::size_t kReadAtOnce = std::size_t{64} << 10;
// Each time once more, another export ended just then.
constexpr int kOpensMax = 16;

// What `path`.resume holds, a line each.
struct ResumeState {
  std::string query;
  ExportFile::Place place;
  std::uint64_t bytes = 0;
  std::string sha256;
};

std::string ResumeText(const ResumeState& state) {
  return absl::StrCat(kResumeFormat, "\nquery ", state.query, "\nlast-sequence ",
                      state.place.last_sequence, "\nsequence ", state.place.sequence, "\ncount ",
                      state.place.count, "\ntoken ", state.place.token, "\nwhole ",
                      state.place.whole ? 1 : 0, "\nbytes ", state.bytes, "\nsha256 ", state.sha256,
                      "\n");
}

absl::optional<ResumeState> ParseResume(absl::string_view text) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 10) return absl::nullopt;
  const auto value = [&](std::size_t line) {
    return std::string(lines[line].substr(std::min(lines[line].find(' ') + 1, lines[line].size())));
  };
  ResumeState state;
  state.query = value(1);
  state.place.token = value(5);
  state.place.whole = value(6) == "1";
  state.sha256 = value(8);
  const bool numbers = absl::SimpleAtoi(value(2), &state.place.last_sequence) &&
                       absl::SimpleAtoi(value(3), &state.place.sequence) &&
                       absl::SimpleAtoi(value(4), &state.place.count) &&
                       absl::SimpleAtoi(value(7), &state.bytes);
  // Written as it was read, or somebody else wrote it.
  if (!numbers || ResumeText(state) != text) return absl::nullopt;
  return state;
}

bool IsThere(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

bool IsFolder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

// Whether the path still leads to what was opened by it.
bool IsFileAt(int fd, const std::string& path) {
  struct stat open {};
  struct stat there {};
  return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &there) == 0 &&
         open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

absl::Status WrittenByAnother(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(path, " is being written by another export"));
}

}  // namespace

absl::StatusOr<ExportFile::Seen> ExportFile::Look(const std::string& path) {
  absl::StatusOr<absl::optional<std::string>> state =
      ledger::ReadWholeFile(ResumePath(path), kResumeBytesMax);
  if (!state.ok()) return absl::FailedPreconditionError(state.status().message());
  // Stopped between its last two steps, it has its name already.
  const bool named = state->has_value() && !IsThere(PartPath(path)) && IsThere(path);
  return Seen{.state = *std::move(state), .named = named};
}

absl::StatusOr<std::unique_ptr<ExportFile>> ExportFile::Open(const std::string& path,
                                                             const std::string& query,
                                                             const std::function<void()>& opened) {
  // Said before anything is read, not when the file would get its name.
  if (IsFolder(path)) return absl::FailedPreconditionError(absl::StrCat(path, " is a folder"));
  for (int i = 0; i < kOpensMax; ++i) {
    PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<ExportFile> file, TryOpen(path, query, opened));
    if (file != nullptr) return file;
  }
  return WrittenByAnother(PartPath(path));
}

absl::StatusOr<std::unique_ptr<ExportFile>> ExportFile::TryOpen(
    const std::string& path, const std::string& query, const std::function<void()>& opened) {
  PUHUI_ASSIGN_OR_RETURN(const Seen seen, Look(path));
  const std::string where = seen.named ? path : PartPath(path);
  const int flags = O_RDWR | O_CLOEXEC | (seen.state.has_value() ? 0 : O_CREAT);
  const int fd = ::open(where.c_str(), flags, S_IRUSR | S_IWUSR);
  const int error = errno;
  if (fd < 0 && (error != ENOENT || !seen.state.has_value())) {
    return absl::UnavailableError(absl::StrCat("cannot open ", where, ": ", std::strerror(error)));
  }
  std::unique_ptr<ExportFile> file;
  if (fd >= 0) {
    file = absl::WrapUnique(new ExportFile(path, query, fd));
    if (opened) opened();
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return WrittenByAnother(where);
  }
  // An export that ended before the lock took the file away with it: what is locked then may be its
  // whole file, and must not be emptied.
  PUHUI_ASSIGN_OR_RETURN(const Seen now, Look(path));
  if (now != seen || (fd >= 0 && !IsFileAt(fd, where))) return nullptr;
  if (file == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(where, " is missing, but ", ResumePath(path),
                                                      " tells of it: remove that to begin anew"));
  }
  // One that was there has the mode of whoever made it, such as an earlier build.
  if (::fchmod(fd, S_IRUSR | S_IWUSR) != 0) return file->Failed("cannot protect");
  if (seen.state.has_value()) {
    PUHUI_RETURN_IF_ERROR(file->TakeUp(*seen.state, seen.named));
  } else if (::ftruncate(fd, 0) != 0) {
    return file->Failed("cannot empty");
  }
  return file;
}

ExportFile::~ExportFile() { ::close(fd_); }

absl::Status ExportFile::TakeUp(absl::string_view text, bool named) {
  const absl::optional<ResumeState> state = ParseResume(text);
  if (!state.has_value()) {
    return absl::FailedPreconditionError(absl::StrCat(
        ResumePath(path_), " is damaged, or of another version: remove it to begin anew"));
  }
  if (state->query != query_) {
    return absl::FailedPreconditionError(
        absl::StrCat(PartPath(path_), " is of another query: repeat that one, or remove ",
                     ResumePath(path_), " to begin anew"));
  }
  PUHUI_RETURN_IF_ERROR(CheckBytes(state->bytes, state->sha256, named));
  if (named && ::rename(path_.c_str(), PartPath(path_).c_str()) != 0) {
    return Failed("cannot rename to");
  }
  // What came after the last save is written once more.
  if (::ftruncate(fd_, static_cast<off_t>(state->bytes)) != 0) return Failed("cannot shorten");
  if (::lseek(fd_, 0, SEEK_END) < 0) return Failed("cannot read");
  place_ = state->place;
  bytes_ = state->bytes;
  resumed_ = true;
  return absl::OkStatus();
}

// Leaves the hash at the end of these bytes.
absl::Status ExportFile::CheckBytes(std::uint64_t bytes, absl::string_view sha256, bool named) {
  std::vector<char> buffer(kReadAtOnce);
  std::uint64_t left = bytes;
  while (left > 0) {
    const ssize_t read = ::read(fd_, buffer.data(), std::min<std::uint64_t>(left, buffer.size()));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failed("cannot read");
    if (read == 0) break;
    sha256_.Update({buffer.data(), static_cast<std::size_t>(read)});
    left -= static_cast<std::uint64_t>(read);
  }
  // Under its own name it is whole; another file may have that name.
  char more = 0;
  const bool longer = named && ::read(fd_, &more, 1) != 0;
  if (left > 0 || longer || ledger::ToHex(sha256_.SoFar()) != sha256) {
    return absl::FailedPreconditionError(absl::StrCat(named ? path_ : PartPath(path_),
                                                      " is not what was written: remove ",
                                                      ResumePath(path_), " to begin anew"));
  }
  return absl::OkStatus();
}

absl::Status ExportFile::Append(absl::string_view bytes) {
  sha256_.Update(bytes);
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status ExportFile::Save(const Place& place) {
  if (::fsync(fd_) != 0) return Failed("cannot sync");
  PUHUI_RETURN_IF_ERROR(ledger::WriteFileDurably(
      ResumePath(path_), ResumeText({.query = query_,
                                     .place = place,
                                     .bytes = bytes_,
                                     .sha256 = ledger::ToHex(sha256_.SoFar())})));
  place_ = place;
  saved_ = true;
  return absl::OkStatus();
}

void ExportFile::Discard() {
  PUHUI_CHECK(!resumed_ && !saved_);
  // Of a save that failed, if any: before it had its name, or after.
  ::unlink((ResumePath(path_) + ".tmp").c_str());
  ::unlink(ResumePath(path_).c_str());
  // The last: the next export begins as soon as it is gone, and has a state of its own.
  ::unlink(PartPath(path_).c_str());
}

absl::StatusOr<std::string> ExportFile::Close(const Place& place) {
  PUHUI_RETURN_IF_ERROR(Save(place));
  if (::rename(PartPath(path_).c_str(), path_.c_str()) != 0) return Failed("cannot rename");
  std::string sha256 = ledger::ToHex(sha256_.Finish());
  PUHUI_RETURN_IF_ERROR(WriteSha256Beside(path_, sha256));
  PUHUI_RETURN_IF_ERROR(ledger::RemoveFileDurably(ResumePath(path_)));
  return sha256;
}

absl::Status ExportFile::Failed(const char* what) const {
  const int error = errno;
  const std::string message = absl::StrCat(what, " ", PartPath(path_), ": ", std::strerror(error));
  return error == ENOSPC || error == EDQUOT ? absl::ResourceExhaustedError(message)
                                            : absl::UnavailableError(message);
}

}  // namespace puhui::services
