// SPDX-License-Identifier: Apache-2.0
// Any bytes: a chain of checkpoint keys is read or refused; one that was changed anywhere is
// refused.
#include "ledger/base/check.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/key_chain.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using puhui::ledger::KeyChain;
using puhui::ledger::SigningKey;

SigningKey KeyOfSeed(char seed) { return SigningKey::FromSeed(std::string(32, seed)); }

const puhui::ledger::VerifyKey& Trusted() {
  static const SigningKey key = KeyOfSeed('f');
  return key.verify_key();
}

// Two hand-overs from the trusted key on.
const std::string& WholeChain() {
  static const std::string chain = absl::StrCat(
      puhui::ledger::SignSuccession(2, "fuzz", KeyOfSeed('f'), KeyOfSeed('g'), absl::UnixEpoch()),
      puhui::ledger::SignSuccession(3, "fuzz", KeyOfSeed('g'), KeyOfSeed('h'), absl::UnixEpoch()));
  return chain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Nobody finds a signature: what is read is a beginning of what was signed.
  if (KeyChain::Parse(bytes, Trusted()).ok()) PUHUI_CHECK(absl::StartsWith(WholeChain(), bytes));

  // Once more as what is done to a good one: two bytes say where, the third what.
  std::string changed = WholeChain();
  for (std::size_t at = 0; at + 2 < size; at += 3) {
    char& byte = changed[(data[at] * std::size_t{256} + data[at + 1]) % changed.size()];
    byte = static_cast<char>(byte ^ data[at + 2]);
  }
  PUHUI_CHECK(KeyChain::Parse(changed, Trusted()).ok() == (changed == WholeChain()));
  return 0;
}
