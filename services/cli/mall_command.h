// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_MALL_COMMAND_H_
#define PUHUI_SERVICES_CLI_MALL_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// What a mall does with points: mall link, balance, pay, payment, refund and transactions.
void AddMallCallVerbs(Noun& mall);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_MALL_COMMAND_H_
