// SPDX-License-Identifier: Apache-2.0
// The verbs of `puhui settlement`, and how statements are shown.
#ifndef PUHUI_SERVICES_CLI_SETTLEMENT_COMMAND_H_
#define PUHUI_SERVICES_CLI_SETTLEMENT_COMMAND_H_

#include "puhui/v1/statement.pb.h"
#include "services/cli/noun.h"
#include "services/cli/output.h"

#include <string>

namespace puhui::services {

void PrintStatement(Output& output, const v1::Statement& statement);
CLI::Option* AddStatementName(CLI::App& app, std::string* field);

// One statement with its lines, on the screen or as files.
void AddStatementVerb(Noun& noun);
void AddDisputeVerbs(Noun& noun);
// What was spent where: spending on the screen, report as files.
void AddSpendingVerbs(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_SETTLEMENT_COMMAND_H_
