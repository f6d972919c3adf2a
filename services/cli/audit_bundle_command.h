// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_BUNDLE_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_BUNDLE_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// `puhui audit bundle`: a range of records as a file that is checked without the server.
void AddAuditBundle(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_BUNDLE_COMMAND_H_
