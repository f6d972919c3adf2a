// SPDX-License-Identifier: Apache-2.0
// The index of words is written without waiting for the disk: a commit of hundreds of blocks, twice
// in three seconds, would stand before every sync of the journal. So a process that is killed
// leaves it whole, and a machine that stops may leave anything. A file beside the index tells which
// it was: it names the start of the machine during which the index is written, or says that all of
// it was synced.
// Threads: those of the index that writes.
#ifndef PUHUI_MERCHANT_SEARCH_INDEX_NOTE_H_
#define PUHUI_MERCHANT_SEARCH_INDEX_NOTE_H_

#include "absl/status/status.h"

#include <string>

namespace puhui::merchant {

inline constexpr char kIndexNoteName[] = "written-since";

// Before anything is written without a sync. Durable on return. Fails: as WriteFileDurably.
absl::Status NoteWriting(const std::string& directory);
// Syncs what was written, then says so. Requires: nothing is written any more. Fails: as
// SyncFilesOf and WriteFileDurably.
absl::Status NoteSynced(const std::string& directory);
// Something that was written may never reach the disk. Fails: as RemoveFileDurably.
absl::Status NoteLost(const std::string& directory);
// Whether everything that was written is there: it was synced, or the machine has not been started
// since. What cannot be told is not.
bool IsWhole(const std::string& directory);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_INDEX_NOTE_H_
