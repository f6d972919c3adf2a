// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_growth.h"

#include "absl/strings/str_cat.h"

#include <cstdlib>

namespace puhui::audit {

void BundleGrowth::Look(const ledger::TreeHead& tree) {
  if (LooksFor(tree.size)) root_ = tree.root;
}

absl::optional<Growth> BundleGrowth::Found(const ledger::Checkpoint& last) const {
  if (!earlier_.has_value()) return absl::nullopt;
  if (earlier_->origin != last.origin) return Growth::kOtherLedger;
  if (earlier_->size > last.size) return Growth::kRolledBack;
  // Every tree begins with the empty one, of which no bundle speaks that begins later.
  const absl::optional<ledger::Hash> root =
      earlier_->size == 0 ? absl::make_optional(ledger::EmptyRoot()) : root_;
  if (!root.has_value()) return Growth::kUndecided;
  return *root == earlier_->root ? Growth::kGoesOn : Growth::kForked;
}

std::string GrowthText(Growth growth, const ledger::Checkpoint& earlier,
                       const ledger::Checkpoint& last) {
  switch (growth) {
    case Growth::kGoesOn:
      return absl::StrCat("goes on from the checkpoint of ", earlier.size, " records");
    case Growth::kOtherLedger:
      return absl::StrCat("another ledger: ", last.origin, " instead of ", earlier.origin);
    case Growth::kRolledBack:
      return absl::StrCat("rolled back, or older than what it is compared with: ", last.size,
                          " records after ", earlier.size);
    case Growth::kForked:
      return absl::StrCat("a fork: ", last.size, " records do not begin with the ", earlier.size,
                          " that were signed");
    case Growth::kUndecided:
      return absl::StrCat("the bundle does not show the tree of ", earlier.size,
                          " records; a whole one that has record ", earlier.size, " does");
  }
  std::abort();  // A new enumerator fails to compile above.
}

}  // namespace puhui::audit
