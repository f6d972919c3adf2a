// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RULES_RULE_PACK_CONVERT_H_
#define PUHUI_SERVICES_RULES_RULE_PACK_CONVERT_H_

#include "issuing/core/rule_pack.h"
#include "puhui/v1/rule_pack.pb.h"

#include "absl/types/optional.h"

namespace puhui::services {

// Makes the pack that `message` says, to be asked at once. The first thing wrong with it, or
// nullopt: a day, a merchant category or a region that is not written as one comes first, then what
// CheckPack finds. `pack` is good for nothing when there is something wrong.
absl::optional<issuing::PackProblem> ToPack(const v1::RulePack& message, issuing::RulePack* pack);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RULES_RULE_PACK_CONVERT_H_
