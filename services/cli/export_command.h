// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_EXPORT_COMMAND_H_
#define PUHUI_SERVICES_CLI_EXPORT_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// `audit export`, and export-account, -statement, -trial-balance, -history, -trace, -accesses,
// -reveals, -mandates, -periods and -period-lines.
void AddAuditExports(Noun& audit);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_EXPORT_COMMAND_H_
