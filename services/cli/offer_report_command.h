// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_OFFER_REPORT_COMMAND_H_
#define PUHUI_SERVICES_CLI_OFFER_REPORT_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// What members make of offers: offer report, top and unused.
void AddOfferReportVerbs(Noun& offer);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_OFFER_REPORT_COMMAND_H_
