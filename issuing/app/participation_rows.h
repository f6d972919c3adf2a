// SPDX-License-Identifier: Apache-2.0
// How many people received points and spent some: the rows, and the tables they stand in.
#ifndef PUHUI_ISSUING_APP_PARTICIPATION_ROWS_H_
#define PUHUI_ISSUING_APP_PARTICIPATION_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/engine/cached_table.h"
#include "ledger/engine/table_set.h"
#include "ledger/storage/tables.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// How many people, each of them once.
struct Participants {
  std::uint64_t received = 0;  // Points, at least once.
  std::uint64_t spent = 0;     // Of them, at least once, be it back or not.

  template <class F>
  void Fields(F& f) {
    f(received, spent);
  }
  friend bool operator==(const Participants&, const Participants&) = default;
};

// Of a set of unions; given out in the order in which the sets came. 0 is the empty one, which has
// no row.
enum class IssuerSetNumber : std::uint32_t {};

// Unions that the same people have received points of, or spent points of: everybody is in one set
// by what was received and in one by what was spent. A set never changes.
struct IssuerSetRow {
  std::vector<UnionNumber> unions{};  // Ascending.
  Participants people{};              // Who are in it.

  std::size_t HeapBytes() const { return unions.capacity() * sizeof(UnionNumber); }

  template <class F>
  void Fields(F& f) {
    f(unions, people.received, people.spent);
  }
};

// That a union of the set stands in the subtree. `set` none: the row that heads the others.
struct SubtreeSetKey {
  UnionNumber of{};
  IssuerSetNumber set{};

  template <class F>
  void Fields(F& f) {
    f(of, set);
  }
  friend bool operator==(const SubtreeSetKey&, const SubtreeSetKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const SubtreeSetKey& key) {
    return H::combine(std::move(hash), key.of, key.set);
  }
};

// The sets of a subtree are a ring.
struct SubtreeSetRow {
  IssuerSetNumber next{};
  IssuerSetNumber previous{};

  template <class F>
  void Fields(F& f) {
    f(next, previous);
  }
};

inline constexpr ledger::TypedTable<IssuerSetNumber, IssuerSetRow> kIssuerSetTable{
    ledger::Table::kIssuerSets, ledger::Family::kState, "issuer sets"};
// By their unions, four bytes each.
inline constexpr ledger::TypedTable<std::string, IssuerSetNumber> kIssuerSetNumberTable{
    ledger::Table::kIssuerSetNumbers, ledger::Family::kState, "issuer set numbers"};
inline constexpr ledger::TypedTable<SubtreeSetKey, SubtreeSetRow> kSubtreeSetTable{
    ledger::Table::kSubtreeSets, ledger::Family::kState, "subtree sets"};
// Of a union and all below it.
inline constexpr ledger::TypedTable<UnionNumber, Participants> kParticipantTable{
    ledger::Table::kParticipants, ledger::Family::kState, "participants"};

// As the writer sees them. Threads: the writer's alone.
struct ParticipationTables {
  explicit ParticipationTables(ledger::TableSet* set);

  ledger::CachedTable<IssuerSetNumber, IssuerSetRow> sets;
  ledger::CachedTable<std::string, IssuerSetNumber> numbers;
  ledger::CachedTable<SubtreeSetKey, SubtreeSetRow> subtree_sets;
  ledger::CachedTable<UnionNumber, Participants> participants;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PARTICIPATION_ROWS_H_
