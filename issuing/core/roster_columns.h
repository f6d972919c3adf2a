// SPDX-License-Identifier: Apache-2.0
// Which column of a roster holds which field, whatever the HR system calls them.
#ifndef PUHUI_ISSUING_CORE_ROSTER_COLUMNS_H_
#define PUHUI_ISSUING_CORE_ROSTER_COLUMNS_H_

#include "issuing/core/roster_problem.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace puhui::issuing {

// The heading of the column in which rows that were refused carry why. Whatever stands in it is
// skipped, so that the rows can be corrected and read again.
inline constexpr absl::string_view kRefusalHeading = "refused_because";

// Whether `cell` is that heading, in English or in Chinese (退回原因).
bool IsRefusalHeading(absl::string_view cell);

struct RosterColumns {
  static constexpr std::size_t kAbsent = SIZE_MAX;

  std::size_t At(RosterField field) const { return positions[static_cast<std::size_t>(field)]; }
  bool Has(RosterField field) const { return At(field) != kAbsent; }

  std::array<std::size_t, kRosterFields> positions;
  std::size_t width = 0;  // Without empty headings at the right end.
};

struct ColumnRules {
  bool points_required = false;
  bool ignore_unknown = false;
};

// Reads the header. Chinese and English headings in any order; width, case, blanks, '_', '-' and
// the
// '*' of a mandatory column make no difference.
// Refuses: a line in which no heading is known (it is not repeated: it may be a person), an unknown
// or empty heading unless ignored, a field named twice, a required column that is missing.
absl::StatusOr<RosterColumns> ReadRosterHeader(absl::Span<const absl::string_view> cells,
                                               std::uint32_t line, const ColumnRules& rules);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_ROSTER_COLUMNS_H_
