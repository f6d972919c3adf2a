// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_RECORD_VIEW_H_
#define PUHUI_SERVICES_AUDIT_RECORD_VIEW_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/ledger/names.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// One stored record for people and scripts. Fails: kDataLoss when it cannot be read or names what
// does not exist.
absl::StatusOr<v1::RecordView> ViewOf(Sequence sequence, absl::string_view bytes, Names& names);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_RECORD_VIEW_H_
