// SPDX-License-Identifier: Apache-2.0
// How segments go from the store into archives, and back.
#ifndef PUHUI_LEDGER_JOURNAL_ARCHIVE_RUN_H_
#define PUHUI_LEDGER_JOURNAL_ARCHIVE_RUN_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/archive_file.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/storage/store.h"

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <functional>
#include <string>

namespace puhui::ledger {

struct ArchiveReport {
  std::string path;    // Empty: there was nothing to write.
  Sequence first = 0;  // Of the records that went into it.
  Sequence last = 0;
  ArchiveFigures figures;
  std::uint64_t file_bytes = 0;
  Hash digest{};           // SHA-256 of the file.
  Hash root{};             // After `last`.
  Sequence held_from = 0;  // The first record in the store, afterwards.
};

struct ArchiveRequest {
  Store* store = nullptr;             // An ArchivedStore over `archive`.
  SegmentArchive* archive = nullptr;  // Where to.
  Sequence last = 0;                  // Segments that go beyond this record stay.
  // What stays free on the archive's disk, and how much is free there now. Absent: what it says.
  std::uint64_t disk_reserve_bytes = 0;
  std::function<absl::StatusOr<std::uint64_t>()> free_bytes{};
};

// The root over the first `size` records, from what was signed.
using SignedRoot = absl::FunctionRef<absl::StatusOr<Hash>(std::uint64_t size)>;

// Writes the segments that are in no archive yet and end with `last` or before into one file, reads
// that back, and when its root is the signed one drops the segments from the store. The last
// segment of the journal stays. Whenever it is interrupted nothing is lost, and the next run goes
// on from there; what an earlier one has written and not dropped is proved and dropped by this one,
// and space that was still read when it was dropped is given back.
// One run at a time. A file that could not be proved, for whatever reason, goes again.
// Fails: kUnavailable when a file is missing from the archive; kResourceExhausted when it may have
// no more, and before the reserve of its disk is touched; kDataLoss, naming the record, when
// anything read is not what was signed, and nothing is dropped then; as the store, `signed_root`
// and `pace`.
absl::StatusOr<ArchiveReport> ArchiveThrough(const ArchiveRequest& request, SignedRoot signed_root,
                                             ArchivePace pace);

struct RestoreReport {
  ArchiveFigures figures;
  Sequence first = 0;  // Of what was put back; 0 when everything was there.
  Sequence last = 0;
  Hash root{};  // Of the whole journal afterwards, from its records.
  std::uint64_t records = 0;
};

// Whether a journal may go on in `store` itself. Fails: kFailedPrecondition, saying what to do,
// when it ends before `archive` does: it is older than the files, and new records would take the
// place of theirs; as the store.
absl::Status CheckNotBehind(const Store& store, const SegmentArchive& archive);

// Puts the segments of `archive` that `store` itself does not have back into it, wherever they
// belong, then hashes the whole journal and compares the root before each segment. The files stay.
// Requires: `store` is not an ArchivedStore, and nobody else has it.
// Fails: kUnavailable when a file is missing; kFailedPrecondition when the store has another
// segment where a file has one; kDataLoss, naming the record; as the store, and `pace`.
absl::StatusOr<RestoreReport> RestoreArchives(Store& store, const SegmentArchive& archive,
                                              ArchivePace pace);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_ARCHIVE_RUN_H_
