// SPDX-License-Identifier: Apache-2.0
// The journal of reads of a server, beside the ledger.
#ifndef PUHUI_SERVICES_SERVER_OPEN_ACCESSES_H_
#define PUHUI_SERVICES_SERVER_OPEN_ACCESSES_H_

#include "audit/access/access_journal.h"
#include "ledger/base/clock.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "puhui/config/v1/server_config.pb.h"
#include "services/server/data_directory.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// The members stand in the order they depend on each other.
struct Accesses {
  std::unique_ptr<ledger::RocksStore> store;
  std::unique_ptr<ledger::LocalLog> log;
  std::unique_ptr<audit::AccessJournal> journal;

  // Once no call is under way.
  absl::Status Close();
};

// Opens it, or makes it where there is none. Its checkpoints are signed with the ledger's key,
// under an origin of its own. Fails: as AccessJournal::Open and OpenStore.
absl::StatusOr<Accesses> OpenAccesses(const config::v1::ServerConfig& config,
                                      const LedgerKeys& keys, const Clock* clock);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_OPEN_ACCESSES_H_
