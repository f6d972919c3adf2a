// SPDX-License-Identifier: Apache-2.0
#include "services/admin/verification.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/high_water.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/write_back_store.h"
#include "services/admin/access_verification.h"
#include "services/admin/checkpoint_keys.h"
#include "services/admin/open_store.h"
#include "services/admin/scratch_directory.h"
#include "services/ledger/books.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

namespace puhui::services {
namespace {

// Decoded wallets, once rows do not fit into memory.
constexpr std::size_t kScratchWalletCacheBytes = std::size_t{64} << 20;

// What lies in `path`, signed with `key`, or with the one that the server left in `data_directory`.
absl::StatusOr<ledger::Promises> ReadPromises(const std::string& path,
                                              const std::string& data_directory,
                                              const ledger::VerifyKey* key) {
  ledger::Promises promises;
  PUHUI_ASSIGN_OR_RETURN(const auto note, ledger::ReadPublishedCheckpoint(path));
  if (note.has_value()) {
    absl::optional<ledger::VerifyKey> own;
    if (key == nullptr) {
      PUHUI_ASSIGN_OR_RETURN(
          own, ReadVerifierKey(absl::StrCat(data_directory, "/", kVerifierKeyFileName)));
      key = &*own;
    }
    PUHUI_ASSIGN_OR_RETURN(const ledger::KeyChain chain, ReadKeyChain(data_directory, *key));
    PUHUI_ASSIGN_OR_RETURN(promises.checkpoint, ledger::ParseCheckpoint(*note, chain));
  }
  std::ifstream head(absl::StrCat(path, "/", ledger::HighWaterFile::kFileName), std::ios::binary);
  std::stringstream bytes;
  bytes << head.rdbuf();
  const std::string slots = bytes.str();
  for (std::size_t at = 0; at + ledger::HighWaterFile::kSlotBytes <= slots.size();
       at += ledger::HighWaterFile::kSlotBytes) {
    const auto mark = ledger::DecodeHighWater(
        absl::string_view(slots).substr(at, ledger::HighWaterFile::kSlotBytes));
    if (mark.has_value() &&
        (!promises.high_water.has_value() || mark->sequence > promises.high_water->sequence)) {
      promises.high_water = mark;
    }
  }
  return promises;
}

absl::StatusOr<ledger::VerifyReport> VerifyClosed(const std::string& path,
                                                  const ledger::VerifyKey* key,
                                                  const VerifyProgress& progress,
                                                  const OfflineVerification& verification) {
  PUHUI_ASSIGN_OR_RETURN(ledger::Promises promises, ReadPromises(path, path, key));
  const std::string& archives = verification.archives;
  PUHUI_ASSIGN_OR_RETURN(const StoredLedger parts,
                         OpenStoredLedger({.path = StorePath(path), .read_only = true},
                                          archives.empty() ? ArchivePath(path) : archives));
  return VerifyStore(*parts.store, {.promises = std::move(promises),
                                    .scratch_directory = "",
                                    .memory_bytes = verification.memory_bytes,
                                    .progress = progress});
}

absl::Status VerifyClosedAccesses(const std::string& path, const ledger::VerifyKey* key) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Promises promises,
                         ReadPromises(AccessPath(path), path, key));
  return VerifyAccessDirectory(path, promises);
}

}  // namespace

// RocksDB holds a lock on this file for as long as a process has the store open.
absl::Status CheckNotOpen(const std::string& store_path) {
  const int fd = open(absl::StrCat(store_path, "/LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::NotFoundError(absl::StrCat("there is no ledger in ", store_path));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const int asked = fcntl(fd, F_GETLK, &lock);
  close(fd);
  if (asked == 0 && lock.l_type == F_UNLCK) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("a server has ", store_path, " open: verify online, or stop it first"));
}

std::string StorePath(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/store");
}

absl::StatusOr<ledger::VerifyKey> ReadVerifierKey(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    return absl::NotFoundError(absl::StrCat("cannot read the verifier key in ", path));
  }
  // <name>+<key hash>+<base 64 of 0x01 ‖ public key>; base 64 itself may hold a '+'.
  const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits('+', 2));
  const absl::Status bad = absl::DataLossError(absl::StrCat(path, " does not hold a verifier key"));
  if (parts.size() != 3) return bad;
  const absl::StatusOr<std::string> bytes = ledger::FromBase64(parts[2]);
  if (!bytes.ok() || bytes->empty() || bytes->front() != '\x01') return bad;
  absl::StatusOr<ledger::VerifyKey> key = ledger::VerifyKey::FromBytes(bytes->substr(1));
  return key.ok() ? key : absl::StatusOr<ledger::VerifyKey>(bad);
}

absl::StatusOr<ledger::VerifyReport> VerifyStore(const ledger::Readable& stored,
                                                 StoreVerification verification) {
  PUHUI_ASSIGN_OR_RETURN(const auto directory,
                         ScratchDirectory::Make(verification.scratch_directory));
  PUHUI_ASSIGN_OR_RETURN(const auto disk, ledger::RocksStore::Open({.path = directory->path()}));
  // For rows that stay in the fold; when they do not fit, for those that wait to be written.
  const std::size_t rows_bytes = verification.memory_bytes / 4 * 3;
  ledger::WriteBackStore scratch(disk.get(), rows_bytes);
  return ledger::Verify(stored, {.make_fold =
                                     [](ledger::Store* store) {
                                       return std::make_unique<Books>(store,
                                                                      kScratchWalletCacheBytes);
                                     },
                                 .scratch = &scratch,
                                 .kept_bytes_max = rows_bytes,
                                 .promises = std::move(verification.promises),
                                 .progress = std::move(verification.progress),
                                 .pace = std::move(verification.pace)});
}

absl::StatusOr<ledger::VerifyReport> VerifyDataDirectory(const std::string& path,
                                                         const ledger::VerifyKey* key,
                                                         const VerifyProgress& progress,
                                                         const OfflineVerification& verification) {
  PUHUI_RETURN_IF_ERROR(CheckNotOpen(StorePath(path)));
  absl::StatusOr<ledger::VerifyReport> report = VerifyClosed(path, key, progress, verification);
  if (absl::IsDataLoss(report.status())) {
    ledger::VerifyReport damaged;
    damaged.Add(std::string(report.status().message()));
    report = std::move(damaged);
  }
  if (!report.ok()) return report;
  const absl::Status accesses = VerifyClosedAccesses(path, key);
  if (!accesses.ok() && !absl::IsDataLoss(accesses)) return accesses;
  if (!accesses.ok()) report->Add(std::string(accesses.message()));
  return report;
}

}  // namespace puhui::services
