// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/rebuild_note.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <cstddef>

namespace puhui::ledger {
namespace {

constexpr std::size_t kWhyBytesMax = 1'024;
constexpr std::size_t kFileBytesMax = std::size_t{64} << 10;

}  // namespace

RebuildNote::RebuildNote(const std::string& data_directory)
    : path_(absl::StrCat(data_directory, "/", kFileName)) {}

absl::Status RebuildNote::Leave(absl::string_view why) {
  MutexLock lock(&mutex_);
  const auto there = ReadWholeFile(path_, kFileBytesMax);
  if (there.ok() && there->has_value()) return absl::OkStatus();
  return WriteFileDurably(path_, absl::StrCat(why.substr(0, kWhyBytesMax), "\n"));
}

absl::StatusOr<absl::optional<std::string>> RebuildNote::Read() const {
  MutexLock lock(&mutex_);
  PUHUI_ASSIGN_OR_RETURN(absl::optional<std::string> why, ReadWholeFile(path_, kFileBytesMax));
  if (why.has_value()) absl::StripAsciiWhitespace(&*why);
  return why;
}

absl::Status RebuildNote::Remove() {
  MutexLock lock(&mutex_);
  return RemoveFileDurably(path_);
}

}  // namespace puhui::ledger
