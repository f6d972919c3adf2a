// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/verifier_key.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/checkpoint.h"

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include <string>
#include <vector>

namespace puhui::audit {

absl::StatusOr<ledger::VerifyKey> ParseVerifierKey(absl::string_view text) {
  absl::ConsumeSuffix(&text, "\n");
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  const absl::Status bad =
      absl::InvalidArgumentError("want a key as <name>+<hash, hex>+<key, base 64>");
  if (parts.size() != 3) return bad;
  const absl::StatusOr<std::string> bytes = ledger::FromBase64(parts[2]);
  if (!bytes.ok() || bytes->empty() || bytes->front() != '\x01') return bad;
  PUHUI_ASSIGN_OR_RETURN(const ledger::VerifyKey key,
                         ledger::VerifyKey::FromBytes(absl::string_view(*bytes).substr(1)));
  for (const char c : parts[0]) {
    if (c <= ' ' || c > '~') return bad;
  }
  if (parts[0].empty() || ledger::VerifierKeyText(parts[0], key) != text) return bad;
  return key;
}

absl::StatusOr<std::vector<ledger::VerifyKey>> KeysOfChain(
    absl::string_view chain, absl::Span<const ledger::VerifyKey> trusted) {
  absl::Status failed = absl::DataLossError("there is no key to check the chain with");
  for (const ledger::VerifyKey& key : trusted) {
    const absl::StatusOr<ledger::KeyChain> parsed = ledger::KeyChain::Parse(chain, key);
    failed = parsed.status();
    if (!parsed.ok()) continue;
    std::vector<ledger::VerifyKey> keys(trusted.begin(), trusted.end());
    keys.insert(keys.end(), parsed->keys().begin(), parsed->keys().end());
    return keys;
  }
  return failed;
}

}  // namespace puhui::audit
