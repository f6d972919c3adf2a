// SPDX-License-Identifier: Apache-2.0
// Every noun of the program, one file each.
#ifndef PUHUI_SERVICES_CLI_COMMANDS_H_
#define PUHUI_SERVICES_CLI_COMMANDS_H_

#include "services/cli/command_line.h"

namespace puhui::services {

void AddUnionCommands(CommandLine& line);
void AddMemberCommands(CommandLine& line);
void AddCampaignCommands(CommandLine& line);
void AddWalletCommands(CommandLine& line);
void AddOrderCommands(CommandLine& line);
void AddVoucherCommands(CommandLine& line);
void AddMerchantCommands(CommandLine& line);
void AddOfferCommands(CommandLine& line);
void AddNoticeCommands(CommandLine& line);
void AddMallCommands(CommandLine& line);
void AddTillCommands(CommandLine& line);
void AddPayoutCommands(CommandLine& line);
void AddReconcileCommand(CommandLine& line);
void AddSettlementCommands(CommandLine& line);
void AddPosCheckCommand(CommandLine& line);
void AddAuditCommands(CommandLine& line);
// admin and version.
void AddAdminCommands(CommandLine& line);
void AddPeriodCommands(CommandLine& line);
void AddArchiveCommands(CommandLine& line);
void AddVerifyCommand(CommandLine& line);
// receipt and verify-receipt.
void AddReceiptCommands(CommandLine& line);
void AddWitnessCommand(CommandLine& line);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_COMMANDS_H_
