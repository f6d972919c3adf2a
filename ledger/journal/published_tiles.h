// SPDX-License-Identifier: Apache-2.0
// The journal's tree as files that any web server can hand out, in the layout of C2SP tlog-tiles:
//
//   checkpoint                     the signed note; written last
//   checkpoint.chain               once its key was replaced: key_chain.h
//   tile/<level>/<index>           a complete tile: 256 hashes
//   tile/<level>/<index>.p/<width> the beginning of the last tile of a level
//   tile/entries/<index>[.p/…]     the records of a tile of level 0, each after its length in 2
//                                  bytes, big-endian
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
#include <functional>
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

// Keeps a folder behind the journal. No checkpoint is put over files that do not have its root: a
// stored tile that is absent or wrong is reported, and made anew from its records for the folder.
// In the store, which is the writer's, it stays as it is. What was written and is no longer there,
// because the folder was emptied or another was put in its place, is written anew.
// Threads: one at a time. Owns: a tree of 10 to 30 KB, twice. Borrows: the prover.
class TilePublisher {
 public:
  struct Options {
    std::string folder;
    bool entries = false;      // The records too: whoever can read the folder reads the ledger.
    KeyChain keys;             // That signed the ledger's checkpoints.
    std::string chain_file{};  // That says so, for who reads the folder; empty: none.
    // As the prover's: of stored tiles.
    std::function<void(const absl::Status&)> on_damage{};
    // Of the folder: that it is written anew, and why.
    std::function<void(absl::string_view)> say{};
  };
  TilePublisher(Options options, Prover* prover) : options_(std::move(options)), prover_(prover) {}

  // Writes kPublishedAtOnce tiles of level 0 at most, and those that they complete, towards the
  // head of `note`, which stays the aim until it is reached; then its checkpoint. Returns whether
  // it is. A folder whose files do not have the root of its checkpoint is written anew.
  // Requires: `store` shows a moment that has the records of `note`. Fails: kFailedPrecondition
  // when the folder holds another history, or more of this one; kDataLoss as the prover, and from
  // then on when the records do not have the root of `note`; kResourceExhausted, kUnavailable.
  absl::StatusOr<bool> Step(const Readable& store, absl::string_view note);

 private:
  struct Aim {
    std::string note;
    TreeHead head;
    MerkleTree tree{};              // Of what is in the folder and in `completed`.
    std::vector<Tile> completed{};  // To be written.
    bool from_records = false;      // The stored tiles have led to another root.
    absl::Status damage{};          // The first stored tile that is not the one of `tree`.
  };
  // Nothing when the folder is as `note` says.
  absl::StatusOr<absl::optional<Aim>> Begin(const Readable& store, absl::string_view note);
  // Whether `last`, the folder's checkpoint, is of the history that leads to `head`.
  absl::Status CheckHistory(const Readable& store, const TreeHead& head,
                            const Checkpoint& last) const;
  // Brings tree_ to the folder's checkpoint, or back to nothing.
  absl::Status TakeUp(const Checkpoint& last);
  // Whether the last complete tile that was written is still in the folder.
  bool WrittenIsThere() const;
  // Whether the last of the first `count` tiles of level 0 is.
  bool HasTiles(std::uint64_t count) const;
  // Writes the aim's next tile, and those that it completes. False: there are no more.
  absl::StatusOr<bool> WriteNext(const Readable& store);
  // The first `width` hashes of a tile of level 0.
  absl::StatusOr<std::string> Leaves(const Readable& store, std::uint64_t index,
                                     std::size_t width) const;
  absl::Status WriteTile(const Readable& store, const Tile& tile);
  // Once there are no more: what ends the aim, or begins it again from the records.
  absl::StatusOr<bool> Finish(const Readable& store);
  absl::Status WritePartial(const Readable& store) const;
  absl::Status WriteEntries(const Readable& store, std::uint64_t index, std::size_t width) const;
  absl::Status WriteFile(const std::string& path, absl::string_view bytes) const;

  const Options options_;
  Prover* const prover_;
  MerkleTree tree_;  // Of the folder's checkpoint; of nothing until that was looked at.
  absl::optional<Aim> aim_;
  bool chain_written_ = false;
  absl::Status altered_;  // That the records are not what was signed: a restart is to look again.
};

// Tiles of level 0 that one step writes, besides those above them, the partial ones and the
// checkpoint.
inline constexpr std::size_t kPublishedAtOnce = 64;

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_PUBLISHED_TILES_H_
