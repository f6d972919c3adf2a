// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_WITNESSES_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_WITNESSES_H_

#include "ledger/base/id.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/signed_note.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// Whose signatures a bundle is asked for.
struct WitnessWish {
  std::vector<ledger::NoteKey> witnesses;
  std::size_t quorum = 0;  // So many of them have signed one checkpoint that covers the records.
};

struct FoundCosignature {
  std::uint64_t size = 0;  // Of the checkpoint.
  std::string witness;
  bool checked = false;  // With a key that was given; else nobody vouches for it.
  absl::Time time;       // When it was checked.
};

// What witnesses say under the checkpoints of a bundle. Threads: none.
class BundleWitnesses {
 public:
  explicit BundleWitnesses(WitnessWish wish) : wish_(std::move(wish)) {}

  // Takes the signatures under `note`, which says `head`; `last` is the last record of the bundle.
  // Fails: kDataLoss, when one that claims to be by a key that was given is bad.
  absl::Status Look(absl::string_view note, const ledger::Checkpoint& head, Sequence last);
  // After the last checkpoint. Fails: kDataLoss, when too few have signed.
  absl::Status CheckQuorum() const;
  const std::vector<FoundCosignature>& found() const { return found_; }

 private:
  const WitnessWish wish_;
  std::vector<FoundCosignature> found_;
  std::size_t most_ = 0;  // Under one checkpoint that covers the records.
};

// The key of a witness, as `puhui witness --show` writes it, with or without a line end.
// Fails: kInvalidArgument.
absl::StatusOr<ledger::NoteKey> ParseWitnessKey(absl::string_view text);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_WITNESSES_H_
