// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_TILL_BILL_COMMAND_H_
#define PUHUI_SERVICES_CLI_TILL_BILL_COMMAND_H_

#include "puhui/v1/bill.pb.h"
#include "services/cli/noun.h"
#include "services/cli/output.h"

namespace puhui::services {

// `bill` of `till`.
void AddTillBillCommand(Noun& till);

void PrintBill(Output& output, const v1::Bill& bill);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TILL_BILL_COMMAND_H_
