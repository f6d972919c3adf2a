// SPDX-License-Identifier: Apache-2.0
// Drawings of an audit report, as SVG within the page.
#ifndef PUHUI_SERVICES_CLI_AUDIT_REPORT_CHARTS_H_
#define PUHUI_SERVICES_CLI_AUDIT_REPORT_CHARTS_H_

#include "services/cli/audit_report.h"
#include "services/cli/audit_report_words.h"

#include "absl/time/civil_time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {

// A bar for each day.
struct DayChart {
  Words title;
  const char* colour;
  absl::CivilDay first_day;
  std::vector<std::uint64_t> values;
};
std::string DayBars(const DayChart& chart);

// One strip that is as long as all of it, a piece for each account that holds points, and what they
// are.
std::string HoldingStrip(const std::vector<ReportBalance>& balances);

// A bar in a row of a table, `share` of its whole length, from 0 to 1.
std::string RowBar(double share, const char* colour);

// 1 as "1", 2,500,000 as "2.5M".
std::string ShortNumber(std::uint64_t number);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_REPORT_CHARTS_H_
