// SPDX-License-Identifier: Apache-2.0
// Reports, which two nouns have.
#ifndef PUHUI_SERVICES_CLI_REPORT_COMMAND_H_
#define PUHUI_SERVICES_CLI_REPORT_COMMAND_H_

#include "services/cli/noun.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// report and expiring, of a campaign.
void AddCampaignReportVerbs(Noun& noun);
// report, of a union and all below it.
void AddUnionReportVerb(Noun& noun);

// What `part` is of `whole` in percent, cut to a tenth: "33.3%". "-" when there is no whole.
std::string PercentText(std::int64_t part, std::int64_t whole);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_REPORT_COMMAND_H_
