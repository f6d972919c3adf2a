// SPDX-License-Identifier: Apache-2.0
// Who signs the heads of somebody else's journal, and only while that grows: the rule of C2SP
// tlog-witness.
#ifndef PUHUI_LEDGER_JOURNAL_WITNESS_H_
#define PUHUI_LEDGER_JOURNAL_WITNESS_H_

#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/merkle.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <string>

namespace puhui::ledger {

// Whether a log that showed `last` may show `next`, to which `path` leads from there.
// Refuses: kDataLoss, with what is wrong: another log, fewer records (it was put back), as many
// with another root or more that do not begin with those (a fork).
absl::Status CheckGrowth(const Checkpoint& last, const Checkpoint& next,
                         absl::Span<const Hash> path);

// One witness of one log. Threads: one at a time. Owns: its state file, which nobody else writes.
class Witness {
 public:
  struct Options {
    std::string name;  // As in its verifier key.
    SigningKey key;
    VerifyKey log_key;       // One of those that sign, or signed.
    std::string state_path;  // Keeps the last note that it signed; with .chain, the log's keys.
  };
  // Fails: kInvalidArgument for a name that cannot be one; kDataLoss when the state is not of this
  // witness and this log: without it a fork could not be told; kUnavailable.
  static absl::StatusOr<Witness> Open(Options options);

  // The last head that it signed; absl::nullopt: none, so the next is believed.
  const absl::optional<Checkpoint>& last() const { return last_; }
  // With its signature; empty: none.
  const std::string& last_note() const { return last_note_; }

  // Goes on with the log's keys as it shows them now, the file checkpoint.chain or nothing; they
  // are on the disk by then. Refuses: as KeyChain::Parse, and kDataLoss for one that does not begin
  // as the last did: it was put back, or somebody with an earlier key has made his own.
  absl::Status Follow(absl::string_view chain_file);
  const KeyChain& log_keys() const { return log_keys_; }

  // `note` with its signature, which is on the disk by then. The same head again is not signed
  // again. Refuses: as CheckGrowth; kDataLoss when the log has not signed the note. Fails:
  // kResourceExhausted, kUnavailable.
  absl::StatusOr<std::string> Sign(absl::string_view note, absl::Span<const Hash> path,
                                   absl::Time now);

 private:
  explicit Witness(Options options);

  Options options_;
  KeyChain log_keys_;
  std::string chain_file_;
  absl::optional<Checkpoint> last_;
  std::string last_note_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_WITNESS_H_
