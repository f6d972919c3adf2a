// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_REPORT_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_REPORT_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// `audit report`.
void AddAuditReport(Noun& audit);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_REPORT_COMMAND_H_
