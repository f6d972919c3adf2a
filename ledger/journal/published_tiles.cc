// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/published_tiles.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/journal_reader.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

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

absl::StatusOr<std::string> ReadPublishedFile(const std::string& path, std::size_t bytes) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<std::string> read, ReadWholeFile(path, bytes));
  if (!read.has_value() || read->size() != bytes) {
    return absl::DataLossError(absl::StrCat(path, " is absent or of the wrong size"));
  }
  return *std::move(read);
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
    const std::string path = PublishedTilePath({0, in_tiles / kTileHashes}, width);
    PUHUI_ASSIGN_OR_RETURN(
        rest, ReadPublishedFile(absl::StrCat(folder, "/", path), width * sizeof(Hash)));
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
  if (!aim_.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(Aim aim, Begin(store, note));
    if (aim.published == aim.head.size) return true;
    aim_ = std::move(aim);
  }
  for (std::size_t written = 0; written < kPublishedAtOnce; ++written) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, WriteNext(store));
    if (more) continue;
    PUHUI_RETURN_IF_ERROR(WritePartial(store));
    // Last: whoever reads it finds everything that it speaks of.
    PUHUI_RETURN_IF_ERROR(WriteFile(std::string(kCheckpointFileName), aim_->note));
    aim_.reset();
    return true;
  }
  return false;
}

absl::StatusOr<TilePublisher::Aim> TilePublisher::Begin(const Readable& store,
                                                        absl::string_view note) const {
  PUHUI_ASSIGN_OR_RETURN(const Checkpoint next, ParseCheckpoint(note, options_.key));
  Aim aim{.note = std::string(note), .head = {next.size, next.root}};
  PUHUI_ASSIGN_OR_RETURN(const auto published, ReadPublishedCheckpoint(options_.folder));
  if (published.has_value()) {
    const absl::StatusOr<Checkpoint> last = ParseCheckpoint(*published, options_.key);
    if (!last.ok() || last->origin != next.origin || last->size > next.size) {
      return absl::FailedPreconditionError(absl::StrCat(
          "publish_dir: ", options_.folder, " holds another ledger's tree, or more of this one"));
    }
    PUHUI_ASSIGN_OR_RETURN(const Hash root, prover_->Root(store, aim.head, last->size));
    if (root != last->root) {
      return absl::FailedPreconditionError(
          absl::StrCat("publish_dir: ", options_.folder, " holds another history"));
    }
    aim.published = last->size;
  }
  aim.index = aim.published / kTileHashes;
  return aim;
}

absl::StatusOr<bool> TilePublisher::WriteNext(const Readable& store) {
  while (aim_->index >= HashesOfLevel(aim_->head.size, aim_->level) / kTileHashes) {
    if (++aim_->level >= kLevels) return false;
    aim_->index = HashesOfLevel(aim_->published, aim_->level) / kTileHashes;
  }
  const TileId id{static_cast<std::uint8_t>(aim_->level), aim_->index};
  absl::StatusOr<std::string> bytes = ReadTile(store, id);
  if (absl::IsDataLoss(bytes.status())) bytes = RebuildTile(store, id);
  PUHUI_RETURN_IF_ERROR(bytes.status());
  const std::string path = PublishedTilePath(id, kTileHashes);
  PUHUI_RETURN_IF_ERROR(WriteFile(path, *bytes));
  if (id.level == 0 && options_.entries) {
    PUHUI_RETURN_IF_ERROR(WriteEntries(store, id.index, kTileHashes));
  }
  // Its beginnings are in it.
  std::error_code ignored;
  std::filesystem::remove_all(absl::StrCat(options_.folder, "/", path, ".p"), ignored);
  ++aim_->index;
  return true;
}

absl::Status TilePublisher::WritePartial(const Readable& store) const {
  for (unsigned level = 0; level < kLevels; ++level) {
    const std::uint64_t hashes = HashesOfLevel(aim_->head.size, level);
    const std::size_t width = hashes % kTileHashes;
    if (width == 0) continue;
    const TileId id{static_cast<std::uint8_t>(level), hashes / kTileHashes};
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, TileBeginning(store, id, width));
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
  const std::filesystem::path whole = std::filesystem::path(options_.folder) / path;
  std::error_code error;
  std::filesystem::create_directories(whole.parent_path(), error);
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot make ", whole.parent_path().string()));
  }
  PUHUI_RETURN_IF_ERROR(WriteFileDurably(whole.string(), bytes));
  // A web server of somebody else reads it.
  std::filesystem::permissions(
      whole,
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write |
          std::filesystem::perms::group_read | std::filesystem::perms::others_read,
      error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot open ", whole.string(), " to all"));
  return absl::OkStatus();
}

}  // namespace puhui::ledger
