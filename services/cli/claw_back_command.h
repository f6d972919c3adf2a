// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_CLAW_BACK_COMMAND_H_
#define PUHUI_SERVICES_CLI_CLAW_BACK_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// claw-back, confirm-claw-back, reject-claw-back, show-claw-back and claw-back-rows.
void AddClawBackVerbs(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_CLAW_BACK_COMMAND_H_
