// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/published_tiles.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/journal_reader.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

constexpr unsigned kLevelBits = 8;  // 2^8 == kTileHashes.
constexpr unsigned kLevels = 8;
constexpr std::size_t kEntryBytesMax = 65'535;  // What two bytes of length can say.

std::uint64_t HashesOfLevel(std::uint64_t size, unsigned level) {
  return level < kLevels ? size >> (kLevelBits * level) : 0;
}

std::string IndexPath(std::uint64_t index) {
  std::string path = absl::StrFormat("%03d", index % 1'000);
  for (index /= 1'000; index > 0; index /= 1'000) {
    path = absl::StrFormat("x%03d/%s", index % 1'000, path);
  }
  return path;
}

std::string Widened(std::string path, std::size_t width) {
  return width == kTileHashes ? path : absl::StrCat(path, ".p/", width);
}

// Makes what is not there of a directory in `folder`. A web server of somebody else goes through
// it, whatever the mask of the process says; who may enter the folder itself is its owner's to say.
absl::Status MakeOpenDirectory(const std::filesystem::path& folder,
                               const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return absl::OkStatus();
  if (directory == folder) {
    std::filesystem::create_directories(folder, error);
  } else {
    PUHUI_RETURN_IF_ERROR(MakeOpenDirectory(folder, directory.parent_path()));
    // Open before it has its name: a crash leaves none behind that stays shut.
    const std::filesystem::path temporary = absl::StrCat(directory.string(), ".tmp");
    std::filesystem::create_directory(temporary, error);
    if (!error) std::filesystem::permissions(temporary, std::filesystem::perms{0755}, error);
    if (!error) std::filesystem::rename(temporary, directory, error);
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot make ", directory.string()));
}

absl::StatusOr<std::string> ReadPublishedFile(const std::string& path, std::size_t bytes) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<std::string> read, ReadWholeFile(path, bytes));
  if (!read.has_value() || read->size() != bytes) {
    return absl::DataLossError(absl::StrCat(path, " is absent or of the wrong size"));
  }
  return *std::move(read);
}

// The first `width` hashes of a tile. Its beginnings are taken away when it is complete, which may
// be before a checkpoint says so.
absl::StatusOr<std::string> PublishedBeginning(const std::string& folder, const TileId& id,
                                               std::size_t width) {
  const std::size_t bytes = width * sizeof(Hash);
  absl::StatusOr<std::string> beginning =
      ReadPublishedFile(absl::StrCat(folder, "/", PublishedTilePath(id, width)), bytes);
  if (!absl::IsDataLoss(beginning.status())) return beginning;
  absl::StatusOr<std::string> whole = PublishedTile(folder, id);
  if (!whole.ok()) return beginning;
  whole->resize(bytes);
  return whole;
}

}  // namespace

std::string PublishedTilePath(const TileId& id, std::size_t width) {
  return Widened(absl::StrCat("tile/", id.level, "/", IndexPath(id.index)), width);
}

std::string PublishedEntriesPath(std::uint64_t index, std::size_t width) {
  return Widened(absl::StrCat("tile/entries/", IndexPath(index)), width);
}

absl::StatusOr<std::string> PublishedTile(const std::string& folder, const TileId& id) {
  return ReadPublishedFile(absl::StrCat(folder, "/", PublishedTilePath(id, kTileHashes)),
                           kTileBytes);
}

absl::StatusOr<MerkleTree> ReadPublishedTree(const std::string& folder, const KeyChain& keys) {
  PUHUI_ASSIGN_OR_RETURN(const auto note, ReadPublishedCheckpoint(folder));
  if (!note.has_value()) return absl::NotFoundError(absl::StrCat(folder, " has no checkpoint"));
  PUHUI_ASSIGN_OR_RETURN(const Checkpoint checkpoint, ParseCheckpoint(*note, keys));
  const std::uint64_t in_tiles = checkpoint.size - checkpoint.size % kTileHashes;
  std::string rest;
  if (const std::size_t width = checkpoint.size - in_tiles; width > 0) {
    PUHUI_ASSIGN_OR_RETURN(rest, PublishedBeginning(folder, {0, in_tiles / kTileHashes}, width));
  }
  PUHUI_ASSIGN_OR_RETURN(
      MerkleTree tree,
      MerkleTree::Recover(
          checkpoint.size, [&folder](const TileId& id) { return PublishedTile(folder, id); },
          [&](Sequence sequence) -> absl::StatusOr<Hash> {
            return HashFromBytes(absl::string_view(rest).substr(
                (sequence - 1 - in_tiles) * sizeof(Hash), sizeof(Hash)));
          }));
  if (tree.Root() != checkpoint.root) {
    return absl::DataLossError(
        absl::StrCat("the files in ", folder, " do not have the root of their checkpoint"));
  }
  return tree;
}

absl::StatusOr<std::vector<Hash>> ReadPublishedConsistency(const std::string& folder,
                                                           const KeyChain& keys,
                                                           std::uint64_t first,
                                                           const TreeHead& second) {
  PUHUI_ASSIGN_OR_RETURN(const MerkleTree tree, ReadPublishedTree(folder, keys));
  if (second.size > tree.size()) {
    return absl::DataLossError(
        absl::StrCat("the checkpoint in ", folder, " is of ", tree.size(), " records alone"));
  }
  const auto read = [&folder](const TileId& id) { return PublishedTile(folder, id); };
  PUHUI_ASSIGN_OR_RETURN(const Hash first_root, tree.RootAt(first, read));
  PUHUI_ASSIGN_OR_RETURN(std::vector<Hash> path, tree.ConsistencyPath(first, second.size, read));
  // The tree's root was made of its right edge alone: here are tiles that nothing has checked yet.
  if (VerifyConsistency({first, first_root}, second, path)) return path;
  return absl::DataLossError(absl::StrCat("the files in ", folder, " do not lead from ", first,
                                          " to ", second.size, " records"));
}

absl::StatusOr<bool> TilePublisher::Step(const Readable& store, absl::string_view note) {
  PUHUI_RETURN_IF_ERROR(altered_);
  // A checkpoint must not come to speak of tiles that went with another folder.
  if (aim_.has_value() && !WrittenIsThere()) aim_.reset();
  if (!aim_.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(aim_, Begin(store, note));
    if (!aim_.has_value()) return true;
  }
  for (std::size_t written = 0; written < kPublishedAtOnce; ++written) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, WriteNext(store));
    if (!more) return Finish(store);
  }
  return false;
}

absl::StatusOr<absl::optional<TilePublisher::Aim>> TilePublisher::Begin(const Readable& store,
                                                                        absl::string_view note) {
  PUHUI_ASSIGN_OR_RETURN(const Checkpoint next, ParseCheckpoint(note, options_.keys));
  Aim aim{.note = std::string(note), .head = {next.size, next.root}};
  PUHUI_ASSIGN_OR_RETURN(const auto published, ReadPublishedCheckpoint(options_.folder));
  if (published.has_value()) {
    const absl::StatusOr<Checkpoint> last = ParseCheckpoint(*published, options_.keys);
    if (!last.ok() || last->origin != next.origin || last->size > next.size) {
      return absl::FailedPreconditionError(absl::StrCat(
          "publish_dir: ", options_.folder, " holds another ledger's tree, or more of this one"));
    }
    const bool known = tree_.size() == last->size && tree_.Root() == last->root &&
                       HasTiles(tree_.size() / kTileHashes);
    if (!known) PUHUI_RETURN_IF_ERROR(CheckHistory(store, aim.head, *last));
    // One by an earlier key makes way for the same by the key that signs now.
    if (last->size == next.size && last->root == next.root &&
        ParseCheckpoint(*published, options_.keys.keys().back()).ok()) {
      return absl::optional<Aim>();
    }
    if (!known) PUHUI_RETURN_IF_ERROR(TakeUp(*last));
  } else {
    if (tree_.size() > 0 && options_.say) {
      options_.say("publish_dir: written anew from the first tile on: its checkpoint is gone");
    }
    tree_ = MerkleTree();
    chain_written_ = false;
  }
  aim.tree = tree_;
  return absl::optional<Aim>(std::move(aim));
}

absl::Status TilePublisher::CheckHistory(const Readable& store, const TreeHead& head,
                                         const Checkpoint& last) const {
  PUHUI_ASSIGN_OR_RETURN(const Hash root, prover_->Root(store, head, last.size));
  if (root == last.root) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("publish_dir: ", options_.folder, " holds another history"));
}

absl::Status TilePublisher::TakeUp(const Checkpoint& last) {
  absl::StatusOr<MerkleTree> tree = ReadPublishedTree(options_.folder, options_.keys);
  if (tree.ok() && tree->size() == last.size) {
    tree_ = *std::move(tree);
    return absl::OkStatus();
  }
  if (!tree.ok() && !absl::IsDataLoss(tree.status())) return tree.status();
  if (options_.say) {
    const std::string why = tree.ok() ? absl::StrCat("its tiles are of ", tree->size(), " records")
                                      : std::string(tree.status().message());
    options_.say(absl::StrCat("publish_dir: written anew from the first tile on: ", why));
  }
  tree_ = MerkleTree();
  return absl::OkStatus();
}

bool TilePublisher::WrittenIsThere() const {
  const std::vector<Tile>& unwritten = aim_->completed;
  std::uint64_t written = aim_->tree.size() / kTileHashes;
  if (!unwritten.empty() && unwritten.front().id.level == 0) --written;
  return HasTiles(written);
}

bool TilePublisher::HasTiles(std::uint64_t count) const {
  if (count == 0) return true;
  std::error_code error;
  return std::filesystem::exists(
      absl::StrCat(options_.folder, "/", PublishedTilePath({0, count - 1}, kTileHashes)), error);
}

absl::StatusOr<bool> TilePublisher::WriteNext(const Readable& store) {
  if (aim_->completed.empty()) {
    MerkleTree& tree = aim_->tree;
    if (tree.size() == aim_->head.size) return false;
    const std::uint64_t index = tree.size() / kTileHashes;
    const std::size_t width =
        std::min<std::uint64_t>(kTileHashes, aim_->head.size - index * kTileHashes);
    PUHUI_ASSIGN_OR_RETURN(const std::string leaves, Leaves(store, index, width));
    for (std::size_t at = tree.size() % kTileHashes; at < width; ++at) {
      tree.Append(HashFromBytes(absl::string_view(leaves).substr(at * sizeof(Hash), sizeof(Hash))));
    }
    aim_->completed = tree.TakeCompletedTiles();
  }
  // What cannot be written now is tried again by the next step.
  while (!aim_->completed.empty()) {
    PUHUI_RETURN_IF_ERROR(WriteTile(store, aim_->completed.front()));
    aim_->completed.erase(aim_->completed.begin());
  }
  return true;
}

absl::StatusOr<std::string> TilePublisher::Leaves(const Readable& store, std::uint64_t index,
                                                  std::size_t width) const {
  const TileId id{0, index};
  if (width == kTileHashes && !aim_->from_records) {
    absl::StatusOr<std::string> stored = ReadTile(store, id);
    if (!absl::IsDataLoss(stored.status())) return stored;
  }
  return TileBeginning(store, id, width);
}

absl::Status TilePublisher::WriteTile(const Readable& store, const Tile& tile) {
  const absl::StatusOr<std::string> stored = ReadTile(store, tile.id);
  if (stored.ok() && *stored != tile.bytes) {
    aim_->damage.Update(absl::DataLossError(
        absl::StrCat("tile ", tile.id.index, " of level ", tile.id.level, " is wrong")));
  } else if (absl::IsDataLoss(stored.status())) {
    aim_->damage.Update(stored.status());
  } else {
    PUHUI_RETURN_IF_ERROR(stored.status());
  }
  const std::string path = PublishedTilePath(tile.id, kTileHashes);
  PUHUI_RETURN_IF_ERROR(WriteFile(path, tile.bytes));
  if (tile.id.level == 0 && options_.entries) {
    PUHUI_RETURN_IF_ERROR(WriteEntries(store, tile.id.index, kTileHashes));
  }
  // Their beginnings are in them.
  std::error_code ignored;
  std::filesystem::remove_all(absl::StrCat(options_.folder, "/", path, ".p"), ignored);
  if (tile.id.level == 0 && options_.entries) {
    const std::string entries = PublishedEntriesPath(tile.id.index, kTileHashes);
    std::filesystem::remove_all(absl::StrCat(options_.folder, "/", entries, ".p"), ignored);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> TilePublisher::Finish(const Readable& store) {
  if (aim_->tree.Root() != aim_->head.root) {
    if (aim_->from_records) {
      altered_ = absl::DataLossError(absl::StrCat("the records up to ", aim_->head.size,
                                                  " do not have the root that was signed"));
      return altered_;
    }
    // Which tile it is the records tell.
    aim_->from_records = true;
    aim_->tree = tree_;
    aim_->damage = absl::OkStatus();
    return false;
  }
  PUHUI_RETURN_IF_ERROR(WritePartial(store));
  if (!chain_written_ && !options_.chain_file.empty()) {
    PUHUI_RETURN_IF_ERROR(WriteFile(std::string(kKeyChainFileName), options_.chain_file));
    chain_written_ = true;
  }
  // Last: whoever reads it finds everything that it speaks of.
  PUHUI_RETURN_IF_ERROR(WriteFile(std::string(kCheckpointFileName), aim_->note));
  if (!aim_->damage.ok() && options_.on_damage) options_.on_damage(aim_->damage);
  tree_ = std::move(aim_->tree);
  aim_.reset();
  return true;
}

absl::Status TilePublisher::WritePartial(const Readable& store) const {
  for (unsigned level = 0; level < kLevels; ++level) {
    const absl::string_view bytes = aim_->tree.Incomplete(level);
    if (bytes.empty()) continue;
    const std::size_t width = bytes.size() / sizeof(Hash);
    const TileId id{static_cast<std::uint8_t>(level),
                    HashesOfLevel(aim_->head.size, level) / kTileHashes};
    PUHUI_RETURN_IF_ERROR(WriteFile(PublishedTilePath(id, width), bytes));
    if (level == 0 && options_.entries) {
      PUHUI_RETURN_IF_ERROR(WriteEntries(store, id.index, width));
    }
  }
  return absl::OkStatus();
}

absl::Status TilePublisher::WriteEntries(const Readable& store, std::uint64_t index,
                                         std::size_t width) const {
  std::string bundle;
  bool fits = true;
  PUHUI_RETURN_IF_ERROR(
      ReadRecords(store, index * kTileHashes + 1, width,
                  [&](Sequence /*sequence*/, absl::string_view record) -> absl::StatusOr<bool> {
                    fits = record.size() <= kEntryBytesMax;
                    if (!fits) return false;
                    bundle.push_back(static_cast<char>(record.size() >> 8));
                    bundle.push_back(static_cast<char>(record.size() & 0xFF));
                    absl::StrAppend(&bundle, record);
                    return true;
                  }));
  // The layout has no way to say a longer one: its bundle is left out, its hash is not.
  if (!fits) return absl::OkStatus();
  return WriteFile(PublishedEntriesPath(index, width), bundle);
}

absl::Status TilePublisher::WriteFile(const std::string& path, absl::string_view bytes) const {
  // Without a slash at its end, so that it is met on the way up.
  const std::filesystem::path folder =
      (std::filesystem::path(options_.folder) / "tile").parent_path();
  const std::filesystem::path whole = folder / path;
  PUHUI_RETURN_IF_ERROR(MakeOpenDirectory(folder, whole.parent_path()));
  // A web server of somebody else reads it.
  return WriteFileDurably(whole.string(), bytes, FileReaders::kEverybody);
}

}  // namespace puhui::ledger
