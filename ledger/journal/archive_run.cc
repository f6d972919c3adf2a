// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/archive_run.h"

#include "ledger/base/archive_limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/tile.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>

namespace puhui::ledger {
namespace {

// The last record that may go: the last segment stays, because the journal goes on from it.
absl::StatusOr<Sequence> LastToArchive(const Readable& store, Sequence wished) {
  PUHUI_ASSIGN_OR_RETURN(const auto end, ReadLastHeader(store));
  if (!end.has_value()) return Sequence{0};
  return std::min(wished, end->first - 1);
}

absl::StatusOr<MerkleFrontier> FrontierOf(const Readable& store, std::uint64_t size) {
  PUHUI_ASSIGN_OR_RETURN(const MerkleTree tree,
                         MerkleTree::Recover(
                             size, [&](const TileId& id) { return ReadTile(store, id); },
                             [&](Sequence sequence) -> absl::StatusOr<Hash> {
                               PUHUI_ASSIGN_OR_RETURN(const std::string record,
                                                      ReadRecord(store, sequence));
                               return LeafHash(record);
                             }));
  return tree.frontier();
}

absl::Status CheckDisk(const ArchiveRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const std::uint64_t free_bytes,
                         request.free_bytes ? request.free_bytes() : request.archive->FreeBytes());
  // A frame may be written before it is asked again.
  if (free_bytes >= request.disk_reserve_bytes + kArchiveStoredFrameBytesMax) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(absl::StrCat("too little space is left for archives in ",
                                                   request.archive->directory(), ": ", free_bytes,
                                                   " bytes"));
}

// The file with what lies between the archive's end and `last`; empty when no whole segment does.
absl::StatusOr<std::string> WriteArchive(const ArchiveRequest& request, Sequence last,
                                         ArchivePace pace) {
  const Sequence first = request.archive->last() + 1;
  if (first > last) return std::string();
  PUHUI_ASSIGN_OR_RETURN(const MerkleFrontier before, FrontierOf(*request.store, first - 1));
  std::unique_ptr<ArchiveWriter> writer;
  PUHUI_RETURN_IF_ERROR(
      ReadSegments(*request.store, first, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentView::Parse(bytes));
        if (segment.last() > last) return false;
        if (writer == nullptr) {
          PUHUI_RETURN_IF_ERROR(request.archive->CheckRoom());
          PUHUI_ASSIGN_OR_RETURN(writer,
                                 ArchiveWriter::Create(request.archive->directory(), before));
        }
        PUHUI_RETURN_IF_ERROR(CheckDisk(request));
        PUHUI_RETURN_IF_ERROR(writer->Add(bytes));
        PUHUI_RETURN_IF_ERROR(pace(segment.header().record_count));
        return true;
      }));
  return writer == nullptr ? std::string() : writer->Finish();
}

absl::StatusOr<ArchiveFigures> CheckSigned(const ArchiveFile& file, SignedRoot signed_root,
                                           ArchivePace pace) {
  PUHUI_ASSIGN_OR_RETURN(const ArchiveFigures figures, VerifyArchive(file, pace));
  PUHUI_ASSIGN_OR_RETURN(const Hash root, signed_root(file.last()));
  if (root == file.header().root_after) return figures;
  return absl::DataLossError(absl::StrCat(file.path(), ": journal at sequence ", file.last(),
                                          ": the root after it is not the one that was signed"));
}

// Reads a new file back.
absl::Status ProveNew(const std::string& path, SignedRoot signed_root, ArchivePace pace,
                      ArchiveReport* report) {
  PUHUI_ASSIGN_OR_RETURN(const auto file, ArchiveFile::Open(path));
  PUHUI_ASSIGN_OR_RETURN(report->figures, CheckSigned(*file, signed_root, pace));
  PUHUI_ASSIGN_OR_RETURN(report->digest, file->Digest());
  report->path = path;
  report->first = file->first();
  report->last = file->last();
  report->root = file->header().root_after;
  report->file_bytes = file->bytes();
  return absl::OkStatus();
}

// Puts the segments of one file before `end` into the store. The last go first, and a frame with
// one commit: whatever interrupts it, what is in the store goes on without a gap.
absl::Status PutBack(Store& store, const ArchiveFile& file, Sequence end, ArchivePace pace) {
  for (std::size_t at = file.frames(); at-- > 0;) {
    PUHUI_ASSIGN_OR_RETURN(const ArchiveFrame frame, file.ReadFrame(at));
    WriteBatch batch;
    for (const ArchivedSegment& segment : frame.segments()) {
      if (segment.first >= end) break;
      PUHUI_ASSIGN_OR_RETURN(const SegmentView view, SegmentView::Parse(segment.bytes));
      batch.Put(Family::kJournal, SegmentKey(segment.first), std::string(segment.bytes));
      PUHUI_RETURN_IF_ERROR(pace(view.header().record_count));
    }
    PUHUI_RETURN_IF_ERROR(store.Commit(batch, Durability::kSynced));
  }
  return absl::OkStatus();
}

// Puts the segments of one file into the store that are not in it, in their order: it goes on from
// what is there before them. Adds to `report` what was put.
absl::Status FillIn(Store& store, const ArchiveFile& file, ArchivePace pace,
                    RestoreReport* report) {
  for (std::size_t at = 0; at < file.frames(); ++at) {
    PUHUI_ASSIGN_OR_RETURN(const ArchiveFrame frame, file.ReadFrame(at));
    WriteBatch batch;
    for (const ArchivedSegment& segment : frame.segments()) {
      PUHUI_ASSIGN_OR_RETURN(const SegmentView view, SegmentView::Parse(segment.bytes));
      PUHUI_RETURN_IF_ERROR(pace(view.header().record_count));
      const std::string key = SegmentKey(segment.first);
      PUHUI_ASSIGN_OR_RETURN(const auto held, store.Get(Family::kJournal, key));
      if (held.has_value() && *held == segment.bytes) continue;
      if (held.has_value()) {
        return absl::FailedPreconditionError(absl::StrCat(
            file.path(), ": the store has another record ", segment.first, " than the file"));
      }
      batch.Put(Family::kJournal, key, std::string(segment.bytes));
      if (report->first == 0) report->first = segment.first;
      report->last = std::max(report->last, view.last());
    }
    if (!batch.empty()) PUHUI_RETURN_IF_ERROR(store.Commit(batch, Durability::kSynced));
  }
  return absl::OkStatus();
}

void AddFigures(const ArchiveFigures& figures, ArchiveFigures* sum) {
  sum->segments += figures.segments;
  sum->records += figures.records;
  sum->bytes += figures.bytes;
}

}  // namespace

absl::Status CheckNotBehind(const Store& store, const SegmentArchive& archive) {
  PUHUI_ASSIGN_OR_RETURN(const auto end, ReadLastHeader(store));
  const Sequence last = end.has_value() ? end->last() : 0;
  if (archive.last() <= last) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the store ends with record ", last, " and the archives in ", archive.directory(),
      " with record ", archive.last(),
      ": it is older than they are; `puhui archive restore` puts what it lacks into it"));
}

absl::StatusOr<ArchiveReport> ArchiveThrough(const ArchiveRequest& request, SignedRoot signed_root,
                                             ArchivePace pace) {
  SegmentArchive& archive = *request.archive;
  PUHUI_RETURN_IF_ERROR(archive.CheckWhole());
  ArchiveReport report;
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, LastToArchive(*request.store, request.last));
  PUHUI_ASSIGN_OR_RETURN(const std::string path, WriteArchive(request, last, pace));
  if (!path.empty()) {
    absl::Status taken = ProveNew(path, signed_root, pace, &report);
    if (taken.ok()) taken = archive.Add(path);
    if (!taken.ok()) {
      // The store has all that is in it, and the next run may write one that ends elsewhere.
      RemoveFileDurably(path).IgnoreError();
      return taken;
    }
  }
  PUHUI_ASSIGN_OR_RETURN(std::string held, request.store->FirstJournalKey());
  const Sequence held_from = SequenceOfKey(held);
  if (archive.last() != 0 && archive.last() + 1 >= held_from) {
    // What an earlier run has left, too: it may have ended before it had proved its file, or have
    // dropped records whose space somebody's reading kept.
    for (const auto& file : *archive.files()) {
      if (file->last() < held_from || file->path() == path) continue;
      PUHUI_RETURN_IF_ERROR(CheckSigned(*file, signed_root, pace).status());
    }
    PUHUI_RETURN_IF_ERROR(request.store->DropJournalBefore(SegmentKey(archive.last() + 1)));
    PUHUI_ASSIGN_OR_RETURN(held, request.store->FirstJournalKey());
  }
  report.held_from = SequenceOfKey(held);
  return report;
}

absl::StatusOr<RestoreReport> RestoreArchives(Store& store, const SegmentArchive& archive,
                                              ArchivePace pace) {
  PUHUI_RETURN_IF_ERROR(archive.CheckWhole());
  RestoreReport report;
  PUHUI_ASSIGN_OR_RETURN(const std::string held, store.FirstJournalKey());
  const Sequence held_from = SequenceOfKey(held);
  if (held_from != 0) PUHUI_RETURN_IF_ERROR(archive.CheckReaches(held));
  const Sequence end = held_from == 0 ? archive.last() + 1 : held_from;
  const auto files = archive.files();
  for (auto file = files->rbegin(); file != files->rend(); ++file) {
    if ((*file)->first() >= end) continue;
    PUHUI_ASSIGN_OR_RETURN(const ArchiveFigures figures, VerifyArchive(**file, pace));
    PUHUI_RETURN_IF_ERROR(PutBack(store, **file, end, pace));
    report.first = 1;
    report.last = end - 1;
    AddFigures(figures, &report.figures);
  }
  for (const auto& file : *files) {
    if (held_from == 0 || file->last() < held_from) continue;
    PUHUI_ASSIGN_OR_RETURN(const ArchiveFigures figures, VerifyArchive(*file, pace));
    const Sequence put_before = report.last;
    PUHUI_RETURN_IF_ERROR(FillIn(store, *file, pace, &report));
    if (report.last != put_before) AddFigures(figures, &report.figures);
  }
  MerkleFrontier tree;
  PUHUI_RETURN_IF_ERROR(
      ReadSegments(store, 1, [&](absl::string_view segment) -> absl::StatusOr<bool> {
        const std::uint64_t before = tree.size();
        PUHUI_RETURN_IF_ERROR(AppendSegment(segment, &tree));
        PUHUI_RETURN_IF_ERROR(pace(tree.size() - before));
        return true;
      }));
  report.root = tree.Root();
  report.records = tree.size();
  return report;
}

}  // namespace puhui::ledger
