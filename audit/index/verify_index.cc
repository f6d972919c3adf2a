// SPDX-License-Identifier: Apache-2.0
#include "audit/index/verify_index.h"

#include "audit/index/index_rows.h"
#include "audit/index/index_writer.h"
#include "audit/index/list_comparison.h"
#include "audit/index/segment_starts.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/journal_mark.h"
#include "ledger/engine/view_comparison.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <memory>
#include <string>

namespace puhui::audit {
namespace {

// Beside others, between two looks at the pace. Fewer would make many small rows.
constexpr std::size_t kPacedStepRecords = 4'096;

// The rows of sums of a stored index, one after another.
class StoredTotals {
 public:
  explicit StoredTotals(const ledger::Readable& index)
      : cursor_(index.NewCursor(kIndexTotalsTable.family, ledger::CursorUse::kScan)) {}

  absl::Status Begin() {
    cursor_->Seek(ledger::EncodeKeyPrefix(kIndexTotalsTable.id));
    return Take();
  }
  absl::Status Next() {
    cursor_->Next();
    return Take();
  }
  bool valid() const { return valid_; }
  std::string key() const { return std::string(cursor_->key()); }
  absl::string_view value() const { return cursor_->value(); }
  // 0 also when the key is no key of the table: nothing was folded up to there.
  Sequence sequence() const { return sequence_; }

 private:
  absl::Status Take() {
    valid_ = cursor_->Valid() && !cursor_->key().empty() &&
             static_cast<std::uint8_t>(cursor_->key().front()) ==
                 static_cast<std::uint8_t>(kIndexTotalsTable.id);
    if (!valid_) return cursor_->Valid() ? absl::OkStatus() : cursor_->status();
    if (!ledger::DecodeKey(kIndexTotalsTable.id, cursor_->key(), &sequence_).ok()) sequence_ = 0;
    return absl::OkStatus();
  }

  const std::unique_ptr<ledger::Cursor> cursor_;
  bool valid_ = false;
  Sequence sequence_ = 0;
};

class IndexVerifier {
 public:
  explicit IndexVerifier(const IndexVerification& verification) : given_(verification) {}

  absl::StatusOr<IndexReport> Run() {
    PUHUI_ASSIGN_OR_RETURN(const auto header, ledger::ReadLastHeader(*given_.journal));
    report_.journal_last = header.has_value() ? header->last() : 0;
    if (given_.index == nullptr) return std::move(report_);
    const absl::StatusOr<ledger::JournalMark> mark = ReadMark(*given_.index);
    if (!mark.ok()) {
      PUHUI_RETURN_IF_ERROR(NoteDamage(mark.status()));
      return std::move(report_);
    }
    if (mark->sequence == 0) return std::move(report_);
    report_.last = mark->sequence;
    report_.state = IndexReport::State::kForeign;
    if (mark->sequence > report_.journal_last) return std::move(report_);
    PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark same,
                           ledger::MarkOf(*given_.journal, mark->sequence));
    if (!(*mark == same)) return std::move(report_);
    report_.state = IndexReport::State::kCompared;
    StoredTotals totals(*given_.index);
    absl::Status read = totals.Begin();
    if (read.ok()) PUHUI_RETURN_IF_ERROR(Rebuild(&totals, &read));
    if (read.ok()) read = Compare();
    PUHUI_RETURN_IF_ERROR(NoteDamage(read));
    return std::move(report_);
  }

 private:
  using Kind = IndexDifference::Kind;

  // What a read of the index came to; fails when it may come to something else the next time.
  absl::Status NoteDamage(const absl::Status& read) {
    if (!absl::IsDataLoss(read)) return read;
    report_.state = IndexReport::State::kCompared;
    report_.damage = std::string(read.message());
    return absl::OkStatus();
  }

  // Folds up to where the index is. A step ends at each stored row of sums, so that they are there
  // to be compared. `read`: what reading those came to; after a failure nothing more is folded.
  absl::Status Rebuild(StoredTotals* totals, absl::Status* read) {
    const std::size_t step_max = given_.pace ? kPacedStepRecords : kIndexStepRecordsMax;
    SegmentStarts segments;
    PUHUI_ASSIGN_OR_RETURN(const auto writer,
                           IndexWriter::Open(given_.scratch, *given_.journal, &segments));
    while (true) {
      const Sequence from = writer->mark().sequence;
      while (read->ok() && totals->valid() && totals->sequence() <= from) {
        CheckTotals(*totals, *writer);
        *read = totals->Next();
      }
      if (!read->ok() || from >= report_.last) break;
      const Sequence until =
          totals->valid() ? std::min(totals->sequence(), report_.last) : report_.last;
      PUHUI_RETURN_IF_ERROR(writer->Step(*given_.journal, until, step_max));
      if (writer->mark().sequence <= from) {
        return absl::DataLossError("the journal ends before the index of it");
      }
      report_.records = writer->mark().sequence;
      if (given_.progress) given_.progress(report_.records, report_.last);
      if (given_.pace) PUHUI_RETURN_IF_ERROR(given_.pace(report_.records - from));
    }
    for (; read->ok() && totals->valid(); *read = totals->Next()) {
      report_.Add({.kind = Kind::kAdded, .key = totals->key(), .sequence = totals->sequence()});
    }
    if (read->ok() && report_.last - totals_at_ >= kIndexTotalsEvery) AddMissingTotals();
    return absl::OkStatus();
  }

  // A step leaves sums when so many records or more came since the last, and takes in no more than
  // a step may: so rows are no nearer to each other, and no farther apart.
  void CheckTotals(const StoredTotals& totals, const IndexWriter& writer) {
    ++report_.rows;
    const Sequence sequence = totals.sequence();
    IndexDifference here{.kind = Kind::kAdded, .key = totals.key(), .sequence = sequence};
    if (sequence < totals_at_ + kIndexTotalsEvery || sequence != writer.mark().sequence) {
      report_.Add(std::move(here));
      return;
    }
    if (sequence - totals_at_ >= kIndexTotalsEvery + kIndexStepRecordsMax) AddMissingTotals();
    if (totals.value() != ledger::EncodeValue(TotalsRowOf(writer.totals()))) {
      here.kind = Kind::kAltered;
      report_.Add(std::move(here));
    }
    totals_at_ = sequence;
  }

  // The first record that they may be of stands for them.
  void AddMissingTotals() {
    const Sequence sequence = totals_at_ + kIndexTotalsEvery;
    report_.Add({.kind = Kind::kMissing,
                 .key = ledger::EncodeKey(kIndexTotalsTable.id, sequence),
                 .sequence = sequence});
  }

  absl::Status Compare() {
    ledger::ComparedRows compared;
    for (const ledger::Family family :
         {ledger::Family::kState, ledger::Family::kMeta, ledger::Family::kTiles}) {
      PUHUI_RETURN_IF_ERROR(
          ledger::CompareInStep(*given_.index, *given_.scratch, family, given_.pace, &compared));
    }
    for (const ledger::RowDifference& row : compared.differences) {
      report_.Add({.kind = row.kind, .key = row.key, .sequence = report_.last});
    }
    report_.difference_count += compared.difference_count - compared.differences.size();
    report_.rows += compared.rows;
    PUHUI_RETURN_IF_ERROR(FindStrangers());
    for (const ledger::Table table :
         {ledger::Table::kIndexPostings, ledger::Table::kIndexMovements}) {
      PUHUI_RETURN_IF_ERROR(
          CompareLists(*given_.index, *given_.scratch, table, given_.pace, &report_));
    }
    return absl::OkStatus();
  }

  // Rows of the lists' family that are of none of its tables.
  absl::Status FindStrangers() {
    const auto cursor = given_.index->NewCursor(ledger::Family::kIndex, ledger::CursorUse::kScan);
    const auto known = [](absl::string_view key) {
      if (key.empty()) return false;
      const auto table = static_cast<ledger::Table>(static_cast<std::uint8_t>(key.front()));
      return table == ledger::Table::kIndexPostings || table == ledger::Table::kIndexMovements ||
             table == ledger::Table::kIndexTotals;
    };
    for (cursor->Seek(""); cursor->Valid();) {
      if (known(cursor->key())) {  // Gone through elsewhere: on with what is behind the table.
        cursor->Seek(std::string(1, static_cast<char>(cursor->key().front() + 1)));
        continue;
      }
      report_.Add(
          {.kind = Kind::kAdded, .key = std::string(cursor->key()), .sequence = report_.last});
      ++report_.rows;
      cursor->Next();
    }
    return cursor->status();
  }

  const IndexVerification& given_;
  Sequence totals_at_ = 0;  // Of the last row of sums.
  IndexReport report_;
};

}  // namespace

absl::StatusOr<IndexReport> VerifyIndex(const IndexVerification& verification) {
  absl::StatusOr<IndexReport> report = IndexVerifier(verification).Run();
  // Then nothing can be said of what was held against it.
  const absl::Status scratch = verification.scratch->ViewDamage();
  if (scratch.ok()) return report;
  return absl::UnavailableError(absl::StrCat("the scratch store is damaged: ", scratch.message()));
}

}  // namespace puhui::audit
