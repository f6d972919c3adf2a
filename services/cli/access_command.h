// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_ACCESS_COMMAND_H_
#define PUHUI_SERVICES_CLI_ACCESS_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// Who looked: audit accesses, verify-access, access-checkpoint and reveals. What auditors may read:
// audit mandate grant, revoke and list.
void AddAccessVerbs(Noun& audit);

// RevealMember, under whichever noun its callers look for it.
void AddReveal(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_ACCESS_COMMAND_H_
