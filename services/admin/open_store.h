// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_OPEN_STORE_H_
#define PUHUI_SERVICES_ADMIN_OPEN_STORE_H_

#include "ledger/storage/rocks_store.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// As RocksStore::Open. When damage in the log keeps it from opening, the error names the first
// record of the journal that cannot be read.
absl::StatusOr<std::unique_ptr<ledger::RocksStore>> OpenStore(const ledger::RocksOptions& options);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_OPEN_STORE_H_
