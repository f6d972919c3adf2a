// SPDX-License-Identifier: Apache-2.0
// The rows of unions and their budgets. Readers use these with typed_reads.h.
#ifndef PUHUI_ISSUING_APP_UNION_ROWS_H_
#define PUHUI_ISSUING_APP_UNION_ROWS_H_

#include "issuing/app/union_settings.h"
#include "ledger/base/id.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

struct UnionRow {
  std::string id{};
  UnionNumber parent{};    // None: the root of a tree.
  std::uint32_t kind = 0;  // puhui.v1.UnionKind.
  std::string display_name{};
  UnionSettings settings{};
  absl::Time create_time{};
  absl::optional<absl::Time> close_time{};
  Sequence changed = 0;  // The record that last changed something of the above.

  // What stands in its way when it is to be closed or moved.
  std::uint32_t open_children = 0;
  std::uint32_t members = 0;           // Who have not left.
  std::uint32_t active_campaigns = 0;  // SUBMITTED, APPROVED or ISSUING.
  // How many unions are one level below, two levels below, and so on. Closed ones count: they keep
  // their places.
  std::vector<std::uint32_t> below{};

  // Under what the members' search entries are made (vault.h): the root of the tree in which the
  // union was created, whatever tree it has been moved to since.
  UnionNumber search_root{};
  // Of a root: the search roots that unions of its tree may have, ascending.
  std::vector<UnionNumber> search_roots{};

  bool open() const { return !close_time.has_value(); }

  template <class F>
  void Fields(F& f) {
    f(id, parent, kind, display_name, settings, create_time, close_time, changed, open_children,
      members, active_campaigns, below, search_root, search_roots);
  }
};

// Both without repeats, ascending.
std::vector<UnionNumber> SearchRootsJoined(const std::vector<UnionNumber>& one,
                                           const std::vector<UnionNumber>& other);

struct UnionChildKey {
  UnionNumber parent{};
  UnionNumber child{};

  template <class F>
  void Fields(F& f) {
    f(parent, child);
  }
};

// What is added up.
enum class BudgetSum : std::uint8_t {
  kOwn = 1,      // The budget of the union.
  kSubtree = 2,  // The budgets of the union and of all below it.
};

// `origin` none: the line that heads the others.
struct BudgetLineKey {
  UnionNumber of{};
  BudgetSum sum{};
  UnionNumber origin{};

  template <class F>
  void Fields(F& f) {
    f(of, sum, origin);
  }
  friend bool operator==(const BudgetLineKey&, const BudgetLineKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const BudgetLineKey& key) {
    return H::combine(std::move(hash), key.of, key.sum, key.origin);
  }
};

// Points of one origin, or of all of them in the line that heads the others. The lines of a sum are
// a ring, in the order in which the origins came.
struct BudgetLine {
  std::int64_t points = 0;
  UnionNumber next{};      // By its origin.
  UnionNumber previous{};  // By its origin.

  template <class F>
  void Fields(F& f) {
    f(points, next, previous);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_ROWS_H_
