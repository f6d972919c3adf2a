// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_REDECIDE_GRANT_H_
#define PUHUI_SERVICES_AUDIT_REDECIDE_GRANT_H_

#include "ledger/storage/store.h"
#include "puhui/v1/redecision.pb.h"
#include "services/auth/identity.h"
#include "services/auth/policy.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// Judges a grant, or a row that broke a rule, once more. A record of a union outside the caller's
// scope is one that is not there, and so is every record that is no such verdict to whoever may not
// see the whole ledger. Requires: `store` is a snapshot.
// Refuses: INVALID_FIELD, NOT_FOUND.
absl::StatusOr<v1::ReDecideGrantResponse> ReDecideGrant(const Principal& principal,
                                                        const v1::ReDecideGrantRequest& request,
                                                        const ledger::Readable& store,
                                                        const UnionTree& tree);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_REDECIDE_GRANT_H_
