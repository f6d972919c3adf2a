// SPDX-License-Identifier: Apache-2.0
// Any bytes as a note with the signatures of witnesses, and as a verifier key: what parses is what
// is written, and nothing is by a witness who has not signed it.
#include "ledger/base/check.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/signed_note.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace ledger = puhui::ledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ledger::SigningKey key = ledger::SigningKey::FromSeed(std::string(32, 'f'));
  const ledger::NoteKey witness{"w", key.verify_key()};
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto note_key = ledger::ParseNoteKey(bytes, ledger::NoteKeyType::kCosignature);
  if (note_key.ok()) {
    PUHUI_CHECK(ledger::NoteKeyText(note_key->name, ledger::NoteKeyType::kCosignature,
                                    note_key->key) == bytes);
  }
  const auto parts = ledger::ParseSignedNote(bytes);
  if (!parts.ok()) return 0;
  std::string again = absl::StrCat(std::string(parts->text), "\n");
  for (const ledger::NoteSignature& signature : parts->signatures) {
    absl::StrAppend(&again, ledger::SignatureLine(signature.name, signature.hash_and_signature),
                    "\n");
  }
  PUHUI_CHECK(again == bytes);
  const auto found = ledger::FindCosignature(bytes, witness);
  PUHUI_CHECK(!found.ok() || !found->has_value());
  const std::string cosigned =
      ledger::Cosign(bytes, witness.name, key, absl::FromUnixSeconds(1'700'000'000));
  const auto own = ledger::FindCosignature(cosigned, witness);
  // A note that claims a bad signature of the witness is refused, however many good ones it has.
  if (found.ok() && cosigned.size() <= 16'384) PUHUI_CHECK(own.ok() && own->has_value());
  return 0;
}
