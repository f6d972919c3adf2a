// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_OFFER_TEXT_H_
#define PUHUI_SERVICES_CLI_OFFER_TEXT_H_

#include "puhui/v1/offer.pb.h"
#include "services/cli/output.h"

#include <string>

namespace puhui::services {

// What an offer promises, on one line.
std::string BenefitText(const Output& output, const v1::Offer& offer);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_OFFER_TEXT_H_
