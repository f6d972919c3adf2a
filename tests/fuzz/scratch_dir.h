// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_FUZZ_SCRATCH_DIR_H_
#define PUHUI_TESTS_FUZZ_SCRATCH_DIR_H_

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace puhui {

// A directory for what is read from files, removed with all it holds at the end. Threads: none.
class ScratchDir {
 public:
  ScratchDir() : path_((std::filesystem::temp_directory_path() / "puhui-fuzz-XXXXXX").string()) {
    PUHUI_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~ScratchDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;

  const std::string& path() const { return path_; }
  std::string Join(absl::string_view name) const { return absl::StrCat(path_, "/", name); }
  // Not durably: nothing here outlives the process.
  void Write(absl::string_view name, absl::string_view bytes) const {
    const std::filesystem::path path = Join(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    PUHUI_CHECK(file.good());
  }

 private:
  std::string path_;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_FUZZ_SCRATCH_DIR_H_
