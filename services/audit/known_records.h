// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_KNOWN_RECORDS_H_
#define PUHUI_SERVICES_AUDIT_KNOWN_RECORDS_H_

#include "audit/index/index_moment.h"
#include "ledger/base/id.h"
#include "services/auth/identity.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// Of the records of a moment, those that a caller may know of: all, or those of its mandate's time.
struct KnownRecords {
  Sequence first = 1;
  Sequence last = 0;  // One less than the first: there are none.
};
// Cost: nothing without a mandate, else a few records. Fails: as the index and the journal.
absl::StatusOr<KnownRecords> KnownTo(const Principal& principal, const audit::IndexMoment& moment);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_KNOWN_RECORDS_H_
