// SPDX-License-Identifier: Apache-2.0
#include "services/market/union_path.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"

#include <algorithm>

namespace puhui::services {

absl::StatusOr<std::vector<UnionNumber>> UnionPaths::Of(UnionNumber number) {
  std::vector<UnionNumber> path;
  for (UnionNumber at = number; at != UnionNumber{};) {
    path.push_back(at);
    auto known = parents_.find(at);
    if (known == parents_.end()) {
      PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow row, issuing::UnionByNumber(from_, at));
      known = parents_.emplace(at, row.parent).first;
    }
    at = known->second;
  }
  return path;
}

absl::StatusOr<bool> UnionPaths::IsWithin(UnionNumber number, UnionNumber above) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<UnionNumber> path, Of(number));
  return std::find(path.begin(), path.end(), above) != path.end();
}

}  // namespace puhui::services
