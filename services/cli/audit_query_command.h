// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// `audit query`, `audit watch` and `audit statement`.
void AddAuditQueries(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_
