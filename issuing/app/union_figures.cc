// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_figures.h"

#include "issuing/app/records.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

namespace puhui::issuing {

using ledger::CampaignFigures;

absl::Status UnionFigures::Add(const ledger::CampaignFigureKeeper::Change& change) {
  const CampaignRow* campaign = tables_.campaigns.Find(change.campaign);
  if (campaign == nullptr) {
    return absl::DataLossError(
        absl::StrCat("points of campaign ", NumberOf(change.campaign), ", which is none"));
  }
  for (UnionNumber at = campaign->union_number; at != UnionNumber{};
       at = tables_.UnionOf(at).parent) {
    tables_.union_figures.Edit(at).Add(change.figures);
  }
  return absl::OkStatus();
}

void UnionFigures::Move(UnionNumber moved, absl::Span<const UnionNumber> left,
                        absl::Span<const UnionNumber> joined) {
  const CampaignFigures* found = tables_.union_figures.Find(moved);
  if (found == nullptr) return;
  const CampaignFigures figures = *found;
  for (const UnionNumber of : left) tables_.union_figures.Edit(of).Add(figures, -1);
  for (const UnionNumber of : joined) tables_.union_figures.Edit(of).Add(figures);
}

absl::StatusOr<CampaignFigures> SubtreeFiguresOf(const ledger::Readable& from, UnionNumber of) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from, kUnionFigureTable, of));
  return row.value_or(CampaignFigures());
}

}  // namespace puhui::issuing
