// SPDX-License-Identifier: Apache-2.0
// What the configuration says of payouts.
#ifndef PUHUI_SERVICES_SERVER_PAYOUT_SETTINGS_H_
#define PUHUI_SERVICES_SERVER_PAYOUT_SETTINGS_H_

#include "puhui/config/v1/server_config.pb.h"
#include "services/payout/payout_parts.h"

#include "absl/status/status.h"

namespace puhui::services {

// Fills in what is not said. Refuses: kInvalidArgument, naming the key.
absl::Status SettlePayouts(config::v1::ServerConfig* config);

// The payer, the rate and the names of files; the rest is for who runs the ledger.
// Requires: SettlePayouts did not refuse (checked).
PayoutParts PayoutPartsOf(const config::v1::ServerConfig& config);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_PAYOUT_SETTINGS_H_
