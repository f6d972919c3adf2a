// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_VIEW_COMPARISON_H_
#define PUHUI_LEDGER_ENGINE_VIEW_COMPARISON_H_

#include "ledger/engine/table_set.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::ledger {

// A row of a view that is not what was rebuilt.
struct RowDifference {
  enum class Kind : std::uint8_t { kAdded, kMissing, kAltered };
  Family family;
  std::string key;
  Kind kind;
};

// What was compared, and what differs: the first of them, and how many there are.
struct ComparedRows {
  static constexpr std::size_t kShownMax = 100;

  void Add(Family family, absl::string_view key, RowDifference::Kind kind);
  void Add(ComparedRows other);

  std::vector<RowDifference> differences;
  std::uint64_t difference_count = 0;
  std::uint64_t rows = 0;
};

// Called after each piece of work with the rows in it; may be empty. Ends the comparison with what
// it fails with.
using ComparisonPace = std::function<absl::Status(std::uint64_t rows)>;

// Walks a family in both stores in step. Fails: as the stores and the pace.
absl::Status CompareInStep(const Readable& stored, const Readable& rebuilt, Family family,
                           const ComparisonPace& pace, ComparedRows* compared);

// Compares the families of rows, kState and kIndex, with what the tables hold, on `threads`
// threads. Requires: nothing of the rebuilt rows was written or dropped; `pace` is empty when there
// is more than one thread. Fails: as the store and the pace.
absl::Status CompareWithTables(const Readable& stored, const TableSet& rebuilt, int threads,
                               const ComparisonPace& pace, ComparedRows* compared);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_VIEW_COMPARISON_H_
