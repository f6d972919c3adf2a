// SPDX-License-Identifier: Apache-2.0
#include "services/admin/index_verification.h"

#include "audit/index/audit_index.h"
#include "audit/index/verify_index.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/rocks_store.h"
#include "services/admin/open_store.h"
#include "services/admin/scratch_directory.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace puhui::services {
namespace {

// As a server has it: it is written in order, and read once.
constexpr std::size_t kScratchIndexCacheBytes = std::size_t{32} << 20;
constexpr std::size_t kScratchIndexBufferBytes = std::size_t{16} << 20;
// What may be written before the disk is looked at again.
constexpr std::uint64_t kScratchIndexAheadBytes = std::uint64_t{4} * kScratchIndexBufferBytes;
constexpr std::size_t kIndexKeyBytesShown = 48;

absl::Status CheckRoom(const ledger::Store& scratch, std::uint64_t disk_reserve_bytes) {
  PUHUI_ASSIGN_OR_RETURN(const std::uint64_t free_bytes, scratch.FreeBytes());
  if (free_bytes >= disk_reserve_bytes + kScratchIndexAheadBytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "too little space is left to rebuild the index of auditors: ", free_bytes, " bytes"));
}

absl::string_view WhatDiffers(audit::IndexDifference::Kind kind) {
  using Kind = audit::IndexDifference::Kind;
  switch (kind) {
    case Kind::kAdded:
      return "is in the index, but not in the journal";
    case Kind::kMissing:
      return "is missing from the index";
    case Kind::kAltered:
      return "is not what the journal says";
  }
  PUHUI_CHECK(false);
}

v1::IndexState StateToProto(audit::IndexReport::State state) {
  using State = audit::IndexReport::State;
  switch (state) {
    case State::kMissing:
      return v1::INDEX_STATE_MISSING;
    case State::kForeign:
      return v1::INDEX_STATE_OTHER_LEDGER;
    case State::kCompared:
      return v1::INDEX_STATE_COMPARED;
  }
  PUHUI_CHECK(false);
}

}  // namespace

std::string AuditIndexPath(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/audit-index");
}

absl::StatusOr<audit::IndexReport> VerifyIndexMoment(const IndexMomentVerification& verification) {
  PUHUI_ASSIGN_OR_RETURN(const auto directory,
                         ScratchDirectory::Make(verification.scratch_directory));
  PUHUI_ASSIGN_OR_RETURN(const auto scratch, ledger::RocksStore::Open(
                                                 {.path = directory->path(),
                                                  .block_cache_bytes = kScratchIndexCacheBytes,
                                                  .write_buffer_bytes = kScratchIndexBufferBytes}));
  VerifyPace pace;
  if (verification.pace) {
    pace = [&](std::uint64_t work) -> absl::Status {
      PUHUI_RETURN_IF_ERROR(CheckRoom(*scratch, verification.disk_reserve_bytes));
      return verification.pace(work);
    };
  }
  return audit::VerifyIndex({.index = verification.index,
                             .journal = verification.journal,
                             .scratch = scratch.get(),
                             .progress = verification.progress,
                             .pace = std::move(pace)});
}

absl::StatusOr<audit::IndexReport> VerifyIndexDirectory(const std::string& path,
                                                        const std::string& archives,
                                                        const VerifyProgress& progress) {
  PUHUI_RETURN_IF_ERROR(CheckNotOpen(StorePath(path)));
  ScratchDirectory::RemoveLeft(path);
  PUHUI_ASSIGN_OR_RETURN(const StoredLedger parts,
                         OpenStoredLedger({.path = StorePath(path), .read_only = true},
                                          archives.empty() ? ArchivePath(path) : archives));
  std::unique_ptr<ledger::RocksStore> index;
  const absl::optional<std::string> stored = audit::StoredIndexPath(AuditIndexPath(path));
  if (stored.has_value()) {
    auto opened = ledger::RocksStore::Open({.path = *stored, .read_only = true});
    if (!opened.ok()) {
      audit::IndexReport damaged;
      damaged.state = audit::IndexReport::State::kCompared;
      damaged.damage = absl::StrCat("it cannot be opened: ", opened.status().message());
      return damaged;
    }
    index = *std::move(opened);
  }
  return VerifyIndexMoment({.index = index.get(),
                            .journal = parts.store.get(),
                            .scratch_directory = path,
                            .progress = progress});
}

absl::Status AddIndexFindings(const absl::StatusOr<audit::IndexReport>& index,
                              ledger::VerifyReport* report) {
  if (!index.ok()) {
    const bool found = absl::IsDataLoss(index.status()) || !report->ok();
    if (!found || absl::IsCancelled(index.status())) return index.status();
    report->Add(
        absl::StrCat("the index of auditors could not be compared: ", index.status().message()));
    return absl::OkStatus();
  }
  if (!index->damage.empty()) {
    report->Add(absl::StrCat("the index of auditors is damaged: ", index->damage));
  }
  for (const audit::IndexDifference& difference : index->differences) {
    ledger::VerifyDifference row{
        .family = std::string(kAuditIndexFamily),
        .table = difference.table(),
        .key = ledger::ToHex(absl::string_view(difference.key).substr(0, kIndexKeyBytesShown)),
        .sequence = difference.sequence};
    report->Add(absl::StrCat("row ", row.key, " of ", row.family, ", table 0x",
                             absl::Hex(row.table, absl::kZeroPad2), ", record ", row.sequence, ": ",
                             WhatDiffers(difference.kind)));
    if (report->differences.size() < ledger::VerifyReport::kFindingsMax) {
      report->differences.push_back(std::move(row));
    }
  }
  report->finding_count += index->difference_count - index->differences.size();
  return absl::OkStatus();
}

v1::IndexVerification IndexToProto(const audit::IndexReport& index) {
  v1::IndexVerification shown;
  shown.set_state(StateToProto(index.state));
  shown.set_ok(index.ok());
  shown.set_sequence(index.last);
  shown.set_journal_sequence(index.journal_last);
  shown.set_rows_compared(index.rows);
  return shown;
}

}  // namespace puhui::services
