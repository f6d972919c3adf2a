// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_witnesses.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/cosignature.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <set>

namespace puhui::audit {
namespace {

// The hash of the key, a time and a signature.
constexpr std::size_t kCosignatureBytes =
    ledger::kNoteKeyHashBytes + sizeof(std::uint64_t) + ledger::kSignatureBytes;

}  // namespace

absl::Status BundleWitnesses::Look(absl::string_view note, const ledger::Checkpoint& head,
                                   Sequence last) {
  std::set<std::string> names;
  std::set<std::string> keys;
  for (const ledger::NoteKey& witness : wish_.witnesses) {
    PUHUI_ASSIGN_OR_RETURN(const auto signature, ledger::FindCosignature(note, witness));
    // A key that was given twice is one witness.
    if (!signature.has_value() || !keys.insert(witness.key.bytes()).second) continue;
    names.insert(witness.name);
    found_.push_back({head.size, witness.name, /*checked=*/true, signature->time});
  }
  if (head.size >= last) most_ = std::max(most_, keys.size());
  PUHUI_ASSIGN_OR_RETURN(const ledger::SignedNote parts, ledger::ParseSignedNote(note));
  for (const ledger::NoteSignature& signature : parts.signatures) {
    if (signature.hash_and_signature.size() != kCosignatureBytes) continue;
    if (!names.insert(signature.name).second) continue;
    found_.push_back({head.size, signature.name, /*checked=*/false, absl::Time()});
  }
  return absl::OkStatus();
}

absl::Status BundleWitnesses::CheckQuorum() const {
  if (most_ >= wish_.quorum) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("too few witnesses have signed: want ", wish_.quorum, ", found ", most_));
}

absl::StatusOr<ledger::NoteKey> ParseWitnessKey(absl::string_view text) {
  absl::ConsumeSuffix(&text, "\n");
  return ledger::ParseNoteKey(text, ledger::NoteKeyType::kCosignature);
}

}  // namespace puhui::audit
