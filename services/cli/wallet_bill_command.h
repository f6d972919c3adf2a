// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_WALLET_BILL_COMMAND_H_
#define PUHUI_SERVICES_CLI_WALLET_BILL_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// wallet bill and pay-bill.
void AddBillVerbs(Noun& wallet);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_WALLET_BILL_COMMAND_H_
