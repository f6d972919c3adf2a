// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_RECORD_KINDS_H_
#define PUHUI_SERVICES_CLI_RECORD_KINDS_H_

#include "absl/strings/string_view.h"

#include <string>
#include <vector>

namespace puhui::services {

// What a record may be, as RecordView.kind says it, such as "entry/purchase" or
// "merchant_registered", in the order of the journal's numbers.
const std::vector<std::string>& RecordKinds();

// Whether records may be asked for by it: one of those, or "entry" or "member_changed" for all.
bool IsRecordKind(absl::string_view text);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RECORD_KINDS_H_
