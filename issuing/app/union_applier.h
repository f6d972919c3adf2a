// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_UNION_APPLIER_H_
#define PUHUI_ISSUING_APP_UNION_APPLIER_H_

#include "issuing/app/budget_lines.h"
#include "issuing/app/participation.h"
#include "issuing/app/tables.h"
#include "issuing/app/union_figures.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace puhui::issuing {

// The part of the issuing side's applier that is about unions and their budgets.
// Fails: kDataLoss when a record cannot follow. Threads: the writer's alone, but for tree_changed.
// Borrows: the tables and what counts people.
class UnionApplier {
 public:
  UnionApplier(Tables* tables, Participation* participation)
      : tables_(*tables), lines_(tables), figures_(tables), participation_(*participation) {}

  absl::Status Create(const journal::v1::Record& record);
  absl::Status Update(const journal::v1::Record& record);
  absl::Status Move(const journal::v1::Record& record);
  absl::Status Close(const journal::v1::Record& record);

  void ProposeFunding(const journal::v1::Record& record);
  absl::Status ConfirmFunding(const journal::v1::Record& record);
  absl::Status RejectFunding(const journal::v1::Record& record);
  // Whatever the cause: of every entry.
  absl::Status AddUp(const journal::v1::Entry& entry);

  absl::Status AddFigures(const ledger::CampaignFigureKeeper::Change& change) {
    return figures_.Add(change);
  }

  // As IssuingApplier::tree_changed.
  Sequence tree_changed() const { return tree_changed_.load(std::memory_order_acquire); }

  // Of people who joined, less those who left.
  void CountMembers(UnionNumber of, int change);
  // Of campaigns that became active, less those that are no more.
  void CountActiveCampaigns(UnionNumber of, int change);

 private:
  // The tree that `moved` is in now is searched for what may be in the tree that it was in.
  void JoinTrees(UnionNumber root_before, UnionNumber moved);
  // Fails: kDataLoss when there is none, or it is closed.
  absl::StatusOr<UnionRow*> EditOpen(std::uint32_t number);
  // Fails: kDataLoss when the union proposed none such, or it was decided.
  absl::StatusOr<FundingRow*> EditProposed(std::uint32_t union_number, Sequence proposal);
  // `levels[k]` unions stand k levels below where the first of `above` has its children.
  void CountBelow(const std::vector<UnionNumber>& above, const std::vector<std::uint32_t>& levels,
                  int sign);

  Tables& tables_;
  BudgetLines lines_;
  UnionFigures figures_;
  Participation& participation_;
  std::atomic<Sequence> tree_changed_{0};
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_APPLIER_H_
