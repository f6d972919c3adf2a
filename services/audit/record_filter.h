// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_RECORD_FILTER_H_
#define PUHUI_SERVICES_AUDIT_RECORD_FILTER_H_

#include "audit/core/filter.h"
#include "ledger/storage/store.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/audit/subtrees.h"
#include "services/auth/identity.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// Reads a filter. Whoever does not see the whole ledger has to name a union in its scope. What else
// is named and is not there, or not the caller's to see, is in no record that it gets. Of an
// auditor with a mandate the filter is of its time. Requires: `store` is a snapshot. Refuses:
// INVALID_FIELD, NOT_FOUND.
absl::StatusOr<audit::Filter> ReadRecordFilter(const Principal& principal,
                                               const v1::RecordFilter& asked,
                                               const ledger::Readable& store, Subtrees* subtrees);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_RECORD_FILTER_H_
