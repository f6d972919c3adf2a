// SPDX-License-Identifier: Apache-2.0
#include "services/audit/store_evidence.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/tile.h"

namespace puhui::services {
namespace {

auto TilesOf(const ledger::Readable& store) {
  return [&store](const ledger::TileId& id) { return ledger::ReadTile(store, id); };
}

}  // namespace

absl::StatusOr<std::unique_ptr<StoreEvidence>> StoreEvidence::Open(
    std::unique_ptr<ledger::Readable> store, std::uint64_t size) {
  const auto tiles = TilesOf(*store);
  const auto leaf = [&store](Sequence sequence) -> absl::StatusOr<ledger::Hash> {
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(*store, sequence));
    return ledger::LeafHash(bytes);
  };
  PUHUI_ASSIGN_OR_RETURN(ledger::MerkleTree tree, ledger::MerkleTree::Recover(size, tiles, leaf));
  return std::unique_ptr<StoreEvidence>(new StoreEvidence(std::move(store), std::move(tree)));
}

absl::Status StoreEvidence::ReadSegments(
    Sequence from, absl::FunctionRef<absl::StatusOr<bool>(absl::string_view)> visit) const {
  return ledger::ReadSegments(*store_, from, visit);
}

absl::StatusOr<std::string> StoreEvidence::ReadRecord(Sequence sequence) const {
  return ledger::ReadRecord(*store_, sequence);
}

absl::StatusOr<ledger::Hash> StoreEvidence::RootAt(std::uint64_t size) const {
  const auto tiles = TilesOf(*store_);
  return tree_.RootAt(size, tiles);
}

absl::StatusOr<std::vector<ledger::Hash>> StoreEvidence::InclusionPath(std::uint64_t index,
                                                                       std::uint64_t size) const {
  const auto tiles = TilesOf(*store_);
  return tree_.InclusionPath(index, size, tiles);
}

absl::StatusOr<std::vector<ledger::Hash>> StoreEvidence::ConsistencyPath(
    std::uint64_t first, std::uint64_t second) const {
  const auto tiles = TilesOf(*store_);
  return tree_.ConsistencyPath(first, second, tiles);
}

}  // namespace puhui::services
