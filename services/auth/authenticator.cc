// SPDX-License-Identifier: Apache-2.0
#include "services/auth/authenticator.h"

#include "ledger/core/refusal.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <memory>
#include <vector>

namespace puhui::services {
namespace {

absl::Status Unauthenticated(absl::string_view message) {
  return ledger::ToStatus(
      {.reason = ledger::Reason::kUnauthenticated, .message = std::string(message)});
}

}  // namespace

absl::StatusOr<Principal> SpiffeAuthenticator::Authenticate(
    const grpc::ServerContextBase& context) const {
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) {
    return Unauthenticated("a client certificate is required");
  }
  const std::vector<grpc::string_ref> uris = peer->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME);
  if (uris.size() != 1) return Unauthenticated("want a certificate with exactly one URI");
  return ParseSpiffeUri(absl::string_view(uris[0].data(), uris[0].size()), trust_domain_);
}

}  // namespace puhui::services
