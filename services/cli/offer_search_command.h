// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_OFFER_SEARCH_COMMAND_H_
#define PUHUI_SERVICES_CLI_OFFER_SEARCH_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// offer search, and offer picture upload and get.
void AddOfferSearchVerbs(Noun& offer);
void AddOfferPictureVerbs(Noun& offer);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_OFFER_SEARCH_COMMAND_H_
