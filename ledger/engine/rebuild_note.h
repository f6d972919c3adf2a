// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_REBUILD_NOTE_H_
#define PUHUI_LEDGER_ENGINE_REBUILD_NOTE_H_

#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::ledger {

// A file in the data directory that tells the next start to believe no view and to fold all of them
// anew. Left before a process ends because a view is damaged, else the next one would end in the
// same place; an operator may leave one too.
// Threads: safe; one object for each directory.
class RebuildNote {
 public:
  static constexpr char kFileName[] = "rebuild";

  explicit RebuildNote(const std::string& data_directory);

  // Durable on return. Keeps the note that is there: the first cause is the one to look for.
  // Fails: as WriteFileDurably.
  absl::Status Leave(absl::string_view why);
  // Why, in words; absl::nullopt when there is no note.
  absl::StatusOr<absl::optional<std::string>> Read() const;
  absl::Status Remove();

 private:
  const std::string path_;
  mutable Mutex mutex_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_REBUILD_NOTE_H_
