// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_REDECISION_H_
#define PUHUI_ISSUING_APP_REDECISION_H_

#include "issuing/app/rows.h"
#include "issuing/core/rule_verdict.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::issuing {

// A verdict on a row, given once more.
struct ReDecision {
  CampaignNumber campaign{};
  std::uint64_t row = 0;
  RulePackName bound{};     // What the record that began the run names.
  RulePackName recorded{};  // What the verdict's record names.
  Inputs inputs{};          // As they were recorded.
  Verdict then{};           // As it was recorded; OK: granted.
  Verdict now{};            // Of the pack that bound the run, from the inputs.

  bool same() const { return bound == recorded && then == now; }
};

// The campaign that a record gave a verdict on a row of, by granting it or because it broke a rule;
// nullopt for every other record.
absl::optional<CampaignNumber> JudgedCampaign(const journal::v1::Record& decided);

// Gives the verdict of `decided` once more, by what was in force then.
// Requires: JudgedCampaign(decided) is a campaign.
// Fails: kDataLoss when what it was decided by is missing or cannot be; as Readable.
absl::StatusOr<ReDecision> ReDecide(const ledger::Readable& from,
                                    const journal::v1::Record& decided);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_REDECISION_H_
