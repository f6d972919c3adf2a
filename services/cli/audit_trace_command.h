// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_TRACE_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_TRACE_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// `audit trace`.
void AddAuditTrace(Noun& noun);
// `audit history`.
void AddAuditHistory(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_TRACE_COMMAND_H_
