// SPDX-License-Identifier: Apache-2.0
// Whose key signed what the kit saw.
#ifndef PUHUI_SERVICES_CLI_POS_CHECK_SIGNATURE_H_
#define PUHUI_SERVICES_CLI_POS_CHECK_SIGNATURE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <string>

namespace puhui::services {

// The client certificate of a run, with what issued it, and its key; as PEM.
struct PosCheckSigner {
  std::string chain_pem{};
  std::string key_pem{};
};

// What is known of a certificate without asking anybody. Of a file that holds the key as well,
// nothing of the key is in it.
struct SignerNames {
  std::string fingerprint{};   // SHA-256 of the certificate, in hexadecimal.
  std::string identity{};      // Its URI; empty: it has none.
  std::string certificates{};  // It and those that follow, as PEM; nothing else that is among them.
};

// Of the first certificate. Fails: kInvalidArgument when there is none.
absl::StatusOr<SignerNames> NamesOfSigner(absl::string_view chain_pem);

// The signature in base64: ECDSA or RSA over SHA-256, or Ed25519, by the kind of the key.
// Fails: kInvalidArgument, and never with a part of the key, when it cannot be read, or is not that
// of the first certificate.
absl::StatusOr<std::string> SignAs(const PosCheckSigner& signer, absl::string_view text);

// Whether the key of the first certificate signed the text.
bool IsSignedBy(absl::string_view chain_pem, absl::string_view text, absl::string_view base64);

// Refuses: kFailedPrecondition unless one of the authorities issued the first certificate, by those
// that follow it or at once, and all were valid at that time.
absl::Status CheckIssuedBy(absl::string_view authorities_pem, absl::string_view chain_pem,
                           absl::Time at);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_POS_CHECK_SIGNATURE_H_
