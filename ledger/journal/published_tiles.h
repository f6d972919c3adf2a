// SPDX-License-Identifier: Apache-2.0
// The journal's tree as files that any web server can hand out, in the layout of C2SP tlog-tiles:
//
//   checkpoint                     the signed note; written last
//   tile/<level>/<index>           a complete tile: 256 hashes
//   tile/<level>/<index>.p/<width> the beginning of the last tile of a level
//   tile/entries/<index>[.p/…]     the records of a tile of level 0, each after its length in 2
//   bytes,
//                                  big-endian
//
// An index is written in groups of three digits, all but the last behind an x: x001/x234/067.
#ifndef PUHUI_LEDGER_JOURNAL_PUBLISHED_TILES_H_
#define PUHUI_LEDGER_JOURNAL_PUBLISHED_TILES_H_

#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/prover.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// Below the folder. `width` is how many hashes it has: kTileHashes of a complete one.
std::string PublishedTilePath(const TileId& id, std::size_t width);
std::string PublishedEntriesPath(std::uint64_t index, std::size_t width);

// The tree of the folder's checkpoint, from its files alone. A reader of tiles for its paths is
// PublishedTile.
// Fails: kNotFound without a checkpoint; kDataLoss when the files do not have its root, or none of
// `keys` has signed it; kUnavailable.
absl::StatusOr<MerkleTree> ReadPublishedTree(const std::string& folder, const KeyChain& keys);
// The path from the tree of `first` records to `second`, likewise. It does lead there from what the
// files say of the first: where another root was signed for that, the histories are two.
// Requires: first <= second.size. Fails: as above; kDataLoss when the checkpoint is of fewer
// records, or the files do not lead to `second`.
absl::StatusOr<std::vector<Hash>> ReadPublishedConsistency(const std::string& folder,
                                                           const KeyChain& keys,
                                                           std::uint64_t first,
                                                           const TreeHead& second);
// Fails: kDataLoss when it is absent or of the wrong size; kUnavailable.
absl::StatusOr<std::string> PublishedTile(const std::string& folder, const TileId& id);

// Keeps a folder behind the journal. Threads: one at a time. Borrows: the prover.
class TilePublisher {
 public:
  struct Options {
    std::string folder;
    bool entries = false;  // The records too: whoever can read the folder reads the ledger.
    VerifyKey key;         // Of the checkpoints.
  };
  TilePublisher(Options options, Prover* prover) : options_(std::move(options)), prover_(prover) {}

  // Writes kPublishedAtOnce files at most towards the head of `note`, which stays the aim until it
  // is reached; then its checkpoint. Returns whether it is. Requires: `store` shows a moment that
  // has the records of `note`. Fails: kFailedPrecondition when the folder holds another history, or
  // more of this one; kDataLoss as the prover; kResourceExhausted, kUnavailable.
  absl::StatusOr<bool> Step(const Readable& store, absl::string_view note);

 private:
  struct Aim {
    std::string note;
    TreeHead head;
    std::uint64_t published = 0;  // Records whose complete tiles are in the folder.
    unsigned level = 0;           // The next tile.
    std::uint64_t index = 0;
  };
  absl::StatusOr<Aim> Begin(const Readable& store, absl::string_view note) const;
  // Writes the aim's next complete tile. False: there are no more.
  absl::StatusOr<bool> WriteNext(const Readable& store);
  absl::Status WritePartial(const Readable& store) const;
  absl::Status WriteEntries(const Readable& store, std::uint64_t index, std::size_t width) const;
  absl::Status WriteFile(const std::string& path, absl::string_view bytes) const;

  const Options options_;
  Prover* const prover_;
  absl::optional<Aim> aim_;
};

// Files that one step writes, besides the partial tiles and the checkpoint.
inline constexpr std::size_t kPublishedAtOnce = 64;

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_PUBLISHED_TILES_H_
