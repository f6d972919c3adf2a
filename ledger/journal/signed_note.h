// SPDX-License-Identifier: Apache-2.0
// The form of signed notes (C2SP signed-note): lines of text, an empty line, a line per signature.
//
//   — <key name> <base 64 of: 4 bytes of key hash ‖ signature>
//
// The key hash is the beginning of SHA-256(key name ‖ "\n" ‖ type ‖ public key). A verifier is told
// about a key by its vkey: <name>+<key hash in hex>+<base 64 of type ‖ public key>.
#ifndef PUHUI_LEDGER_JOURNAL_SIGNED_NOTE_H_
#define PUHUI_LEDGER_JOURNAL_SIGNED_NOTE_H_

#include "ledger/crypto/signing.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::ledger {

// What a signature is, as the first byte of a vkey's key says it.
enum class NoteKeyType : char {
  kEd25519 = 0x01,      // Of the text.
  kCosignature = 0x04,  // Of a time and the text (C2SP tlog-cosignature, v1).
};

inline constexpr std::size_t kNoteKeyHashBytes = 4;

// Whether `name` can name a key: printable ASCII without spaces and '+', not empty.
bool IsNoteKeyName(absl::string_view name);

std::string NoteKeyHash(absl::string_view name, NoteKeyType type, const VerifyKey& key);

struct NoteKey {
  std::string name;
  VerifyKey key;
};
// Requires: IsNoteKeyName(name) (checked).
std::string NoteKeyText(absl::string_view name, NoteKeyType type, const VerifyKey& key);
// Fails: kInvalidArgument for what NoteKeyText would not have written for a key of that type.
absl::StatusOr<NoteKey> ParseNoteKey(absl::string_view text, NoteKeyType type);

// A line, without its end.
std::string SignatureLine(absl::string_view name, absl::string_view hash_and_signature);

struct NoteSignature {
  std::string name;
  std::string hash_and_signature;  // More than kNoteKeyHashBytes.
  absl::string_view line;          // Of the note, without its end.
};
struct SignedNote {
  absl::string_view text;  // With the end of its last line.
  std::vector<NoteSignature> signatures;
};
// The parts of `note`, which must outlive them; no signature is checked.
// Fails: kDataLoss, with the reason, when it is not in that form or has more than 16 KiB.
absl::StatusOr<SignedNote> ParseSignedNote(absl::string_view note);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_SIGNED_NOTE_H_
