// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_ACCESS_COMMAND_H_
#define PUHUI_SERVICES_CLI_ACCESS_COMMAND_H_

#include "puhui/v1/access_service.pb.h"
#include "services/cli/noun.h"

#include <CLI/CLI.hpp>

namespace puhui::services {

// Which accesses. Borrows: the request, until the command line is parsed.
void AddAccessFilterFlags(CLI::App& app, v1::ListAccessesRequest& request);

// Who looked: audit accesses, verify-access, access-checkpoint and reveals. What auditors may read:
// audit mandate grant, revoke and list.
void AddAccessVerbs(Noun& audit);

// RevealMember, under whichever noun its callers look for it.
void AddReveal(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_ACCESS_COMMAND_H_
