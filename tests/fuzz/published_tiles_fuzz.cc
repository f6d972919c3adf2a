// SPDX-License-Identifier: Apache-2.0
// Any bytes in one file of a folder of tiles, whole or behind a few that were changed: what its
// reader gives leads from the tree that was signed to the one that was signed later, or it is
// refused.
#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/published_tiles.h"
#include "tests/fuzz/scratch_dir.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace ledger = puhui::ledger;

constexpr std::uint64_t kFirst = 300;
constexpr std::uint64_t kRecords = 600;  // Two complete tiles, and the beginning of a third.

// A folder as TilePublisher leaves it, and the heads of its tree.
class Folder {
 public:
  Folder() {
    ledger::MerkleTree tree;
    std::string leaves;  // That no complete tile has.
    for (std::uint64_t sequence = 1; sequence <= kRecords; ++sequence) {
      const ledger::Hash leaf = ledger::LeafHash(absl::StrCat("r", sequence));
      tree.Append(leaf);
      leaves.append(ledger::AsBytes(leaf).data(), sizeof(leaf));
      if (sequence % ledger::kTileHashes == 0) leaves.clear();
      if (sequence == kFirst) first_ = {kFirst, tree.Root()};
    }
    second_ = {kRecords, tree.Root()};
    for (ledger::Tile& tile : tree.TakeCompletedTiles()) {
      files_.emplace_back(ledger::PublishedTilePath(tile.id, ledger::kTileHashes),
                          std::move(tile.bytes));
    }
    files_.emplace_back(ledger::PublishedTilePath({0, kRecords / ledger::kTileHashes},
                                                  kRecords % ledger::kTileHashes),
                        std::move(leaves));
    files_.emplace_back("checkpoint", ledger::SignCheckpoint({.origin = "o",
                                                              .size = kRecords,
                                                              .root = second_.root,
                                                              .time = absl::FromUnixSeconds(1)},
                                                             "k", key_));
    for (const auto& [name, bytes] : files_) scratch_.Write(name, bytes);
    PUHUI_CHECK(Read().ok());
  }

  std::size_t files() const { return files_.size(); }
  const std::string& bytes(std::size_t file) const { return files_[file].second; }
  void ReadWith(std::size_t file, absl::string_view bytes) const {
    const auto& [name, whole] = files_[file];
    scratch_.Write(name, bytes);
    const auto path = Read();
    if (path.ok()) {
      PUHUI_CHECK(ledger::VerifyConsistency(first_, second_, *path));
    } else {
      PUHUI_CHECK(absl::IsDataLoss(path.status()));
    }
    scratch_.Write(name, whole);
  }

 private:
  absl::StatusOr<std::vector<ledger::Hash>> Read() const {
    return ledger::ReadPublishedConsistency(scratch_.path(), ledger::KeyChain(key_.verify_key()),
                                            kFirst, second_);
  }

  const puhui::ScratchDir scratch_;
  const ledger::SigningKey key_ = ledger::SigningKey::FromSeed(std::string(32, 'f'));
  std::vector<std::pair<std::string, std::string>> files_;
  ledger::TreeHead first_;
  ledger::TreeHead second_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  if (size == 0) return 0;
  // The first byte says which file.
  const std::size_t file = data[0] % folder.files();
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  folder.ReadWith(file, rest);

  // Once more as what is done to the good one: two bytes say where, the third what.
  std::string changed = folder.bytes(file);
  for (std::size_t at = 1; at + 2 < size; at += 3) {
    char& byte = changed[(data[at] * std::size_t{256} + data[at + 1]) % changed.size()];
    byte = static_cast<char>(byte ^ data[at + 2]);
  }
  folder.ReadWith(file, changed);
  return 0;
}
