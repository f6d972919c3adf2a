// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUTH_MANDATE_POLICY_H_
#define PUHUI_SERVICES_AUTH_MANDATE_POLICY_H_

#include "services/auth/identity.h"
#include "services/auth/rpc.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace puhui::services {

// What an auditor may call who was granted a mandate: without one in force nothing, and else what
// can be narrowed to it, for a purpose that it names. Everybody else is let pass.
// Refuses: kPermissionDenied.
absl::Status AllowByMandate(const Principal& principal, Rpc rpc, absl::string_view purpose);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_MANDATE_POLICY_H_
