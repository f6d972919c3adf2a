// SPDX-License-Identifier: Apache-2.0
// Any bytes: a checkpoint is parsed or refused, and what parses is exactly what the signer writes.
#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using puhui::ledger::Checkpoint;
using puhui::ledger::SigningKey;

constexpr absl::string_view kName = "fuzz";

const SigningKey& Key() {
  static const SigningKey key = SigningKey::FromSeed(std::string(32, 'f'));
  return key;
}

// The prefix of every signature by Key(): `fuzz+<key hash>+…` holds it in hexadecimal.
std::string KeyHash() {
  const std::string text = puhui::ledger::VerifierKeyText(kName, Key().verify_key());
  return *puhui::ledger::FromHex(text.substr(kName.size() + 1, 8));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  PUHUI_CHECK(!puhui::ledger::ParseCheckpoint(bytes, Key().verify_key()).ok());

  // Once more as the text of a note that is signed, or the fuzzer would never get past the
  // signature.
  const std::string note =
      absl::StrCat(bytes, "\n\xE2\x80\x94 ", kName, " ",
                   puhui::ledger::ToBase64(KeyHash() + Key().Sign(bytes)), "\n");
  const absl::StatusOr<Checkpoint> parsed =
      puhui::ledger::ParseCheckpoint(note, Key().verify_key());
  if (parsed.ok()) PUHUI_CHECK(puhui::ledger::SignCheckpoint(*parsed, kName, Key()) == note);
  return 0;
}
