// SPDX-License-Identifier: Apache-2.0
// Who should be reminded to spend. Threads: safe. Fail: as Readable.
#ifndef PUHUI_ISSUING_APP_EXPIRING_QUERIES_H_
#define PUHUI_ISSUING_APP_EXPIRING_QUERIES_H_

#include "issuing/app/queries.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::issuing {

// Points of one row of a plan that nothing holds.
struct ExpiringRow {
  std::uint64_t row = 0;
  MemberId member{};
  std::int64_t points = 0;
  absl::Time expiry{};  // Of those that go first.
};

struct ExpiringWish {
  std::uint64_t first_row = 0;
  std::size_t limit = 0;
  absl::Time now{};
  absl::Time until{};  // Included.
};
struct ExpiringPage {
  std::vector<ExpiringRow> rows{};
  absl::optional<std::uint64_t> next_row{};  // Absent at the end of the plan.
};

// Rows with points that expire after `now` and by `until`, in the order of the plan. Looks at
// kRowsPerPageMax rows at most. Requires: `campaign` was read from `from`, a snapshot.
absl::StatusOr<ExpiringPage> ListExpiring(const ledger::Readable& from,
                                          const FoundCampaign& campaign, const ExpiringWish& wish);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_EXPIRING_QUERIES_H_
