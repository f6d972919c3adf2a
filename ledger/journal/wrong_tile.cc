// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/wrong_tile.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/prover.h"

#include "absl/status/status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {
namespace {

// The tiles of one level made anew, the others as they are stored.
class TilesMadeAnew {
 public:
  TilesMadeAnew(const Readable& store, unsigned level) : store_(store), level_(level) {}

  absl::StatusOr<std::string> Read(const TileId& id) {
    absl::StatusOr<std::string> stored = ReadTile(store_, id);
    if (id.level != level_) return stored;
    if (!stored.ok() && !absl::IsDataLoss(stored.status())) return stored.status();
    PUHUI_ASSIGN_OR_RETURN(std::string anew, RebuildTile(store_, id));
    if (!stored.ok() || *stored != anew) wrong_ = id;
    return anew;
  }
  // The last that is stored otherwise, of those that were read.
  const absl::optional<TileId>& wrong() const { return wrong_; }

 private:
  const Readable& store_;
  const unsigned level_;
  absl::optional<TileId> wrong_;
};

// Whether they lead from the record to the head. Fails: kDataLoss when they cannot be read.
absl::StatusOr<bool> LeadToHead(const Readable& store, const TreeHead& head, Sequence sequence,
                                TilesMadeAnew* tiles) {
  const auto leaf_of = [&store](Sequence at) -> absl::StatusOr<Hash> {
    PUHUI_ASSIGN_OR_RETURN(const std::string record, ReadRecord(store, at));
    return LeafHash(record);
  };
  const auto read = [tiles](const TileId& id) { return tiles->Read(id); };
  PUHUI_ASSIGN_OR_RETURN(const MerkleTree tree, MerkleTree::Recover(head.size, read, leaf_of));
  PUHUI_ASSIGN_OR_RETURN(const Hash leaf, leaf_of(sequence));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<Hash> path,
                         tree.InclusionPath(sequence - 1, head.size, read));
  return VerifyInclusion(leaf, sequence - 1, head.size, path, head.root);
}

}  // namespace

absl::StatusOr<absl::optional<TileId>> FindWrongTile(const Readable& store, const TreeHead& head,
                                                     Sequence sequence) {
  PUHUI_CHECK(1 <= sequence && sequence <= head.size);
  PUHUI_RETURN_IF_ERROR(ReadRecord(store, sequence).status());
  unsigned level = 0;
  for (std::uint64_t tiles = head.size / kTileHashes; tiles > 0; tiles /= kTileHashes, ++level) {
    TilesMadeAnew anew(store, level);
    const absl::StatusOr<bool> lead = LeadToHead(store, head, sequence, &anew);
    if (!lead.ok() && !absl::IsDataLoss(lead.status())) return lead.status();
    if (lead.ok() && *lead && anew.wrong().has_value()) return anew.wrong();
  }
  return absl::optional<TileId>();
}

}  // namespace puhui::ledger
