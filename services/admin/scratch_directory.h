// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_SCRATCH_DIRECTORY_H_
#define PUHUI_SERVICES_ADMIN_SCRATCH_DIRECTORY_H_

#include "absl/status/statusor.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {

// A directory for what is rebuilt and thrown away; it goes with the object. While the object lives
// the directory is locked, so that one whose process died is known as such.
// Threads: none. Owns: the directory, and all that is in it.
class ScratchDirectory {
 public:
  // Below `below`; empty: in the system's place for temporary files. Fails: kUnavailable.
  static absl::StatusOr<std::unique_ptr<ScratchDirectory>> Make(const std::string& below);
  // Removes those below `below` that nobody has any more. What cannot be removed is left.
  static void RemoveLeft(const std::string& below);

  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  ScratchDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  const std::string path_;
  const int lock_;  // A descriptor of the directory.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_SCRATCH_DIRECTORY_H_
