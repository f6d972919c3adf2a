// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_REPORT_PAGE_H_
#define PUHUI_SERVICES_CLI_AUDIT_REPORT_PAGE_H_

#include "services/cli/audit_report.h"

#include <string>

namespace puhui::services {

// The report as one page that needs nothing else: no network, no script, drawings within, Chinese
// and English, one of which is shown (the address's #en chooses). Well-formed as XML, and every
// figure is an attribute too: data-figure says of what, data-value the number.
std::string AuditReportPage(const AuditReport& report);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_REPORT_PAGE_H_
