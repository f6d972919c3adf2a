// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/signed_note.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/checkpoint.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // An em dash and a space.

absl::Status MalformedNote(absl::string_view reason) {
  return absl::DataLossError(absl::StrCat("checkpoint: ", reason));
}

std::string TypedKey(NoteKeyType type, const VerifyKey& key) {
  return absl::StrCat(std::string(1, static_cast<char>(type)), key.bytes());
}

absl::StatusOr<NoteSignature> ParseSignature(absl::string_view line) {
  NoteSignature signature;
  signature.line = line;
  absl::string_view rest = line;
  if (!absl::ConsumePrefix(&rest, kSignaturePrefix)) return MalformedNote("want a signature line");
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(rest, ' ');
  if (!IsNoteKeyName(parts.first)) return MalformedNote("a signature has no key name");
  absl::StatusOr<std::string> bytes = FromBase64(parts.second);
  if (!bytes.ok() || bytes->size() <= kNoteKeyHashBytes ||
      rest.size() != parts.first.size() + 1 + parts.second.size()) {
    return MalformedNote("a signature is not base 64");
  }
  signature.name = std::string(parts.first);
  signature.hash_and_signature = *std::move(bytes);
  return signature;
}

}  // namespace

bool IsNoteKeyName(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return c > ' ' && c <= '~' && c != '+'; });
}

std::string NoteKeyHash(absl::string_view name, NoteKeyType type, const VerifyKey& key) {
  Sha256 sha;
  sha.Update(name);
  sha.Update("\n");
  sha.Update(TypedKey(type, key));
  return std::string(AsBytes(sha.Finish()).substr(0, kNoteKeyHashBytes));
}

std::string NoteKeyText(absl::string_view name, NoteKeyType type, const VerifyKey& key) {
  PUHUI_CHECK(IsNoteKeyName(name));
  return absl::StrCat(name, "+", ToHex(NoteKeyHash(name, type, key)), "+",
                      ToBase64(TypedKey(type, key)));
}

absl::StatusOr<NoteKey> ParseNoteKey(absl::string_view text, NoteKeyType type) {
  const auto malformed = [] {
    return absl::InvalidArgumentError("want a verifier key: <name>+<hash>+<base 64>");
  };
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3 || !IsNoteKeyName(parts[0])) return malformed();
  const absl::StatusOr<std::string> typed = FromBase64(parts[2]);
  if (!typed.ok() || typed->empty() || typed->front() != static_cast<char>(type)) {
    return malformed();
  }
  absl::StatusOr<VerifyKey> key = VerifyKey::FromBytes(absl::string_view(*typed).substr(1));
  if (!key.ok() || NoteKeyText(parts[0], type, *key) != text) return malformed();
  return NoteKey{std::string(parts[0]), *std::move(key)};
}

std::string SignatureLine(absl::string_view name, absl::string_view hash_and_signature) {
  return absl::StrCat(kSignaturePrefix, name, " ", ToBase64(hash_and_signature));
}

absl::StatusOr<SignedNote> ParseSignedNote(absl::string_view note) {
  if (note.size() > kCheckpointBytesMax) return MalformedNote("it is too long");
  const std::size_t gap = note.find("\n\n");
  if (gap == absl::string_view::npos) {
    return MalformedNote("want an empty line before the signatures");
  }
  SignedNote parts{note.substr(0, gap + 1), {}};
  absl::string_view signatures = note.substr(gap + 2);
  if (!absl::ConsumeSuffix(&signatures, "\n")) return MalformedNote("its last line has no end");
  for (const absl::string_view line : absl::StrSplit(signatures, '\n')) {
    PUHUI_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignature(line));
    parts.signatures.push_back(std::move(signature));
  }
  return parts;
}

}  // namespace puhui::ledger
