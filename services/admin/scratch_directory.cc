// SPDX-License-Identifier: Apache-2.0
#include "services/admin/scratch_directory.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

namespace puhui::services {
namespace {

constexpr absl::string_view kScratchName = "puhui-verify-";

int OpenDirectory(const std::string& path) {
  return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void RemoveUnlessLocked(const std::string& path) {
  const int directory = OpenDirectory(path);
  if (directory < 0) return;
  std::error_code ignored;
  if (flock(directory, LOCK_EX | LOCK_NB) == 0) std::filesystem::remove_all(path, ignored);
  close(directory);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ScratchDirectory>> ScratchDirectory::Make(const std::string& below) {
  const std::filesystem::path base =
      below.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(below);
  std::string path = (base / absl::StrCat(kScratchName, "XXXXXX")).string();
  const absl::Status failed =
      absl::UnavailableError(absl::StrCat("cannot make a scratch directory in ", base.string()));
  if (mkdtemp(path.data()) == nullptr) return failed;
  const int directory = OpenDirectory(path);
  std::error_code error;
  // Whoever removes what others left may have come between the two.
  const bool ours =
      directory >= 0 && flock(directory, LOCK_EX) == 0 && std::filesystem::exists(path, error);
  if (ours) {
    return std::unique_ptr<ScratchDirectory>(new ScratchDirectory(std::move(path), directory));
  }
  if (directory >= 0) close(directory);
  std::filesystem::remove_all(path, error);
  return failed;
}

void ScratchDirectory::RemoveLeft(const std::string& below) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(below, error), end; !error && entry != end;
       entry.increment(error)) {
    if (absl::StartsWith(entry->path().filename().string(), kScratchName)) {
      paths.push_back(entry->path().string());
    }
  }
  for (const std::string& path : paths) RemoveUnlessLocked(path);
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  close(lock_);
}

}  // namespace puhui::services
