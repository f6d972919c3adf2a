// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_TILL_BATCH_COMMAND_H_
#define PUHUI_SERVICES_CLI_TILL_BATCH_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// `balance`, `totals` and `close-batch` of `till`.
void AddTillBatchCommands(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TILL_BATCH_COMMAND_H_
