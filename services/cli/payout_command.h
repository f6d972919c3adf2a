// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_PAYOUT_COMMAND_H_
#define PUHUI_SERVICES_CLI_PAYOUT_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// account propose, confirm, reject and list.
void AddBankAccountVerbs(Noun& noun);
// correction propose, confirm and reject.
void AddCorrectionVerbs(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_PAYOUT_COMMAND_H_
