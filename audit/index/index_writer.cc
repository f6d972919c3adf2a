// SPDX-License-Identifier: Apache-2.0
#include "audit/index/index_writer.h"

#include "audit/index/facts_of.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <algorithm>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// The keys of `map` as they are stored: rows that are written in order cost less.
template <class Map>
std::vector<typename Map::const_pointer> InOrder(const Map& map) {
  std::vector<typename Map::const_pointer> entries;
  entries.reserve(map.size());
  for (const auto& entry : map) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  return entries;
}

}  // namespace

absl::StatusOr<ledger::JournalMark> ReadMark(const ledger::Readable& index) {
  PUHUI_ASSIGN_OR_RETURN(const auto mark, ledger::Find(index, kMarkTable, std::uint8_t{0}));
  return mark.value_or(ledger::JournalMark{});
}

void AddTotals(const RecordFacts& facts, KindTotals* totals) {
  for (const ledger::Posting& posting : facts.postings) {
    (*totals)[{.kind = posting.kind, .origin = posting.origin}] += posting.points;
  }
}

absl::StatusOr<std::pair<Sequence, KindTotals>> ReadTotals(const ledger::Readable& index,
                                                           Sequence last) {
  std::pair<Sequence, KindTotals> found;
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(index, kIndexTotalsTable,
                   {.from = ledger::EncodeKey(kIndexTotalsTable.id, last), .backward = true}, 1));
  if (rows.empty()) return found;
  found.first = rows.front().key;
  for (const KindTotal& total : rows.front().value.totals) {
    found.second[{.kind = total.kind, .origin = total.origin}] = total.points;
  }
  return found;
}

TotalsRow TotalsRowOf(const KindTotals& totals) {
  TotalsRow row;
  for (const auto& [key, points] : totals) {
    row.totals.push_back({.kind = key.kind, .origin = key.origin, .points = points});
  }
  std::sort(row.totals.begin(), row.totals.end(), [](const KindTotal& a, const KindTotal& b) {
    return std::pair(a.kind, a.origin) < std::pair(b.kind, b.origin);
  });
  return row;
}

absl::StatusOr<std::unique_ptr<IndexWriter>> IndexWriter::Open(ledger::Store* index,
                                                               const ledger::Readable& journal,
                                                               SegmentStarts* segments) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark mark, ReadMark(*index));
  std::unique_ptr<IndexWriter> writer(new IndexWriter(index, mark, segments));
  PUHUI_ASSIGN_OR_RETURN(auto totals, ReadTotals(*index, mark.sequence));
  writer->totals_at_ = totals.first;
  writer->totals_ = std::move(totals.second);
  JournalBackground background(index, &journal);
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
      journal, totals.first + 1, mark.sequence - totals.first,
      [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const jv1::Record record, ledger::ParseRecord(sequence, bytes));
        if (!record.has_entry()) return true;
        RecordFacts facts;
        PUHUI_RETURN_IF_ERROR(ledger::ReadPostings(record.entry(), &facts.postings));
        AddTotals(facts, &writer->totals_);
        return true;
      }));
  return writer;
}

absl::Status IndexWriter::Step(const ledger::Readable& journal, Sequence last,
                               std::size_t records_max) {
  if (mark_.sequence >= last) return absl::OkStatus();
  accounts_.Trim();
  if (owners_.size() > kIndexOwnersCachedMax) owners_.clear();
  texts_.clear();
  JournalBackground background(&index_, &journal, std::move(owners_));
  owners_.clear();
  Gathered gathered;
  ledger::JournalMark reached;
  const auto take = [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const jv1::Record record, ledger::ParseRecord(sequence, bytes));
    background.Learn(record);
    if (auto owner = OwnerIn(record); owner.has_value()) gathered.owners.insert(*owner);
    PUHUI_ASSIGN_OR_RETURN(const RecordFacts facts, FactsOf(record, background));
    Gather(facts, &gathered);
    reached = {.sequence = sequence};
    const bool more = sequence < last && sequence - mark_.sequence < records_max;
    if (!more) reached.record = sha256_.Digest(bytes);
    return more;
  };
  const absl::Status read = ledger::ReadSegments(
      journal, mark_.sequence + 1, [&](absl::string_view stored) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const auto segment, ledger::SegmentView::Parse(stored));
        Sequence sequence = segment.first();
        if (sequence > mark_.sequence) {
          gathered.lists[ListOfNumber(Dimension::kSegment, 0)].push_back(sequence);
        }
        for (const absl::string_view bytes : segment) {
          if (sequence > mark_.sequence) {
            PUHUI_ASSIGN_OR_RETURN(const bool more, take(sequence, bytes));
            if (!more) return false;
          }
          ++sequence;
        }
        return true;
      });
  broken_ = broken_ || background.index_failed();
  PUHUI_RETURN_IF_ERROR(read);
  owners_ = std::move(background.owners());
  ledger::WriteBatch batch;
  PutLists(gathered, &batch);
  for (const auto& [owned, owner] : gathered.owners) {
    ledger::PutRow(batch, kOwnersTable, owned, owner);
  }
  broken_ = true;  // Until it is written: what is in memory is ahead of it.
  const auto segments = gathered.lists.find(ListOfNumber(Dimension::kSegment, 0));
  if (segments != gathered.lists.end()) segments_.Add(segments->second);
  PUHUI_RETURN_IF_ERROR(PutMovements(gathered, &batch));
  mark_ = reached;
  for (const auto& [key, points] : gathered.totals) totals_[key] += points;
  PutTotals(&batch);
  ledger::PutRow(batch, kMarkTable, std::uint8_t{0}, mark_);
  PUHUI_RETURN_IF_ERROR(index_.Commit(batch, ledger::Durability::kView));
  broken_ = false;
  return absl::OkStatus();
}

void IndexWriter::Gather(const RecordFacts& facts, Gathered* gathered) {
  const auto add = [&](const ListName& list) { gathered->lists[list].push_back(facts.sequence); };
  add(ListOf(RecordKind{.body = facts.kind.body}));
  if (facts.kind.detail != 0) add(ListOf(facts.kind));
  for (const CampaignNumber number : facts.campaigns) add(ListOf(number));
  for (const UnionNumber number : facts.unions) add(ListOf(number));
  for (const MerchantNumber number : facts.merchants) add(ListOf(number));
  for (const TerminalNumber number : facts.terminals) add(ListOf(number));
  for (const std::uint32_t reason : facts.reasons) add(ListOfNumber(Dimension::kReason, reason));
  for (const Sequence about : facts.about) add(ListOfNumber(Dimension::kAbout, about));
  if (facts.amount.has_value()) {
    add(ListOfNumber(Dimension::kAmount, AmountClass(*facts.amount)));
  }
  for (const MemberId member : facts.members) {
    // Who looks for a member looks at the movements of its accounts too.
    const bool moved =
        std::any_of(facts.postings.begin(), facts.postings.end(),
                    [member](const ledger::Posting& posting) { return posting.member == member; });
    if (!moved) add(ListOf(member));
  }
  GatherTexts(facts, gathered);
  for (const ledger::Posting& posting : facts.postings) {
    gathered->accounts[NameOf(posting)].push_back(
        {.sequence = facts.sequence, .origin = posting.origin, .points = posting.points});
  }
  AddTotals(facts, &gathered->totals);
}

void IndexWriter::GatherTexts(const RecordFacts& facts, Gathered* gathered) {
  for (const StorePlace& place : facts.stores) {
    gathered->lists[StoreList(place)].push_back(facts.sequence);
  }
  gathered->lists[TextList(Dimension::kActor, facts.actor)].push_back(facts.sequence);
  if (facts.person.empty()) return;
  gathered->lists[TextList(Dimension::kPerson, facts.person)].push_back(facts.sequence);
}

const ListName& IndexWriter::TextList(Dimension dimension, absl::string_view text) {
  const auto [at, made] = texts_.try_emplace({dimension, std::string(text)});
  if (made) at->second = ListOfText(dimension, text, sha256_);
  return at->second;
}

const ListName& IndexWriter::StoreList(const StorePlace& place) {
  const auto [at, made] = texts_.try_emplace(
      {Dimension::kStore,
       absl::StrCat(static_cast<std::uint32_t>(place.merchant), "/", place.store)});
  if (made) at->second = ListOf(place, sha256_);
  return at->second;
}

void IndexWriter::PutLists(const Gathered& gathered, ledger::WriteBatch* batch) const {
  for (const auto* const entry : InOrder(gathered.lists)) {
    for (absl::Span<const Sequence> rest = entry->second; !rest.empty();) {
      const absl::Span<const Sequence> row = rest.first(std::min(rest.size(), kPostingsPerRowMax));
      ledger::PutRow(*batch, kPostingsTable, {.list = entry->first, .first = row.front()},
                     PackSequences(row));
      rest.remove_prefix(row.size());
    }
  }
}

absl::Status IndexWriter::PutMovements(const Gathered& gathered, ledger::WriteBatch* batch) {
  const std::unique_ptr<ledger::Cursor> cursor = index_.NewCursor(ledger::Family::kIndex);
  for (const auto* const entry : InOrder(gathered.accounts)) {
    PUHUI_ASSIGN_OR_RETURN(HeldByOrigin* const held, accounts_.Find(entry->first, *cursor));
    MovementsKey key{.account = RowNameOf(entry->first)};
    MovementsRow row;
    Sequence previous = 0;
    for (const Movement& movement : entry->second) {
      // The movements of one record stay together.
      if (row.movements.size() >= kMovementsPerRowMax && movement.sequence != previous) {
        ledger::PutRow(*batch, kMovementsTable, key, row);
        row.movements.clear();
      }
      if (row.movements.empty()) {
        key.first = previous = movement.sequence;
        row.before.assign(held->begin(), held->end());
      }
      row.movements.push_back({.beyond = movement.sequence - previous,
                               .origin = movement.origin,
                               .points = movement.points});
      previous = movement.sequence;
      AddPoints(movement.origin, movement.points, held);
    }
    ledger::PutRow(*batch, kMovementsTable, key, row);
  }
  return absl::OkStatus();
}

void IndexWriter::PutTotals(ledger::WriteBatch* batch) {
  if (mark_.sequence - totals_at_ < kIndexTotalsEvery) return;
  ledger::PutRow(*batch, kIndexTotalsTable, mark_.sequence, TotalsRowOf(totals_));
  totals_at_ = mark_.sequence;
}

}  // namespace puhui::audit
