// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/view_comparison.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/changes_by_key.h"

#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>

namespace puhui::ledger {
namespace {

using Change = WriteBatch::Change;
using Kind = RowDifference::Kind;

constexpr std::uint64_t kRowsPerPace = 1'024;
constexpr std::size_t kTables = 256;  // As many as a first byte of a key can name.
constexpr std::size_t kRowsAhead = 16;
constexpr std::size_t kSplits = 15;  // Of a table that has more rows than that.
constexpr std::array kRowFamilies = {Family::kState, Family::kIndex};

// Calls a pace after so many rows. Threads: none.
class PacedRows {
 public:
  explicit PacedRows(ComparisonPace pace) : pace_(std::move(pace)) {}
  absl::Status Next() {
    if (!pace_ || ++rows_ % kRowsPerPace != 0) return absl::OkStatus();
    return pace_(kRowsPerPace);
  }

 private:
  const ComparisonPace pace_;
  std::uint64_t rows_ = 0;
};

// Rows of one table in one family: from a key up to the next part's.
struct Part {
  Family family;
  const TableSet::Member* member = nullptr;  // Null: an index table's, or nobody's.
  std::string from{};
  std::string until{};  // Empty: the end.
  // What index tables come to, of this table. Parts of cached tables have none.
  absl::Span<const Change* const> rows{};
};

// A part, stored and rebuilt.
class PartComparison {
 public:
  PartComparison(const Readable& stored, const Part& part) : stored_(stored), part_(part) {}

  absl::Status Run(PacedRows& pace) {
    const auto cursor = stored_.NewCursor(part_.family, CursorUse::kScan);
    for (cursor->Seek(part_.from); cursor->Valid(); cursor->Next()) {
      if (!part_.until.empty() && cursor->key() >= part_.until) break;
      Take(cursor->key(), cursor->value());
      PUHUI_RETURN_IF_ERROR(pace.Next());
    }
    PUHUI_RETURN_IF_ERROR(cursor->status());
    while (done_ < taken_) CompareOldest();
    while (next_ < part_.rows.size()) AddMissing(part_.rows[next_++]->key);
    return absl::OkStatus();
  }

  // Stored rows that the table has.
  std::uint64_t matched() const { return matched_; }
  ComparedRows& compared() { return compared_; }

 private:
  struct StoredRow {
    std::string key;
    std::string value;
  };
  StoredRow& At(std::uint64_t number) { return ahead_[number % kRowsAhead]; }

  // Some rows are taken before one is compared: where its rebuilt one is, is anywhere in memory.
  void Take(absl::string_view key, absl::string_view value) {
    StoredRow& row = At(taken_);
    row.key.assign(key.data(), key.size());
    row.value.assign(value.data(), value.size());
    if (part_.member != nullptr) {
      part_.member->ExpectEncoded(row.key, Coming::kSoon);
      if (taken_ >= kRowsAhead / 2) {
        part_.member->ExpectEncoded(At(taken_ - kRowsAhead / 2).key, Coming::kNext);
      }
    }
    if (++taken_ - done_ == kRowsAhead) CompareOldest();
  }

  void CompareOldest() {
    const StoredRow& row = At(done_++);
    CompareRow(row.key, row.value);
  }

  void CompareRow(absl::string_view key, absl::string_view value) {
    if (part_.member != nullptr) {
      const absl::optional<std::string> rebuilt = part_.member->Encoded(key);
      if (rebuilt.has_value()) ++matched_;
      Settle(key, value, rebuilt.has_value() ? &*rebuilt : nullptr);
      return;
    }
    const auto& rows = part_.rows;
    while (next_ < rows.size() && rows[next_]->key < key) AddMissing(rows[next_++]->key);
    const bool here = next_ < rows.size() && rows[next_]->key == key;
    Settle(key, value, here ? &*rows[next_]->value : nullptr);
    if (here) ++next_;
  }

  void Settle(absl::string_view key, absl::string_view value, const std::string* rebuilt) {
    ++compared_.rows;
    if (rebuilt == nullptr) {
      compared_.Add(part_.family, key, Kind::kAdded);
    } else if (*rebuilt != value) {
      compared_.Add(part_.family, key, Kind::kAltered);
    }
  }

  void AddMissing(absl::string_view key) {
    ++compared_.rows;
    compared_.Add(part_.family, key, Kind::kMissing);
  }

  const Readable& stored_;
  const Part part_;
  std::array<StoredRow, kRowsAhead> ahead_;  // The rows that were taken, and are not compared yet.
  std::uint64_t taken_ = 0;
  std::uint64_t done_ = 0;
  std::size_t next_ = 0;
  std::uint64_t matched_ = 0;
  ComparedRows compared_;
};

// Finds what a table has and the store does not. Every stored row was looked for in the table, so
// there is nothing to find when all of the table's rows were `matched`.
absl::Status FindMissing(const Readable& stored, const TableSet::Member& table,
                         std::uint64_t matched, PacedRows& pace, ComparedRows* compared) {
  if (table.CountRows() == matched) return absl::OkStatus();
  absl::Status status;
  const Family family = table.spec().family;
  std::set<std::string> first;  // The table gives them in another order each time.
  std::uint64_t missing = 0;
  table.EachChanged(0, [&](std::string key, const absl::optional<std::string>& value) {
    if (!value.has_value() || !status.ok()) return;
    const absl::StatusOr<absl::optional<std::string>> found = stored.Get(family, key);
    status = found.ok() ? pace.Next() : found.status();
    if (!status.ok() || found->has_value()) return;
    ++missing;
    first.insert(std::move(key));
    if (first.size() > ComparedRows::kShownMax) first.erase(std::prev(first.end()));
  });
  for (const std::string& key : first) compared->Add(family, key, Kind::kMissing);
  compared->rows += missing;
  compared->difference_count += missing - first.size();
  return status;
}

// What index tables come to: of two writes of a key the later one counts.
std::vector<const Change*> SortedRows(const WriteBatch& given) {
  const std::vector<const Change*> rows = PlacesByKey(given);
  std::vector<const Change*> last;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool later = i + 1 < rows.size() && rows[i + 1]->family == rows[i]->family &&
                       rows[i + 1]->key == rows[i]->key;
    if (!later && rows[i]->value.has_value()) last.push_back(rows[i]);
  }
  return last;
}

using Members = std::map<std::pair<Family, std::size_t>, const TableSet::Member*>;

Members MembersOf(const TableSet& rebuilt) {
  Members members;
  for (const TableSet::Member* member : rebuilt.tables()) {
    const TableSpec& spec = member->spec();
    if (std::find(kRowFamilies.begin(), kRowFamilies.end(), spec.family) == kRowFamilies.end()) {
      continue;
    }
    PUHUI_CHECK(
        members.emplace(std::pair(spec.family, static_cast<std::size_t>(spec.id)), member).second);
  }
  return members;
}

// Where the keys of a table begin; empty: at the beginning of all, or nowhere.
std::string KeyOf(std::size_t table) {
  return table == 0 || table == kTables ? "" : std::string(1, static_cast<char>(table));
}

// Those of `rows`, sorted, that are of one table.
absl::Span<const Change* const> RowsOf(Family family, std::size_t table,
                                       absl::Span<const Change* const> rows) {
  const auto before = [family](const Change* row, std::size_t wanted) {
    return std::pair(row->family, std::size_t{static_cast<std::uint8_t>(row->key[0])}) <
           std::pair(family, wanted);
  };
  const auto from = std::lower_bound(rows.begin(), rows.end(), table, before);
  const auto to = std::lower_bound(from, rows.end(), table + 1, before);
  return rows.subspan(static_cast<std::size_t>(from - rows.begin()),
                      static_cast<std::size_t>(to - from));
}

// The cached tables of both families. Large ones are several parts, so that threads have equally
// much to do: keys of a hash table, as they come, are evenly spread over its rows.
std::vector<Part> PartsOfTables(const Members& members) {
  std::vector<Part> parts;
  for (const auto& [place, member] : members) {
    Part part{.family = place.first, .member = member, .from = KeyOf(place.second)};
    std::vector<std::string> splits = member->SomeKeys(kSplits);
    std::sort(splits.begin(), splits.end());
    if (splits.size() < kSplits) splits.clear();
    for (std::string& split : splits) {
      part.until = split;
      parts.push_back(part);
      part.from = std::move(split);
    }
    part.until = KeyOf(place.second + 1);
    parts.push_back(std::move(part));
  }
  return parts;
}

// Whatever else there is, or should not be.
std::vector<Part> PartsOfRows(const Members& members, absl::Span<const Change* const> rows) {
  std::vector<Part> parts;
  for (const Family family : kRowFamilies) {
    for (std::size_t table = 0; table < kTables; ++table) {
      if (members.contains({family, table})) {
        PUHUI_CHECK(RowsOf(family, table, rows).empty());
        continue;
      }
      parts.push_back({.family = family,
                       .from = KeyOf(table),
                       .until = KeyOf(table + 1),
                       .rows = RowsOf(family, table, rows)});
    }
  }
  return parts;
}

// Parts, and who takes the next of them. Threads: any number work at once.
class Comparisons {
 public:
  Comparisons(const Readable& stored, std::vector<Part> parts) : parts_(std::move(parts)) {
    for (const Part& part : parts_) {
      comparisons_.push_back(std::make_unique<PartComparison>(stored, part));
    }
    ends_.resize(parts_.size());
  }

  // Until all is done, or something failed.
  void Work(PacedRows& pace) {
    for (std::size_t i; !failed_ && (i = next_.fetch_add(1)) < parts_.size();) {
      ends_[i] = comparisons_[i]->Run(pace);
      if (!ends_[i].ok()) failed_ = true;
    }
  }

  bool failed() const { return failed_; }
  void Stop() { failed_ = true; }

  // Requires: all work is done. Fails: as the store and the pace.
  absl::Status Sum(const Readable& stored, PacedRows& pace, ComparedRows* compared) {
    for (const absl::Status& end : ends_) PUHUI_RETURN_IF_ERROR(end);
    std::uint64_t matched = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      compared->Add(std::move(comparisons_[i]->compared()));
      matched += comparisons_[i]->matched();
      const TableSet::Member* const member = parts_[i].member;
      if (i + 1 < parts_.size() && parts_[i + 1].member == member) continue;
      if (member != nullptr) {
        PUHUI_RETURN_IF_ERROR(FindMissing(stored, *member, matched, pace, compared));
      }
      matched = 0;
    }
    return absl::OkStatus();
  }

 private:
  std::vector<Part> parts_;
  std::vector<std::unique_ptr<PartComparison>> comparisons_;
  std::vector<absl::Status> ends_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
};

}  // namespace

void ComparedRows::Add(Family family, absl::string_view key, RowDifference::Kind kind) {
  ++difference_count;
  if (differences.size() < kShownMax) differences.push_back({family, std::string(key), kind});
}

void ComparedRows::Add(ComparedRows other) {
  rows += other.rows;
  difference_count += other.difference_count;
  for (RowDifference& difference : other.differences) {
    if (differences.size() < kShownMax) differences.push_back(std::move(difference));
  }
}

absl::Status CompareInStep(const Readable& stored, const Readable& rebuilt, Family family,
                           const ComparisonPace& pace, ComparedRows* compared) {
  const auto here = stored.NewCursor(family, CursorUse::kScan);
  const auto there = rebuilt.NewCursor(family, CursorUse::kScan);
  PacedRows paced(pace);
  here->Seek("");
  there->Seek("");
  while (here->Valid() || there->Valid()) {
    ++compared->rows;
    PUHUI_RETURN_IF_ERROR(paced.Next());
    const int order = !here->Valid() ? 1 : !there->Valid() ? -1 : here->key().compare(there->key());
    if (order < 0) compared->Add(family, here->key(), Kind::kAdded);
    if (order > 0) compared->Add(family, there->key(), Kind::kMissing);
    if (order == 0 && here->value() != there->value()) {
      compared->Add(family, here->key(), Kind::kAltered);
    }
    if (order <= 0) here->Next();
    if (order >= 0) there->Next();
  }
  PUHUI_RETURN_IF_ERROR(here->status());
  return there->status();
}

absl::Status CompareWithTables(const Readable& stored, const TableSet& rebuilt, int threads,
                               const ComparisonPace& pace, ComparedRows* compared) {
  PUHUI_CHECK(threads >= 1 && (threads == 1 || !pace));
  const Members members = MembersOf(rebuilt);
  Comparisons of_tables(stored, PartsOfTables(members));
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) {
    others.emplace_back([&of_tables] {
      PacedRows unpaced(nullptr);
      of_tables.Work(unpaced);
    });
  }
  // Sorting takes as long as some tables.
  const std::vector<const Change*> rows = SortedRows(rebuilt.kept_directly());
  Comparisons of_rows(stored, PartsOfRows(members, rows));
  PacedRows paced(pace);
  of_rows.Work(paced);
  if (of_rows.failed()) of_tables.Stop();
  of_tables.Work(paced);
  for (std::thread& other : others) other.join();
  PUHUI_RETURN_IF_ERROR(of_rows.Sum(stored, paced, compared));
  return of_tables.Sum(stored, paced, compared);
}

}  // namespace puhui::ledger
