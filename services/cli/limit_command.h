// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_LIMIT_COMMAND_H_
#define PUHUI_SERVICES_CLI_LIMIT_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// admin limits set and show.
void AddLimitVerbs(Noun& admin);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_LIMIT_COMMAND_H_
