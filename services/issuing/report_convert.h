// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_REPORT_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_REPORT_CONVERT_H_

#include "issuing/app/participation_rows.h"
#include "ledger/engine/campaign_figures.h"
#include "puhui/v1/report.pb.h"

namespace puhui::services {

v1::Figures ToMessage(const ledger::CampaignFigures& figures, const issuing::Participants& people);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_REPORT_CONVERT_H_
