// SPDX-License-Identifier: Apache-2.0
// What witnesses have signed of the journal's heads. It lies beside the journal, and nothing waits
// for it.
#ifndef PUHUI_SERVICES_AUDIT_WITNESS_SHELF_H_
#define PUHUI_SERVICES_AUDIT_WITNESS_SHELF_H_

#include "ledger/base/mutex.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/signed_note.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// So long one head is held out to all witnesses, so that they sign the same.
inline constexpr absl::Duration kPendingFor = absl::Minutes(1);

// Threads: safe; what is handed in waits for the disk.
class WitnessShelf {
 public:
  struct Options {
    std::string path;                          // Of the file with the last final note.
    ledger::KeyChain keys;                     // That signed the ledger's checkpoints.
    std::string chain_file{};                  // That says so, for witnesses to follow.
    std::vector<ledger::NoteKey> witnesses{};  // At most ledger::kWitnessesMax, of different keys.
    std::size_t quorum = 0;                    // From 1 to as many as there are, if there are any.
  };
  // Reads what was final; a file that is absent, damaged or too few have signed says nothing is.
  explicit WitnessShelf(Options options);

  struct Standing {
    std::string final_note;
    std::uint64_t final_size = 0;
    std::string pending_note;
  };
  // How it stands at `now`, when `latest` is the last checkpoint that was signed, or empty.
  Standing At(absl::string_view latest, absl::Time now);

  // Takes the signatures of witnesses under `note`, the pending head or the final one, to which the
  // quorum may have come meanwhile. Those under another are good for nothing, and no harm. Returns
  // how many records are final.
  // Refuses: kInvalidField when it is not a checkpoint of ours, has a bad signature, or none of a
  // witness. Fails: kUnavailable, kResourceExhausted when the file cannot be written.
  absl::StatusOr<std::uint64_t> Add(absl::string_view note);

  std::uint64_t final_size() const;
  std::size_t quorum() const { return options_.quorum; }
  const std::string& chain_file() const { return options_.chain_file; }

 private:
  // Lines of witnesses, by the witness's place in the options.
  using Signatures = std::vector<std::pair<std::size_t, std::string>>;
  absl::StatusOr<Signatures> SignaturesUnder(absl::string_view note) const;
  void ReadFinal();
  // Those under the final head that are not there yet.
  absl::Status AddToFinal(const Signatures& signatures) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::uint64_t SizeOf(absl::string_view note) const;

  const Options options_;
  mutable Mutex mutex_;
  std::string final_note_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t final_size_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<std::size_t> final_by_ ABSL_GUARDED_BY(mutex_);
  std::string pending_note_ ABSL_GUARDED_BY(mutex_);
  std::set<std::size_t> pending_by_ ABSL_GUARDED_BY(mutex_);
  absl::Time pending_since_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_WITNESS_SHELF_H_
