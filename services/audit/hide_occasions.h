// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_HIDE_OCCASIONS_H_
#define PUHUI_SERVICES_AUDIT_HIDE_OCCASIONS_H_

#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "services/auth/identity.h"

#include "absl/status/status.h"

namespace puhui::services {

// Takes out of a record what says of people why they receive points, where `by` may not know it:
// the occasion and the name of a campaign, what was written about it and its rows, and which rule a
// row of it broke. What a campaign was for at any time until `from` was read counts for all of its
// records.
// Fails: kDataLoss when the record names what does not exist.
absl::Status HideOccasions(const Principal& by, const ledger::Readable& from,
                           journal::v1::Record* record);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_HIDE_OCCASIONS_H_
