// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_VERIFIER_KEY_H_
#define PUHUI_AUDIT_BUNDLE_VERIFIER_KEY_H_

#include "ledger/crypto/signing.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace puhui::audit {

// The key in the text that VerifierKeyText (checkpoint.h) writes, with or without a line end.
// Fails: kInvalidArgument.
absl::StatusOr<ledger::VerifyKey> ParseVerifierKey(absl::string_view text);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_VERIFIER_KEY_H_
