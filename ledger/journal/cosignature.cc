// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/cosignature.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include "absl/base/internal/endian.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <cstddef>
#include <cstdint>

namespace puhui::ledger {
namespace {

constexpr std::size_t kTimeBytes = sizeof(std::uint64_t);
// C2SP: a time is below 2^63.
constexpr std::uint64_t kSecondsMax = std::uint64_t{1} << 63;

std::string Message(std::uint64_t seconds, absl::string_view text) {
  return absl::StrCat("cosignature/v1\ntime ", seconds, "\n", text);
}

}  // namespace

std::string Cosign(absl::string_view note, absl::string_view name, const SigningKey& key,
                   absl::Time now) {
  const absl::StatusOr<SignedNote> parts = ParseSignedNote(note);
  PUHUI_CHECK(parts.ok());
  PUHUI_CHECK(IsNoteKeyName(name));
  const auto seconds = static_cast<std::uint64_t>(absl::ToUnixSeconds(now));
  std::string time(kTimeBytes, '\0');
  absl::big_endian::Store64(time.data(), seconds);
  const std::string signature =
      absl::StrCat(NoteKeyHash(name, NoteKeyType::kCosignature, key.verify_key()), time,
                   key.Sign(Message(seconds, parts->text)));
  return absl::StrCat(note, SignatureLine(name, signature), "\n");
}

absl::StatusOr<absl::optional<Cosignature>> FindCosignature(absl::string_view note,
                                                            const NoteKey& witness) {
  PUHUI_ASSIGN_OR_RETURN(const SignedNote parts, ParseSignedNote(note));
  const std::string key_hash = NoteKeyHash(witness.name, NoteKeyType::kCosignature, witness.key);
  absl::optional<Cosignature> found;
  for (const NoteSignature& signature : parts.signatures) {
    absl::string_view bytes = signature.hash_and_signature;
    if (signature.name != witness.name || bytes.substr(0, kNoteKeyHashBytes) != key_hash) continue;
    bytes.remove_prefix(kNoteKeyHashBytes);
    if (bytes.size() != kTimeBytes + kSignatureBytes) {
      return absl::DataLossError("checkpoint: a cosignature has the wrong length");
    }
    const std::uint64_t seconds = absl::big_endian::Load64(bytes.data());
    if (seconds >= kSecondsMax ||
        !witness.key.Verify(Message(seconds, parts.text), bytes.substr(kTimeBytes))) {
      return absl::DataLossError("checkpoint: a cosignature does not verify");
    }
    found = Cosignature{std::string(signature.line),
                        absl::FromUnixSeconds(static_cast<std::int64_t>(seconds))};
  }
  return found;
}

}  // namespace puhui::ledger
