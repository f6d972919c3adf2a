// SPDX-License-Identifier: Apache-2.0
// Who signs the heads of the journal besides us, as the configuration says it.
#ifndef PUHUI_SERVICES_SERVER_WITNESS_SETTINGS_H_
#define PUHUI_SERVICES_SERVER_WITNESS_SETTINGS_H_

#include "puhui/config/v1/server_config.pb.h"
#include "services/audit/witness_shelf.h"
#include "services/server/data_directory.h"

#include "absl/status/status.h"

namespace puhui::services {

// Fills in the quorum. Fails: kInvalidArgument, naming the key.
absl::Status SettleWitnesses(config::v1::ServerConfig* config);

// Requires: SettleWitnesses has accepted the configuration. `key` is of our checkpoints.
WitnessShelf::Options WitnessShelfOptions(const config::v1::ServerConfig& config,
                                          const LedgerKeys& keys);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_WITNESS_SETTINGS_H_
