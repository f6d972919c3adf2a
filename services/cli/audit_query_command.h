// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_

#include "puhui/v1/audit_service.pb.h"
#include "services/cli/noun.h"

#include <CLI/CLI.hpp>

namespace puhui::services {

// Which records, by what they are about, when and where they are.
// Borrows: the filter, until the command line is parsed.
void AddRecordFilterFlags(CLI::App& app, v1::RecordFilter* filter);
// Which account, and of what time. Borrows: as above.
void AddAccountStatementFlags(CLI::App& app, v1::GetAccountStatementRequest& request);

// `audit query`, `audit watch` and `audit statement`.
void AddAuditQueries(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_
