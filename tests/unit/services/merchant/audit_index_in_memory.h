// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_MERCHANT_AUDIT_INDEX_IN_MEMORY_H_
#define PUHUI_TESTS_UNIT_SERVICES_MERCHANT_AUDIT_INDEX_IN_MEMORY_H_

#include "audit/index/audit_index.h"
#include "ledger/storage/memory_store.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <memory>
#include <string>

namespace puhui::services {

// Of an index of auditors that writes nothing into `directory` but the directory.
inline audit::AuditIndex::Options AuditIndexInMemory(const std::string& directory) {
  return {.directory = directory + "/audit-index",
          .open = [](const std::string&) -> absl::StatusOr<std::unique_ptr<ledger::Store>> {
            return std::make_unique<ledger::MemoryStore>();
          },
          .interval = absl::Milliseconds(1)};
}

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_MERCHANT_AUDIT_INDEX_IN_MEMORY_H_
