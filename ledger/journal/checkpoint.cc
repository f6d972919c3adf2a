// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/checkpoint.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/signed_note.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <vector>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kTimePrefix = "time ";
constexpr absl::string_view kTimeFormat = "%Y-%m-%dT%H:%M:%E6SZ";
constexpr std::size_t kTextLines = 4;

bool Printable(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// False also for the infinite times, which ParseTime accepts whatever the format.
bool WholeMicroseconds(absl::Time time) {
  return time == absl::FromUnixMicros(absl::ToUnixMicros(time));
}

std::string TextOf(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.origin, "\n", checkpoint.size, "\n", ToBase64(checkpoint.root),
                      "\n", kTimePrefix,
                      absl::FormatTime(kTimeFormat, checkpoint.time, absl::UTCTimeZone()), "\n");
}

absl::Status MalformedCheckpoint(absl::string_view reason) {
  return absl::DataLossError(absl::StrCat("checkpoint: ", reason));
}

// The fields of `text`, which must be spelled as TextOf spells them.
absl::StatusOr<Checkpoint> ParseText(absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() != kTextLines + 1) return MalformedCheckpoint("want four lines");
  Checkpoint checkpoint;
  checkpoint.origin = std::string(lines[0]);
  if (!Printable(checkpoint.origin)) return MalformedCheckpoint("its origin is not printable");
  if (!absl::SimpleAtoi(lines[1], &checkpoint.size))
    return MalformedCheckpoint("its size is no number");
  const absl::StatusOr<std::string> root = FromBase64(lines[2]);
  if (!root.ok() || root->size() != sizeof(Hash)) return MalformedCheckpoint("its root is no hash");
  checkpoint.root = HashFromBytes(*root);
  absl::string_view time = lines[3];
  std::string error;
  if (!absl::ConsumePrefix(&time, kTimePrefix) ||
      !absl::ParseTime(kTimeFormat, time, absl::UTCTimeZone(), &checkpoint.time, &error) ||
      !WholeMicroseconds(checkpoint.time)) {
    return MalformedCheckpoint("its time is not RFC 3339");
  }
  if (TextOf(checkpoint) != text) return MalformedCheckpoint("it is not in its canonical form");
  return checkpoint;
}

// Whether `signature` is a good one by `key` (true), or by some other key (false).
absl::StatusOr<bool> CheckSignature(const NoteSignature& signature, absl::string_view text,
                                    const VerifyKey& key) {
  const absl::string_view bytes = signature.hash_and_signature;
  if (bytes.substr(0, kNoteKeyHashBytes) !=
      NoteKeyHash(signature.name, NoteKeyType::kEd25519, key)) {
    return false;
  }
  if (!key.Verify(text, bytes.substr(kNoteKeyHashBytes))) {
    return MalformedCheckpoint("its signature does not verify");
  }
  return true;
}

}  // namespace

std::string SignCheckpoint(const Checkpoint& checkpoint, absl::string_view key_name,
                           const SigningKey& key) {
  PUHUI_CHECK(Printable(checkpoint.origin));
  PUHUI_CHECK(IsNoteKeyName(key_name));
  PUHUI_CHECK(WholeMicroseconds(checkpoint.time));
  const std::string text = TextOf(checkpoint);
  const std::string signature =
      absl::StrCat(NoteKeyHash(key_name, NoteKeyType::kEd25519, key.verify_key()), key.Sign(text));
  return absl::StrCat(text, "\n", SignatureLine(key_name, signature), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view note, const VerifyKey& key) {
  PUHUI_ASSIGN_OR_RETURN(const SignedNote parts, ParseSignedNote(note));
  bool verified = false;
  for (const NoteSignature& signature : parts.signatures) {
    PUHUI_ASSIGN_OR_RETURN(const bool ours, CheckSignature(signature, parts.text, key));
    verified = verified || ours;
  }
  if (!verified) return MalformedCheckpoint("it is not signed by the expected key");
  return ParseText(parts.text);
}

std::string VerifierKeyText(absl::string_view key_name, const VerifyKey& key) {
  return NoteKeyText(key_name, NoteKeyType::kEd25519, key);
}

}  // namespace puhui::ledger
