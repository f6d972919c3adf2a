// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUTH_CERTIFICATE_AUTHORITY_H_
#define PUHUI_SERVICES_AUTH_CERTIFICATE_AUTHORITY_H_

#include "ledger/base/random.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <memory>
#include <string>

namespace puhui::services {

// Signs the certificates of terminals. What a request asks to be called is ignored: the identity is
// the caller's to give, and the request only proves who holds the key. Threads: safe. Owns: the
// CA's certificate and key.
class CertificateAuthority {
 public:
  // Fails: kFailedPrecondition when the certificate is no CA, not valid at `now`, or not of this
  // key.
  static absl::StatusOr<std::unique_ptr<CertificateAuthority>> Load(
      absl::string_view certificate_pem, absl::string_view key_pem, absl::Time now);
  virtual ~CertificateAuthority() = default;

  // A certificate in PEM for client authentication whose only name is `spiffe_uri`; valid from five
  // minutes before `now`, for clocks that are behind, until `validity` after it, but never longer
  // than the CA. Requires: `spiffe_uri` is one that ParseSpiffeUri reads (its scheme is checked).
  // Refuses: kInvalidField (csr_pem) when it is no request, not signed with its own key, or the key
  // is none of P-256, P-384, Ed25519 and RSA from 2,048 to 8,192 bits.
  // Fails: kInternal when the CA's own certificate is not valid at `now`.
  virtual absl::StatusOr<std::string> SignTerminal(absl::string_view csr_pem,
                                                   absl::string_view spiffe_uri, absl::Time now,
                                                   absl::Duration validity,
                                                   RandomSource& random) const = 0;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_CERTIFICATE_AUTHORITY_H_
