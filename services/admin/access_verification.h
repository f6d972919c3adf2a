// SPDX-License-Identifier: Apache-2.0
// The journal of reads in a data directory.
#ifndef PUHUI_SERVICES_ADMIN_ACCESS_VERIFICATION_H_
#define PUHUI_SERVICES_ADMIN_ACCESS_VERIFICATION_H_

#include "ledger/engine/recovery.h"

#include "absl/status/status.h"

#include <string>

namespace puhui::services {

// Where it is in a data directory: its signed head and its mark, and its store.
std::string AccessPath(const std::string& data_directory);
std::string AccessStorePath(const std::string& data_directory);

// Hashes all of it again and holds it against `promises`. OK also when there is none, as before it
// was first opened. Changes nothing. Fails: kDataLoss, naming what is damaged; kUnavailable.
absl::Status VerifyAccessDirectory(const std::string& data_directory,
                                   const ledger::Promises& promises);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_ACCESS_VERIFICATION_H_
