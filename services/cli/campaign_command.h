// SPDX-License-Identifier: Apache-2.0
// What the four files of the noun `campaign` share.
#ifndef PUHUI_SERVICES_CLI_CAMPAIGN_COMMAND_H_
#define PUHUI_SERVICES_CLI_CAMPAIGN_COMMAND_H_

#include "puhui/v1/campaign_service.pb.h"
#include "services/cli/noun.h"
#include "services/cli/output.h"
#include "services/cli/table.h"

#include <string>
#include <vector>

namespace puhui::services {

// upload-plan and preview.
void AddPlanVerbs(Noun& noun);
// update, submit, approve, reject, pause, resume, cancel.
void AddLifeVerbs(Noun& noun);
// issue and watch.
void AddIssueVerbs(Noun& noun);

void PrintPlan(Output& output, const v1::Plan& plan);
void PrintCampaign(Output& output, const v1::Campaign& campaign);
void PrintIssueProgress(Output& output, const v1::IssueProgress& progress);
// What a run of all or nothing has paused for.
std::string StopText(const v1::RunStop& stop);

// A table of verdicts.
std::vector<Table::Column> VerdictColumns();
void AddVerdicts(Output& output, Table& table,
                 const google::protobuf::RepeatedPtrField<v1::RowVerdict>& verdicts);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_CAMPAIGN_COMMAND_H_
