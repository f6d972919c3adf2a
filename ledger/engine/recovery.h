// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_RECOVERY_H_
#define PUHUI_LEDGER_ENGINE_RECOVERY_H_

#include "ledger/engine/fold.h"
#include "ledger/engine/group.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/high_water.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::ledger {

// What was promised outside the journal about how far it goes.
struct Promises {
  absl::optional<Checkpoint> checkpoint{};  // Signed, synced at intervals.
  absl::optional<HighWater> high_water{};   // After every append; may be lost with the power.
};

// Whether the views may be believed. When a row of one was found damaged, none is.
enum class Views : std::uint8_t { kBelieved, kDoubted };

struct Recovered {
  Position end;
  MerkleTree tree;
  Sequence applied = 0;        // Where the views stood.
  std::uint64_t replayed = 0;  // Records folded again.
  std::uint64_t scanned = 0;   // Records whose bytes were checked.
  // Why the views were folded anew, set by who doubted them.
  absl::optional<std::string> rebuilt_because{};

  std::string Summary() const;
};

// Brings the views up to the end of the journal, and makes sure that the journal is whole: it goes
// as far as was promised, with the same root, without a gap, and the newest kRecoveryScanRecords
// records are undamaged. A tail that nobody was told about has gone with the store's own recovery.
//
// Doubted views are thrown away and folded anew, but only after all of what they are folded from,
// and of the vault, has been read. Views that were believed and do not fit the journal become
// doubtful: `fold` tells (TableSet::OnDoubt).
// Fails: kDataLoss, naming the first sequence that is missing, damaged or altered, or the damaged
// table; nothing is answered then.
absl::StatusOr<Recovered> Recover(Store& store, Fold& fold, const Promises& promises,
                                  Views views = Views::kBelieved);

// Records are folded in steps of this many bytes, so that a replay does not hold all its rows in
// memory: a record may change a row, or thousands.
inline constexpr std::uint64_t kReplayStepBytes = std::uint64_t{1} << 20;
inline constexpr std::uint64_t kRecoveryScanRecords = 1'000'000;

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_RECOVERY_H_
