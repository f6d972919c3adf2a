// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/checkpoint_file.h"

#include "ledger/base/check.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/checkpoint.h"

#include "absl/strings/str_cat.h"

namespace puhui::ledger {
namespace {

std::string PathIn(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/", kCheckpointFileName);
}

}  // namespace

absl::Status PublishCheckpoint(const std::string& data_directory, absl::string_view text) {
  PUHUI_CHECK(text.size() <= kCheckpointBytesMax);
  return WriteFileDurably(PathIn(data_directory), text);
}

absl::StatusOr<absl::optional<std::string>> ReadPublishedCheckpoint(
    const std::string& data_directory) {
  return ReadWholeFile(PathIn(data_directory), kCheckpointBytesMax);
}

}  // namespace puhui::ledger
