// SPDX-License-Identifier: Apache-2.0
// What the two files of the noun `union` share.
#ifndef PUHUI_SERVICES_CLI_UNION_COMMAND_H_
#define PUHUI_SERVICES_CLI_UNION_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// fund, confirm, reject, funding, fundings, allocate, return and budget.
void AddUnionBudgetVerbs(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_UNION_COMMAND_H_
