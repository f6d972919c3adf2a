// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_RECORD_FILTER_H_
#define PUHUI_SERVICES_AUDIT_RECORD_FILTER_H_

#include "audit/core/filter.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/auth/identity.h"
#include "services/auth/policy.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>
#include <vector>

namespace puhui::services {

// A union that the caller may see, and all below it, by number, ascending. Requires: `store` is a
// snapshot. Refuses: INVALID_FIELD (`field`), NOT_FOUND.
absl::StatusOr<std::vector<UnionNumber>> SubtreeOf(const Principal& principal,
                                                   const std::string& name, absl::string_view field,
                                                   const ledger::Readable& store,
                                                   const UnionTree& tree);

// Reads a filter. Whoever does not see the whole ledger has to name a union in its scope. What else
// is named and is not there, or not the caller's to see, is in no record that it gets. Of an
// auditor with a mandate the filter is of its time. Requires: `store` is a snapshot. Refuses:
// INVALID_FIELD, NOT_FOUND.
absl::StatusOr<audit::Filter> ReadRecordFilter(const Principal& principal,
                                               const v1::RecordFilter& asked,
                                               const ledger::Readable& store,
                                               const UnionTree& tree);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_RECORD_FILTER_H_
