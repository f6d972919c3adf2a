// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_PLAN_FORESIGHT_H_
#define PUHUI_ISSUING_APP_PLAN_FORESIGHT_H_

#include "issuing/app/queries.h"
#include "issuing/app/rows.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstdint>
#include <utility>

namespace puhui::issuing {

// Which rows of a campaign an issue run would refuse, of all that have no verdict: found a thousand
// at a time, with the words of PreviewRows. Keeps no row, so that its memory does not grow with the
// plan. Threads: one at a time.
class PlanForesight {
 public:
  explicit PlanForesight(FoundCampaign campaign)
      : campaign_(std::move(campaign)), next_row_(campaign_.row.rows_done) {}

  // Looks at the next rows, for some milliseconds. False when there are no more.
  // Requires: the campaign was read from `from`, and no row of it got a verdict since.
  // Fails: as Readable.
  absl::StatusOr<bool> Look(const ledger::Readable& from, absl::Time now);
  // What the looks have found so far.
  const RunStop& refused() const { return refused_; }

 private:
  const FoundCampaign campaign_;
  std::uint64_t next_row_;
  RunStop refused_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_FORESIGHT_H_
