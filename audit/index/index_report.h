// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_INDEX_REPORT_H_
#define PUHUI_AUDIT_INDEX_INDEX_REPORT_H_

#include "ledger/base/id.h"
#include "ledger/engine/view_comparison.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// Where the index does not say what the journal says.
struct IndexDifference {
  using Kind = ledger::RowDifference::Kind;
  Kind kind{};
  // Of the row that is there; of what is missing from a list, as of a row that begins with it.
  std::string key{};
  // The record that the list has too much, lacks, or has otherwise; of what is no list, the last
  // one that the row was folded from.
  Sequence sequence = 0;

  // Of the allocation table.
  std::uint8_t table() const {
    return key.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(key.front());
  }
};

// What a verification of the index came to.
struct IndexReport {
  static constexpr std::size_t kDifferencesMax = 100;

  enum class State : std::uint8_t {
    kMissing,   // There is none, or it knows of no record: it is built when a server follows it.
    kForeign,   // It is of another ledger, or of another past of this one: a start drops it.
    kCompared,  // With what the records up to `last` say.
  };

  // No difference, and all of it could be read. Says nothing of one that was not compared.
  bool ok() const { return difference_count == 0 && damage.empty(); }
  void Add(IndexDifference difference) {
    if (++difference_count <= kDifferencesMax) differences.push_back(std::move(difference));
  }

  State state = State::kMissing;
  Sequence last = 0;                         // The last record that it knows of.
  Sequence journal_last = 0;                 // The last one that there is.
  std::uint64_t records = 0;                 // Folded again.
  std::uint64_t rows = 0;                    // Of the stored one that were compared.
  std::uint64_t difference_count = 0;        // Of a list the first difference counts.
  std::vector<IndexDifference> differences;  // The first kDifferencesMax.
  std::string damage;                        // Why it cannot be read, if it cannot.
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_INDEX_REPORT_H_
