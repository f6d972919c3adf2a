// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_UNION_PATH_H_
#define PUHUI_SERVICES_MARKET_UNION_PATH_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include <vector>

namespace puhui::services {

// Where unions are in their tree, each looked up once. Threads: none; make one per call. Borrows:
// the moment that it reads.
class UnionPaths {
 public:
  explicit UnionPaths(const ledger::Readable* from) : from_(*from) {}
  // The union itself, the one above it, and so on up to the root.
  // Requires: there is such a union (checked). Fails: as Readable.
  absl::StatusOr<std::vector<UnionNumber>> Of(UnionNumber number);
  // Whether a union is `above` or stands below it. Requires: as Of.
  absl::StatusOr<bool> IsWithin(UnionNumber number, UnionNumber above);

 private:
  const ledger::Readable& from_;
  absl::flat_hash_map<UnionNumber, UnionNumber> parents_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_UNION_PATH_H_
