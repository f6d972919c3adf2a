// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_CSR_H_
#define PUHUI_SERVICES_CLI_CSR_H_

#include "absl/status/statusor.h"

#include <string>

namespace puhui::services {

// A private key, and the request to have it certified.
struct SigningRequest {
  std::string key_pem;  // PKCS #8, not encrypted. A secret.
  std::string csr_pem;  // PKCS #10.
};

// Makes a fresh P-256 key and a request for `common_name`, signed with it.
// Fails: kInternal when OpenSSL does, kInvalidArgument when the name does not fit a certificate.
absl::StatusOr<SigningRequest> MakeSigningRequest(const std::string& common_name);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_CSR_H_
