// SPDX-License-Identifier: Apache-2.0
// The keys that have signed one ledger's checkpoints, each handed over by the one before. The file
// `checkpoint.chain` beside the checkpoint has eight lines for each hand-over:
//
//   puhui key succession
//   <number of the new key, from 2>
//   <vkey of the earlier key>
//   <vkey of the new key>
//   time <UTC, RFC 3339 with microseconds>
//   <empty line>
//   — <key name> <base 64 of: 4 bytes of key hash ‖ signature by the earlier key>
//   — <key name> <base 64 of: 4 bytes of key hash ‖ signature by the new key>
//
// Both signatures are over the first five lines with their ends. The earlier key says who comes
// after it, the new one whom it comes after: whoever trusts one of them trusts all.
#ifndef PUHUI_LEDGER_JOURNAL_KEY_CHAIN_H_
#define PUHUI_LEDGER_JOURNAL_KEY_CHAIN_H_

#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// The name of the file in the data directory.
inline constexpr absl::string_view kKeyChainFileName = "checkpoint.chain";
// A key a week for nineteen years.
inline constexpr std::size_t kKeySuccessionsMax = 1'000;

// The eight lines that make `later` the key number `number`, after `earlier`.
// Requires: number >= 2; `key_name` can name a key of a checkpoint (checked).
std::string SignSuccession(std::uint32_t number, absl::string_view key_name,
                           const SigningKey& earlier, const SigningKey& later, absl::Time time);

// Threads: safe.
class KeyChain {
 public:
  // One key that was never replaced.
  explicit KeyChain(VerifyKey only) : keys_{std::move(only)} {}

  // What the file says, empty when there is none, to whoever trusts `trusted`.
  // Fails: kDataLoss, with the reason and the number of the key, for any text that SignSuccession
  // would not have written, or that does not lead from the first key to the last; and when
  // `trusted` is none of them.
  static absl::StatusOr<KeyChain> Parse(absl::string_view file, const VerifyKey& trusted);

  // By number, from 1; the last signs now.
  const std::vector<VerifyKey>& keys() const { return keys_; }

 private:
  std::vector<VerifyKey> keys_;
};

// How often keys were handed over in a file that was not looked at yet: the last key's number, less
// one.
std::size_t SuccessionsIn(absl::string_view file);

// A text of more bytes is no such file.
inline constexpr std::size_t kKeyChainBytesMax = kKeySuccessionsMax * 2'048;

// The file of a data directory; empty when there is none.
// Fails: kDataLoss when it is too large to be one, else kUnavailable.
absl::StatusOr<std::string> ReadKeyChainFile(const std::string& data_directory);
// Adds eight lines, atomically and durably. Fails: as ReadKeyChainFile and WriteFileDurably;
// kResourceExhausted when kKeySuccessionsMax are there.
absl::Status AddSuccession(const std::string& data_directory, absl::string_view lines);

// As ParseCheckpoint with the key of the chain that signed it.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view note, const KeyChain& chain);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_KEY_CHAIN_H_
