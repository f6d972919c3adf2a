// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_REJECTED_ROWS_H_
#define PUHUI_SERVICES_CLI_REJECTED_ROWS_H_

#include "puhui/v1/member_service.pb.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <string>
#include <vector>

namespace puhui::services {

// Writes the rows of a roster that were refused to a file of the same columns and one more, which
// says why and which an import skips: correct the rows and import that file. Only its owner may
// read it. Requires: `refused` are in the order of the lines of `roster`, which an import has
// taken. Fails: as WriteFileDurably.
absl::Status WriteRejectedRows(absl::string_view roster,
                               const std::vector<v1::MemberRowResult>& refused,
                               const std::string& path);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_REJECTED_ROWS_H_
