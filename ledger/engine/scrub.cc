// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/scrub.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/account_queries.h"
#include "ledger/journal/journal_reader.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::ledger {
namespace {

// One step, over one moment.
class ScrubWork {
 public:
  explicit ScrubWork(const Readable& moment) : moment_(moment) {}

  absl::Status CheckTile(std::uint64_t index) {
    PUHUI_ASSIGN_OR_RETURN(const absl::optional<std::string> tile, Read({0, index}));
    std::uint64_t records = 0;
    const Sequence first = index * kTileHashes + 1;
    const absl::Status status = ReadRecords(
        moment_, first, kTileHashes,
        [&](Sequence sequence, absl::string_view record) -> absl::StatusOr<bool> {
          const Hash leaf = LeafHash(record);
          ++records;
          if (tile.has_value() && HashAt(*tile, sequence - first) != AsBytes(leaf)) {
            Add(sequence,
                absl::StrCat("record ", sequence, " is not what row ", Row({0, index}), " says"));
          }
          return true;
        });
    PUHUI_RETURN_IF_ERROR(TakeDamage(first, status));
    step_.records += records;
    if (status.ok() && records < kTileHashes) {
      Add(first + records, absl::StrCat("the journal ends before record ", first + records,
                                        ", row ", Row({0, index}), " does not"));
    }
    return tile.has_value() ? CheckAbove({0, index}, *tile) : absl::OkStatus();
  }

  // What is in no complete tile, and the head over everything.
  absl::Status CheckHead(Sequence size, const absl::optional<TreeHead>& head) {
    step_.pass_ended = true;
    const auto read_tile = [this](const TileId& id) { return ReadTile(moment_, id); };
    const absl::StatusOr<MerkleTree> tree =
        MerkleTree::Recover(size, read_tile, [this](Sequence sequence) -> absl::StatusOr<Hash> {
          PUHUI_ASSIGN_OR_RETURN(const std::string record, ReadRecord(moment_, sequence));
          ++step_.records;
          return LeafHash(record);
        });
    PUHUI_RETURN_IF_ERROR(TakeDamage(size - size % kTileHashes + 1, tree.status()));
    if (!tree.ok() || !head.has_value() || head->size > size) return absl::OkStatus();
    const absl::StatusOr<Hash> root = tree->RootAt(head->size, read_tile);
    PUHUI_RETURN_IF_ERROR(TakeDamage(head->size, root.status()));
    if (root.ok() && *root != head->root) {
      Add(1, absl::StrCat("the root over records 1 to ", head->size,
                          " is not the one of the signed checkpoint"));
    }
    return absl::OkStatus();
  }

  ScrubStep Take() { return std::move(step_); }

 private:
  static absl::string_view HashAt(absl::string_view tile, std::uint64_t at) {
    return tile.substr(at * sizeof(Hash), sizeof(Hash));
  }
  static std::string Row(const TileId& id) { return absl::StrCat(ToHex(TileKey(id)), " of tiles"); }
  static Sequence FirstUnder(const TileId& id) {
    std::uint64_t leaves = id.index;
    for (unsigned level = 0; level <= id.level; ++level) leaves *= kTileHashes;
    return leaves + 1;
  }

  // Up from the last tile of each row: the tile above is complete then.
  absl::Status CheckAbove(TileId below, const std::string& tile) {
    const TileId above{static_cast<std::uint8_t>(below.level + 1), below.index / kTileHashes};
    const absl::StatusOr<absl::optional<std::string>> read =
        moment_.Get(Family::kTiles, TileKey(above));
    PUHUI_RETURN_IF_ERROR(TakeDamage(FirstUnder(above), read.status()));
    // CheckHead misses one that should be there.
    if (!read.ok() || !read->has_value()) return absl::OkStatus();
    const std::string& found = **read;
    const std::uint64_t at = below.index % kTileHashes;
    if (found.size() != kTileBytes) {
      Add(FirstUnder(above), absl::StrCat("row ", Row(above), " is cut short"));
      return absl::OkStatus();
    }
    if (HashAt(found, at) != AsBytes(RootOf(tile))) {
      Add(FirstUnder(below), absl::StrCat("row ", Row(above), " is not what row ", Row(below),
                                          " says, from record ", FirstUnder(below), " on"));
    }
    return at + 1 == kTileHashes ? CheckAbove(above, found) : absl::OkStatus();
  }

  static Hash RootOf(absl::string_view tile) {
    std::vector<Hash> row;
    for (std::uint64_t at = 0; at < kTileHashes; ++at) {
      row.push_back(HashFromBytes(HashAt(tile, at)));
    }
    for (; row.size() > 1; row.resize(row.size() / 2)) {
      for (std::size_t at = 0; at < row.size() / 2; ++at) {
        row[at] = NodeHash(row[2 * at], row[2 * at + 1]);
      }
    }
    return row.front();
  }

  absl::StatusOr<absl::optional<std::string>> Read(const TileId& id) {
    absl::StatusOr<std::string> tile = ReadTile(moment_, id);
    if (tile.ok()) return absl::optional<std::string>(*std::move(tile));
    PUHUI_RETURN_IF_ERROR(TakeDamage(FirstUnder(id), tile.status()));
    return absl::optional<std::string>();
  }

  // Damage is a finding; anything else is passed on.
  absl::Status TakeDamage(Sequence sequence, const absl::Status& status) {
    if (!absl::IsDataLoss(status) && !absl::IsNotFound(status)) return status;
    Add(sequence, std::string(status.message()));
    return absl::OkStatus();
  }
  void Add(Sequence sequence, std::string what) {
    step_.findings.push_back({.sequence = sequence, .what = std::move(what)});
  }

  const Readable& moment_;
  ScrubStep step_;
};

}  // namespace

absl::StatusOr<ScrubStep> Scrub::Next(const Readable& moment,
                                      const absl::optional<TreeHead>& head) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence size, AppliedSequence(moment));
  ScrubWork work(moment);
  if (tile_ < size / kTileHashes) {
    PUHUI_RETURN_IF_ERROR(work.CheckTile(tile_));
    ++tile_;
    return work.Take();
  }
  PUHUI_RETURN_IF_ERROR(work.CheckHead(size, head));
  tile_ = 0;
  return work.Take();
}

bool Scrub::PassOver(Sequence sequence) {
  const std::uint64_t tile = (sequence + kTileHashes - 2) / kTileHashes;
  if (sequence == 0 || tile <= tile_) return false;
  tile_ = tile;
  return true;
}

}  // namespace puhui::ledger
