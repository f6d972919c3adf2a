// SPDX-License-Identifier: Apache-2.0
// Small files that are either wholly there or not at all, whatever stops the process: keys and
// signed heads.
#ifndef PUHUI_LEDGER_CRYPTO_DURABLE_FILE_H_
#define PUHUI_LEDGER_CRYPTO_DURABLE_FILE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <string>

namespace puhui::ledger {

// Who may read a file; its owner alone may write it.
enum class FileReaders { kOwner, kEverybody };

// Replaces `path` by `contents`: writes `path`.tmp, syncs it, renames it, syncs the directory. A
// reader sees the old file or the new one, and never one that `readers` may not read yet. One
// writer per path at a time.
// Fails: kResourceExhausted when the disk is full, else kUnavailable; errors name the path, never
// the contents.
absl::Status WriteFileDurably(const std::string& path, absl::string_view contents,
                              FileReaders readers = FileReaders::kOwner);

// Removes `path`, if it is there, and syncs the directory. Fails: kUnavailable, naming the path.
absl::Status RemoveFileDurably(const std::string& path);

// Syncs the files that lie in `directory`, whoever wrote them, then the directory. Fails:
// kUnavailable, naming what cannot be synced.
absl::Status SyncFilesOf(const std::string& directory);

// The whole file; absl::nullopt when there is none.
// Fails: kDataLoss when it is larger than `bytes_max`, else kUnavailable; errors name the path.
absl::StatusOr<absl::optional<std::string>> ReadWholeFile(const std::string& path,
                                                          std::size_t bytes_max);

// Fails: kFailedPrecondition, naming the path, unless the file exists and is closed to the world
// and to the group's writes. A secret that others can read is no secret; group read stays possible
// because container platforms mount secrets so.
absl::Status CheckSecretFileMode(const std::string& path);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_DURABLE_FILE_H_
