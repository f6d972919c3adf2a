// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_DEVICE_COMMAND_H_
#define PUHUI_SERVICES_CLI_DEVICE_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// wallet device enrol, list and revoke.
void AddDeviceVerbs(Noun& wallet);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_DEVICE_COMMAND_H_
