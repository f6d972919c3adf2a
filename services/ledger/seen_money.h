// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_SEEN_MONEY_H_
#define PUHUI_SERVICES_LEDGER_SEEN_MONEY_H_

#include "ledger/base/id.h"
#include "services/auth/policy.h"
#include "services/ledger/names.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include <string>

namespace puhui::services {

// Of what belongs to no union, such as a merchant's books: whose money a caller is told of, and who
// did something. A narrowed auditor is told of the unions that it sees, as the tree is now, and of
// their people; everybody else of all. Each is looked at once.
// Threads: none; make one per call. Borrows: everything.
class SeenMoney {
 public:
  SeenMoney(const Principal* principal, const UnionTree* tree, Names* names)
      : principal_(*principal),
        tree_(*tree),
        names_(*names),
        narrowed_(IsNarrowedAuditor(*principal)) {}

  // Whether there may be something that the caller is not told of.
  bool narrowed() const { return narrowed_; }
  // Fails: kDataLoss when there is no such union.
  absl::StatusOr<bool> Has(UnionNumber origin);
  // Whether the caller may know that `caller`, as records name it, did something.
  bool TellsWho(const std::string& caller);

 private:
  absl::StatusOr<bool> LookUp(UnionNumber origin);

  const Principal& principal_;
  const UnionTree& tree_;
  Names& names_;
  const bool narrowed_;
  absl::flat_hash_map<UnionNumber, bool> origins_;
  absl::flat_hash_map<std::string, bool> callers_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_SEEN_MONEY_H_
