// SPDX-License-Identifier: Apache-2.0
// The file that says who receives how many points in a campaign.
#ifndef PUHUI_SERVICES_CLI_PLAN_FILE_H_
#define PUHUI_SERVICES_CLI_PLAN_FILE_H_

#include "puhui/v1/campaign_service.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace puhui::services {

struct PlanFileOptions {
  std::optional<std::int64_t> points;  // For every row, whatever the file says.
  absl::CivilDay today;                // Births after it are refused.
};

struct PlanFile {
  std::vector<v1::PlanRow> rows;      // In the order of the file.
  std::vector<std::uint32_t> lines;   // Where each of them stands in it.
  std::vector<std::string> problems;  // "line 7: points: NOT_A_WHOLE_NUMBER (4 characters)".
};

// Reads a plan: either a whole roster, whose every cell is checked as an import would, or any table
// with a column of members, by external id, member, card or identity card, and one of points; a
// column of reasons is read, others are not looked at. UTF-8 or GB18030, Chinese or English
// headings. What else the file has of people stays here.
// Refuses: kInvalidArgument for a file that cannot be read as such, kOutOfRange above kPlanRowsMax.
absl::StatusOr<PlanFile> ParsePlanFile(absl::string_view bytes, const PlanFileOptions& options);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_PLAN_FILE_H_
