// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_VERIFIER_KEY_H_
#define PUHUI_AUDIT_BUNDLE_VERIFIER_KEY_H_

#include "ledger/crypto/signing.h"
#include "ledger/journal/key_chain.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <vector>

namespace puhui::audit {

// The key in the text that VerifierKeyText (checkpoint.h) writes, with or without a line end.
// Fails: kInvalidArgument.
absl::StatusOr<ledger::VerifyKey> ParseVerifierKey(absl::string_view text);

// The keys of `trusted`, and those that `chain` leads to from one of them: what checkpoint.chain
// says, empty when there is no such file.
// Fails: kDataLoss, naming the key as "key 3 of the chain: …", as KeyChain::Parse.
absl::StatusOr<std::vector<ledger::VerifyKey>> KeysOfChain(
    absl::string_view chain, absl::Span<const ledger::VerifyKey> trusted);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_VERIFIER_KEY_H_
