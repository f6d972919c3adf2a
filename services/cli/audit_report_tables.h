// SPDX-License-Identifier: Apache-2.0
// The parts of an audit report's page.
#ifndef PUHUI_SERVICES_CLI_AUDIT_REPORT_TABLES_H_
#define PUHUI_SERVICES_CLI_AUDIT_REPORT_TABLES_H_

#include "services/cli/audit_report.h"

#include <string>

namespace puhui::services {

std::string ReportCards(const AuditReport& report);
std::string ReportBalances(const AuditReport& report);
std::string ReportDays(const AuditReport& report);
std::string ReportMovements(const AuditReport& report);
std::string ReportDeclines(const AuditReport& report);
std::string ReportExceptions(const AuditReport& report);
std::string ReportChecks(const AuditReport& report);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_REPORT_TABLES_H_
