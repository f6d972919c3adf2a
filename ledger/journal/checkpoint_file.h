// SPDX-License-Identifier: Apache-2.0
// The last published checkpoint, in a file of its own beside the store: a store that was cut short,
// or put back from an old copy, cannot hide it.
#ifndef PUHUI_LEDGER_JOURNAL_CHECKPOINT_FILE_H_
#define PUHUI_LEDGER_JOURNAL_CHECKPOINT_FILE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::ledger {

// The name of the file in the data directory.
inline constexpr absl::string_view kCheckpointFileName = "checkpoint";

// Replaces the file by `text`, atomically and durably.
// Requires: what the checkpoint covers is durable; `text` has at most kCheckpointBytesMax bytes
// (checked).
// Fails: kResourceExhausted when the disk is full, else kUnavailable.
absl::Status PublishCheckpoint(const std::string& data_directory, absl::string_view text);

// The text that was published last; absl::nullopt when there is none yet. Not verified: see
// ParseCheckpoint.
// Fails: kDataLoss when the file is too large to be one, else kUnavailable.
absl::StatusOr<absl::optional<std::string>> ReadPublishedCheckpoint(
    const std::string& data_directory);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_CHECKPOINT_FILE_H_
