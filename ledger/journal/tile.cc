// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/tile.h"

#include "ledger/base/status_macros.h"

#include "absl/base/internal/endian.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <utility>

namespace puhui::ledger {

std::string TileKey(const TileId& id) {
  std::string key(1 + sizeof(id.index), static_cast<char>(id.level));
  absl::big_endian::Store64(key.data() + 1, id.index);
  return key;
}

absl::StatusOr<std::string> ReadTile(const Readable& readable, const TileId& id) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<std::string> bytes,
                         readable.Get(Family::kTiles, TileKey(id)));
  if (!bytes.has_value() || bytes->size() != kTileBytes) {
    return absl::DataLossError(absl::StrCat("tile ", id.index, " of level ", id.level,
                                            bytes.has_value() ? " is damaged" : " is missing"));
  }
  return *std::move(bytes);
}

}  // namespace puhui::ledger
