// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/checkpoint.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // An em dash and a space.
constexpr absl::string_view kTimePrefix = "time ";
constexpr absl::string_view kTimeFormat = "%Y-%m-%dT%H:%M:%E6SZ";
constexpr absl::string_view kEd25519Type("\x01", 1);
constexpr std::size_t kKeyHashBytes = 4;
constexpr std::size_t kTextLines = 4;

bool Printable(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool ValidKeyName(absl::string_view name) {
  return Printable(name) && !absl::StrContains(name, ' ') && !absl::StrContains(name, '+');
}

// False also for the infinite times, which ParseTime accepts whatever the format.
bool WholeMicroseconds(absl::Time time) {
  return time == absl::FromUnixMicros(absl::ToUnixMicros(time));
}

std::string KeyHash(absl::string_view name, const VerifyKey& key) {
  Sha256 sha;
  sha.Update(name);
  sha.Update("\n");
  sha.Update(kEd25519Type);
  sha.Update(key.bytes());
  return std::string(AsBytes(sha.Finish()).substr(0, kKeyHashBytes));
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

// Whether `line`, one signature, is a good one by `key` (true), or by some other key (false).
absl::StatusOr<bool> CheckSignature(absl::string_view line, absl::string_view text,
                                    const VerifyKey& key) {
  if (!absl::ConsumePrefix(&line, kSignaturePrefix))
    return MalformedCheckpoint("want a signature line");
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, ' ');
  if (!ValidKeyName(parts.first)) return MalformedCheckpoint("a signature has no key name");
  const absl::StatusOr<std::string> signature = FromBase64(parts.second);
  if (!signature.ok() || signature->size() <= kKeyHashBytes ||
      line.size() != parts.first.size() + 1 + parts.second.size()) {
    return MalformedCheckpoint("a signature is not base 64");
  }
  const absl::string_view bytes = *signature;
  if (bytes.substr(0, kKeyHashBytes) != KeyHash(parts.first, key)) return false;
  if (!key.Verify(text, bytes.substr(kKeyHashBytes))) {
    return MalformedCheckpoint("its signature does not verify");
  }
  return true;
}

}  // namespace

std::string SignCheckpoint(const Checkpoint& checkpoint, absl::string_view key_name,
                           const SigningKey& key) {
  PUHUI_CHECK(Printable(checkpoint.origin));
  PUHUI_CHECK(ValidKeyName(key_name));
  PUHUI_CHECK(WholeMicroseconds(checkpoint.time));
  const std::string text = TextOf(checkpoint);
  const std::string signature = absl::StrCat(KeyHash(key_name, key.verify_key()), key.Sign(text));
  return absl::StrCat(text, "\n", kSignaturePrefix, key_name, " ", ToBase64(signature), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view note, const VerifyKey& key) {
  if (note.size() > kCheckpointBytesMax) return MalformedCheckpoint("it is too long");
  const std::size_t gap = note.find("\n\n");
  if (gap == absl::string_view::npos)
    return MalformedCheckpoint("want an empty line before the signatures");
  const absl::string_view text = note.substr(0, gap + 1);
  absl::string_view signatures = note.substr(gap + 2);
  if (!absl::ConsumeSuffix(&signatures, "\n"))
    return MalformedCheckpoint("its last line has no end");

  bool verified = false;
  for (const absl::string_view line : absl::StrSplit(signatures, '\n')) {
    PUHUI_ASSIGN_OR_RETURN(const bool ours, CheckSignature(line, text, key));
    verified = verified || ours;
  }
  if (!verified) return MalformedCheckpoint("it is not signed by the expected key");
  return ParseText(text);
}

std::string VerifierKeyText(absl::string_view key_name, const VerifyKey& key) {
  PUHUI_CHECK(ValidKeyName(key_name));
  return absl::StrCat(key_name, "+", ToHex(KeyHash(key_name, key)), "+",
                      ToBase64(absl::StrCat(kEd25519Type, key.bytes())));
}

}  // namespace puhui::ledger
