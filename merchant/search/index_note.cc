// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/index_note.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"

#include "absl/strings/str_cat.h"

#include <cstddef>

namespace puhui::merchant {
namespace {

constexpr char kSynced[] = "synced\n";
constexpr std::size_t kNoteBytesMax = 256;

std::string PathOf(const std::string& directory) {
  return absl::StrCat(directory, "/", kIndexNoteName);
}

// Another with each start: random(4). Empty when the system does not say.
std::string StartOfMachine() {
  const auto id = ledger::ReadWholeFile("/proc/sys/kernel/random/boot_id", kNoteBytesMax);
  return id.ok() ? id->value_or("") : "";
}

}  // namespace

absl::Status NoteWriting(const std::string& directory) {
  return ledger::WriteFileDurably(PathOf(directory), StartOfMachine());
}

absl::Status NoteSynced(const std::string& directory) {
  PUHUI_RETURN_IF_ERROR(ledger::SyncFilesOf(directory));
  return ledger::WriteFileDurably(PathOf(directory), kSynced);
}

absl::Status NoteLost(const std::string& directory) {
  return ledger::RemoveFileDurably(PathOf(directory));
}

bool IsWhole(const std::string& directory) {
  const auto note = ledger::ReadWholeFile(PathOf(directory), kNoteBytesMax);
  if (!note.ok() || !note->has_value() || (*note)->empty()) return false;
  return **note == kSynced || **note == StartOfMachine();
}

}  // namespace puhui::merchant
