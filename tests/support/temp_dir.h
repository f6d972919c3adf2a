// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_TEMP_DIR_H_
#define PUHUI_TESTS_SUPPORT_TEMP_DIR_H_

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace puhui {

// A directory of its own for one test, removed with all it holds at the end.
// Threads: safe. Owns: the directory.
class TempDir {
 public:
  TempDir() : path_(absl::StrCat(::testing::TempDir(), "puhui-XXXXXX")) {
    PUHUI_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` inside; nothing is created.
  std::string Join(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

 private:
  std::string path_;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_TEMP_DIR_H_
