// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/witness.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/signed_note.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::ledger {

namespace {

std::string ChainPath(absl::string_view state_path) { return absl::StrCat(state_path, ".chain"); }

}  // namespace

absl::Status CheckGrowth(const Checkpoint& last, const Checkpoint& next,
                         absl::Span<const Hash> path) {
  if (next.origin != last.origin) {
    return absl::DataLossError(
        absl::StrCat("another log: ", next.origin, " instead of ", last.origin));
  }
  if (next.size < last.size) {
    return absl::DataLossError(
        absl::StrCat("rolled back: ", next.size, " records after ", last.size));
  }
  if (next.size == last.size && next.root != last.root) {
    return absl::DataLossError(
        absl::StrCat("a fork: another root of the same ", last.size, " records"));
  }
  if (!VerifyConsistency({last.size, last.root}, {next.size, next.root}, path)) {
    return absl::DataLossError(absl::StrCat(
        "a fork: ", next.size, " records do not begin with the ", last.size, " that were signed"));
  }
  return absl::OkStatus();
}

Witness::Witness(Options options) : options_(std::move(options)), log_keys_(options_.log_key) {}

absl::StatusOr<Witness> Witness::Open(Options options) {
  if (!IsNoteKeyName(options.name)) {
    return absl::InvalidArgumentError("want a name of printable ASCII without spaces and '+'");
  }
  Witness witness(std::move(options));
  const Options& own = witness.options_;
  PUHUI_ASSIGN_OR_RETURN(auto chain, ReadWholeFile(ChainPath(own.state_path), kKeyChainBytesMax));
  if (chain.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(witness.log_keys_, KeyChain::Parse(*chain, own.log_key));
    witness.chain_file_ = *std::move(chain);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto note, ReadWholeFile(own.state_path, kCheckpointBytesMax));
  if (!note.has_value()) return witness;
  PUHUI_ASSIGN_OR_RETURN(witness.last_, ParseCheckpoint(*note, witness.log_keys_));
  PUHUI_ASSIGN_OR_RETURN(const auto signature,
                         FindCosignature(*note, {own.name, own.key.verify_key()}));
  if (!signature.has_value()) {
    return absl::DataLossError(absl::StrCat(own.state_path, " is not of this witness"));
  }
  witness.last_note_ = *note;
  return witness;
}

absl::Status Witness::Follow(absl::string_view chain_file) {
  if (chain_file == chain_file_) return absl::OkStatus();
  if (!absl::StartsWith(chain_file, chain_file_)) {
    return absl::DataLossError("the chain of its keys does not go on from the one before");
  }
  PUHUI_ASSIGN_OR_RETURN(KeyChain keys, KeyChain::Parse(chain_file, options_.log_key));
  // Before anything is signed under a new key: without it the state could not be read again.
  PUHUI_RETURN_IF_ERROR(WriteFileDurably(ChainPath(options_.state_path), chain_file));
  log_keys_ = std::move(keys);
  chain_file_ = std::string(chain_file);
  return absl::OkStatus();
}

absl::StatusOr<std::string> Witness::Sign(absl::string_view note, absl::Span<const Hash> path,
                                          absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(const Checkpoint next, ParseCheckpoint(note, log_keys_));
  if (last_ == next) return last_note_;
  if (last_.has_value()) PUHUI_RETURN_IF_ERROR(CheckGrowth(*last_, next, path));
  std::string signed_note = Cosign(note, options_.name, options_.key, now);
  // Remembered before it is shown: what somebody has seen must never be forgotten.
  PUHUI_RETURN_IF_ERROR(WriteFileDurably(options_.state_path, signed_note));
  last_ = next;
  last_note_ = signed_note;
  return signed_note;
}

}  // namespace puhui::ledger
