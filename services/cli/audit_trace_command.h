// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_TRACE_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_TRACE_COMMAND_H_

#include "puhui/v1/audit_service.pb.h"
#include "services/cli/noun.h"

#include <CLI/CLI.hpp>

namespace puhui::services {

// Of which record the points are followed, and which way; whose history is told.
// Borrows: the request, until the command line is parsed.
void AddTraceFlags(CLI::App& app, v1::TracePointsRequest& request);
void AddHistoryFlags(CLI::App& app, v1::GetHistoryRequest& request);

// `audit trace`.
void AddAuditTrace(Noun& noun);
// `audit history`.
void AddAuditHistory(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_TRACE_COMMAND_H_
