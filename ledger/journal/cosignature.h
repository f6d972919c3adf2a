// SPDX-License-Identifier: Apache-2.0
// The signatures of witnesses under a checkpoint, in the form of C2SP tlog-cosignature, v1. The
// signature is 8 bytes of time, in seconds and big-endian, and 64 bytes of Ed25519 over
//
//   cosignature/v1
//   time <seconds, decimal>
//   <the lines of the checkpoint>
//
// A witness says by it that this is the largest head that it has seen, and that it has only grown.
#ifndef PUHUI_LEDGER_JOURNAL_COSIGNATURE_H_
#define PUHUI_LEDGER_JOURNAL_COSIGNATURE_H_

#include "ledger/crypto/signing.h"
#include "ledger/journal/signed_note.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <string>

namespace puhui::ledger {

inline constexpr std::size_t kWitnessesMax = 16;  // Whose signatures fit a note.

// `note` with the signature of a witness added.
// Requires: `note` parses (checked); IsNoteKeyName(name) (checked); `now` is not before 1970.
std::string Cosign(absl::string_view note, absl::string_view name, const SigningKey& key,
                   absl::Time now);

struct Cosignature {
  std::string line;  // Without its end.
  absl::Time time;
};
// The last signature under `note` by that witness; absl::nullopt: none.
// Fails: kDataLoss, with the reason, when one that claims to be by its key is bad, or when the note
// does not parse.
absl::StatusOr<absl::optional<Cosignature>> FindCosignature(absl::string_view note,
                                                            const NoteKey& witness);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_COSIGNATURE_H_
