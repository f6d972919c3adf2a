// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_UNION_TREE_H_
#define PUHUI_SERVICES_LEDGER_UNION_TREE_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "services/auth/policy.h"

#include "absl/status/status.h"

namespace puhui::services {

// The tree of unions as the views have it: each question is answered for one moment, and the next
// one for the tree as it is then. Costs at most kUnionDepthMax + 2 reads.
// Threads: safe. Borrows: the store.
class LedgerUnionTree final : public UnionTree {
 public:
  explicit LedgerUnionTree(const ledger::Store* store) : store_(*store) {}
  // A failed read covers nothing: default deny.
  bool Covers(const UnionId& ancestor, const UnionId& union_id) const override;

 private:
  const ledger::Store& store_;
};

// AllowMember for a member whose union is looked up. Refuses: kNotFound, also when there is no such
// member.
absl::Status AllowMemberById(const Principal& principal, const MemberId& member,
                             const ledger::Readable& store, const UnionTree& tree);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_UNION_TREE_H_
