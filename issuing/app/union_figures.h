// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_UNION_FIGURES_H_
#define PUHUI_ISSUING_APP_UNION_FIGURES_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/campaign_figures.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace puhui::issuing {

// What became of the points that each union and all below it granted: the sums of their campaigns'
// figures, kept on the path from the issuing union to the root, so that nobody has to add up a
// federation. What a segment of records changed of a campaign is added once, at its end: a purchase
// costs nothing here. Threads: the writer's alone. Borrows: the tables.
class UnionFigures {
 public:
  explicit UnionFigures(Tables* tables) : tables_(*tables) {}

  // Appliers only. Fails: kDataLoss when there is no such campaign.
  absl::Status Add(const ledger::CampaignFigureKeeper::Change& change);
  // Appliers only: what `moved` and all below it granted counts no more for `left`, but for
  // `joined`.
  void Move(UnionNumber moved, absl::Span<const UnionNumber> left,
            absl::Span<const UnionNumber> joined);

 private:
  Tables& tables_;
};

// Of a union and all below it; all zero when nothing was granted there. Threads: safe.
absl::StatusOr<ledger::CampaignFigures> SubtreeFiguresOf(const ledger::Readable& from,
                                                         UnionNumber of);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_FIGURES_H_
