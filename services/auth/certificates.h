// SPDX-License-Identifier: Apache-2.0
// Judges certificate files before they are put to use: a server that took a broken pair would turn
// everybody away.
#ifndef PUHUI_SERVICES_AUTH_CERTIFICATES_H_
#define PUHUI_SERVICES_AUTH_CERTIFICATES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace puhui::services {

// Refuses: kFailedPrecondition, saying what is wrong and never a part of the key, unless the chain
// begins with a certificate of `key_pem`, each further certificate has signed the one before, and
// all are valid at `now`.
absl::Status CheckKeyPair(absl::string_view chain_pem, absl::string_view key_pem, absl::Time now);

// Refuses: kFailedPrecondition unless `pem` holds one or more CA certificates that are valid at
// `now`.
absl::Status CheckAuthorities(absl::string_view pem, absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_CERTIFICATES_H_
