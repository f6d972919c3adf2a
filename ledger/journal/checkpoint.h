// SPDX-License-Identifier: Apache-2.0
// Checkpoints: the signed head of the journal, in the form of C2SP tlog-checkpoint (a signed note).
//
//   <origin>
//   <size, decimal>
//   <root, base 64>
//   time <UTC, RFC 3339 with microseconds>
//   <empty line>
//   — <key name> <base 64 of: 4 bytes of key hash ‖ 64 bytes of Ed25519 signature>
//
// The signature is over all lines before the empty one, with their line ends. The key hash is the
// beginning of SHA-256(key name ‖ "\n" ‖ 0x01 ‖ public key). The time is an extension line: other
// readers skip it.
#ifndef PUHUI_LEDGER_JOURNAL_CHECKPOINT_H_
#define PUHUI_LEDGER_JOURNAL_CHECKPOINT_H_

#include "ledger/crypto/hash.h"
#include "ledger/crypto/signing.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::ledger {

inline constexpr std::size_t kCheckpointBytesMax = 16384;

struct Checkpoint {
  std::string origin;      // Which log this is: printable ASCII without a line end, not empty.
  std::uint64_t size = 0;  // The number of records, and so the last sequence.
  Hash root{};
  absl::Time time;  // In whole microseconds.

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The text of the signed note. Sign only what is durable: a lost signed head looks like fraud.
// Requires: origin as above; `key_name` is printable ASCII without spaces and '+', not empty
// (checked).
std::string SignCheckpoint(const Checkpoint& checkpoint, absl::string_view key_name,
                           const SigningKey& key);

// What `key` has signed under any name. Signatures by other keys are allowed and not looked at, so
// that witnesses can add theirs; every signature that claims to be by `key` must be good, and there
// must be one.
// Fails: kDataLoss, with the reason, for any text that SignCheckpoint would not have written, but
// for more signature lines.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view note, const VerifyKey& key);

// How a verifier is told about a key: <name>+<key hash in hex>+<base 64 of 0x01 ‖ public key>, the
// vkey of signed notes.
// Requires: `key_name` as above (checked).
std::string VerifierKeyText(absl::string_view key_name, const VerifyKey& key);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_CHECKPOINT_H_
