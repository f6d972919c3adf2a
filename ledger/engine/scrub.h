// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_SCRUB_H_
#define PUHUI_LEDGER_ENGINE_SCRUB_H_

#include "ledger/base/id.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

// Something on the disk is not what it was.
struct ScrubFinding {
  Sequence sequence = 0;  // The first record that it may be about.
  std::string what;       // Names the row and the sequence.
};

// What one step of a scrub looked at.
struct ScrubStep {
  std::uint64_t records = 0;
  bool pass_ended = false;  // The next begins at the first record again.
  std::vector<ScrubFinding> findings;
};

// Goes over the journal again and again, a tile's records at a time: hashes them and compares with
// the tile, and the tile's root with the tile above it; at the end of a pass, the root of all tiles
// with a signed head. Disks forget quietly; whoever asks for an old record next year should not be
// the one to find out. Where it stands is one number, so that a restart goes on.
// Threads: none.
class Scrub {
 public:
  // From the tile with that index: position() of an earlier one.
  explicit Scrub(std::uint64_t position = 0) : tile_(position) {}

  // Looks at the next tile, or, where there is none, at what is not in a tile yet, and at the head.
  // `head` vouches for no more than `moment` holds. What is damaged is a finding, and is passed
  // over. Fails: kUnavailable; the next call tries the same again.
  absl::StatusOr<ScrubStep> Next(const Readable& moment, const absl::optional<TreeHead>& head);

  // Goes on with the first tile that has no record before `sequence`. Whether it was before that.
  bool PassOver(Sequence sequence);

  std::uint64_t position() const { return tile_; }

 private:
  std::uint64_t tile_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_SCRUB_H_
