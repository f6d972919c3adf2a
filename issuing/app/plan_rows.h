// SPDX-License-Identifier: Apache-2.0
// The rows of a plan as bytes: 24 a row, the member's 16 and the points as 8, big-endian. These
// bytes are what is stored, and the leaves of the plan's hash.
#ifndef PUHUI_ISSUING_APP_PLAN_ROWS_H_
#define PUHUI_ISSUING_APP_PLAN_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

inline constexpr std::size_t kPlanRowBytes = 24;

struct PlanRow {
  MemberId member{};
  std::int64_t points = 0;
};

// Where a member stands in a plan.
struct PlanPlace {
  std::uint32_t version = 0;  // The last upload that names the member.
  std::uint64_t row = 0;
  // Of the plan that stood when that upload began, which stands on when it fails; 0: none.
  std::uint32_t standing_version = 0;
  std::uint64_t standing_row = 0;

  // The row in `plan`; nullopt when the member is not in it.
  absl::optional<std::uint64_t> RowIn(std::uint32_t plan) const {
    if (version == plan) return row;
    return plan != 0 && standing_version == plan ? absl::make_optional(standing_row)
                                                 : absl::nullopt;
  }

  template <class F>
  void Fields(F& f) {
    f(version, row, standing_version, standing_row);
  }
};

void AppendPlanRow(MemberId member, Points points, std::string* rows);

// A look at packed rows. Threads: safe. Borrows: the bytes.
class PlanRowsView {
 public:
  // Requires: whole rows (checked).
  explicit PlanRowsView(absl::string_view bytes);

  std::size_t size() const { return bytes_.size() / kPlanRowBytes; }
  // Requires: i < size().
  PlanRow operator[](std::size_t i) const;
  absl::string_view row_bytes(std::size_t i) const {
    return bytes_.substr(i * kPlanRowBytes, kPlanRowBytes);
  }
  // Each once, in order, as a table is best asked for many.
  std::vector<MemberId> Members() const;

 private:
  absl::string_view bytes_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_ROWS_H_
