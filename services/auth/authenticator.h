// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUTH_AUTHENTICATOR_H_
#define PUHUI_SERVICES_AUTH_AUTHENTICATOR_H_

#include "services/auth/identity.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <grpcpp/server_context.h>

#include <string>

namespace puhui::services {

// Says who makes a call.
// Threads: safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Refuses: kUnauthenticated.
  virtual absl::StatusOr<Principal> Authenticate(const grpc::ServerContextBase& context) const = 0;
};

// Takes the SPIFFE URI from the certificate that the peer proved to hold. It is read anew on every
// call, which costs less than a lock: nothing is kept that could outlive a connection. Threads:
// safe.
class SpiffeAuthenticator final : public Authenticator {
 public:
  explicit SpiffeAuthenticator(absl::string_view trust_domain) : trust_domain_(trust_domain) {}

  // Refuses: kUnauthenticated without a verified certificate, when the certificate has not exactly
  // one URI, and when the URI is none of ours.
  absl::StatusOr<Principal> Authenticate(const grpc::ServerContextBase& context) const override;

 private:
  const std::string trust_domain_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_AUTHENTICATOR_H_
