// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/durable_file.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace puhui::ledger {
namespace {

// A file descriptor that is closed with its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int Close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd);
  }

 private:
  int fd_;
};

absl::Status FromErrno(absl::string_view what, const std::string& path) {
  const int error = errno;
  const std::string message = absl::StrCat(what, " ", path, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

std::string DirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status WriteAll(int fd, absl::string_view contents, const std::string& path) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FromErrno("cannot write", path);
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& directory) {
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open()) return FromErrno("cannot open", directory);
  if (::fsync(fd.get()) != 0) return FromErrno("cannot sync", directory);
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteFileDurably(const std::string& path, absl::string_view contents,
                              FileReaders readers) {
  const std::string temporary = absl::StrCat(path, ".tmp");
  const mode_t mode =
      readers == FileReaders::kOwner ? S_IRUSR | S_IWUSR : S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
  Descriptor fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!fd.open()) return FromErrno("cannot create", temporary);
  // A file left over from a crash keeps its own mode, and no mask of the process decides.
  if (::fchmod(fd.get(), mode) != 0) return FromErrno("cannot protect", temporary);
  PUHUI_RETURN_IF_ERROR(WriteAll(fd.get(), contents, temporary));
  if (::fsync(fd.get()) != 0) return FromErrno("cannot sync", temporary);
  if (fd.Close() != 0) return FromErrno("cannot close", temporary);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return FromErrno("cannot rename to", path);
  return SyncDirectory(DirectoryOf(path));
}

absl::Status RemoveFileDurably(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return FromErrno("cannot remove", path);
  return SyncDirectory(DirectoryOf(path));
}

absl::Status SyncFilesOf(const std::string& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const bool is_file = entry->is_regular_file(error);
    if (error) break;
    if (!is_file) continue;
    const std::string path = entry->path().string();
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.open()) return FromErrno("cannot open", path);
    if (::fsync(fd.get()) != 0) return FromErrno("cannot sync", path);
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot read ", directory, ": ", error.message()));
  }
  return SyncDirectory(directory);
}

absl::StatusOr<absl::optional<std::string>> ReadWholeFile(const std::string& path,
                                                          std::size_t bytes_max) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.open()) {
    if (errno == ENOENT) return absl::optional<std::string>();
    return FromErrno("cannot open", path);
  }
  std::string contents(bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < contents.size()) {
    const ssize_t got = ::read(fd.get(), contents.data() + size, contents.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno("cannot read", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > bytes_max) {
    return absl::DataLossError(absl::StrCat(path, ": larger than ", bytes_max, " bytes"));
  }
  contents.resize(size);
  return absl::optional<std::string>(std::move(contents));
}

absl::Status CheckSecretFileMode(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": ", std::strerror(errno)));
  }
  if ((info.st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": others can read or change this secret; make it mode 0600"));
  }
  return absl::OkStatus();
}

}  // namespace puhui::ledger
