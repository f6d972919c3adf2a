// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_PROOF_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_PROOF_COMMAND_H_

#include "services/cli/noun.h"

namespace puhui::services {

// `puhui audit prove-inclusion` and `prove-consistency`: proofs that are checked here, against
// heads that the ledger has signed, and not believed.
void AddAuditProofs(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_PROOF_COMMAND_H_
