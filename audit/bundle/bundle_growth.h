// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_GROWTH_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_GROWTH_H_

#include "ledger/crypto/hash.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/merkle.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::audit {

// How a bundle's last checkpoint stands to an earlier one that somebody has kept.
enum class Growth {
  kGoesOn,
  kOtherLedger,  // Of another origin.
  kRolledBack,   // Of fewer records.
  kForked,       // As many of its records as the earlier one had have another root.
  kUndecided,    // The bundle does not show the tree of so many records.
};

// Looks for the tree of an earlier checkpoint among those that a bundle shows. Threads: none.
class BundleGrowth {
 public:
  // absl::nullopt: nobody asks.
  explicit BundleGrowth(absl::optional<ledger::Checkpoint> earlier)
      : earlier_(std::move(earlier)) {}

  bool LooksFor(std::uint64_t size) const { return earlier_.has_value() && earlier_->size == size; }
  // A tree that the one of the last checkpoint begins with, as the bundle proves.
  void Look(const ledger::TreeHead& tree);
  // When all that the bundle shows was looked at; absl::nullopt: nobody asks.
  absl::optional<Growth> Found(const ledger::Checkpoint& last) const;

 private:
  const absl::optional<ledger::Checkpoint> earlier_;
  absl::optional<ledger::Hash> root_;  // Of the tree that is looked for.
};

// What is said of it, `last` being the bundle's.
std::string GrowthText(Growth growth, const ledger::Checkpoint& earlier,
                       const ledger::Checkpoint& last);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_GROWTH_H_
