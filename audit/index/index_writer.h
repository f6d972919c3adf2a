// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_INDEX_WRITER_H_
#define PUHUI_AUDIT_INDEX_INDEX_WRITER_H_

#include "audit/core/filter.h"
#include "audit/core/record_facts.h"
#include "audit/index/account_cache.h"
#include "audit/index/index_rows.h"
#include "audit/index/journal_background.h"
#include "audit/index/segment_starts.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace puhui::audit {

// What the index knows last; that of an empty one is 0. Fails: as the store.
absl::StatusOr<ledger::JournalMark> ReadMark(const ledger::Readable& index);

// Sums by kind and origin.
using KindTotals = absl::flat_hash_map<ledger::TotalKey, std::int64_t>;
void AddTotals(const RecordFacts& facts, KindTotals* totals);
// Those of the last totals row at or before `last`, and that row's sequence; 0: there is none.
absl::StatusOr<std::pair<Sequence, KindTotals>> ReadTotals(const ledger::Readable& index,
                                                           Sequence last);

// As they are stored.
TotalsRow TotalsRowOf(const KindTotals& totals);

// Writes the index, a step of records at a time, each whole or not at all.
// Threads: none. Borrows: the index, and what it tells of segments.
class IndexWriter {
 public:
  // Goes on where the index ends, of whose segments `segments` knows. Fails: as the stores; see
  // broken().
  static absl::StatusOr<std::unique_ptr<IndexWriter>> Open(ledger::Store* index,
                                                           const ledger::Readable& journal,
                                                           SegmentStarts* segments);

  const ledger::JournalMark& mark() const { return mark_; }
  // The sums after that record.
  const KindTotals& totals() const { return totals_; }
  // Takes in what follows in the journal, up to `last`, at most `records_max` records.
  // Fails: as the stores; kDataLoss. What was taken in before stands.
  absl::Status Step(const ledger::Readable& journal, Sequence last, std::size_t records_max);
  // It was the index that failed, and not the journal: it is of no use any more.
  bool broken() const { return broken_; }

 private:
  struct Movement {
    Sequence sequence = 0;
    UnionNumber origin{};
    std::int64_t points = 0;
  };
  // What the records of one step come to.
  struct Gathered {
    absl::flat_hash_map<ListName, absl::InlinedVector<Sequence, 2>> lists{};
    absl::flat_hash_map<AccountName, absl::InlinedVector<Movement, 2>> accounts{};
    JournalBackground::Owners owners{};
    KindTotals totals{};
  };

  IndexWriter(ledger::Store* index, const ledger::JournalMark& mark, SegmentStarts* segments)
      : index_(*index), mark_(mark), segments_(*segments), accounts_(mark.sequence == 0) {}
  void Gather(const RecordFacts& facts, Gathered* gathered);
  void GatherTexts(const RecordFacts& facts, Gathered* gathered);
  const ListName& TextList(Dimension dimension, absl::string_view text);
  const ListName& StoreList(const StorePlace& place);
  void PutLists(const Gathered& gathered, ledger::WriteBatch* batch) const;
  absl::Status PutMovements(const Gathered& gathered, ledger::WriteBatch* batch);
  void PutTotals(ledger::WriteBatch* batch);

  ledger::Store& index_;
  ledger::JournalMark mark_;
  SegmentStarts& segments_;
  AccountCache accounts_;
  JournalBackground::Owners owners_;
  KindTotals totals_;
  Sequence totals_at_ = 0;  // Of the last row of them.
  ledger::Sha256 sha256_;
  absl::flat_hash_map<std::pair<Dimension, std::string>, ListName> texts_;
  bool broken_ = false;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_INDEX_WRITER_H_
