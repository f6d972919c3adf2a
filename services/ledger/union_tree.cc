// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/union_tree.h"

#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/rpc/error.h"

#include <cstdint>
#include <memory>

namespace puhui::services {

// Walks up from the lower union; the depth of the tree bounds the walk. A union that is moved
// between two reads must not make it a path that never was, so it reads one moment.
bool LedgerUnionTree::Covers(const UnionId& ancestor, const UnionId& union_id) const {
  const std::unique_ptr<ledger::Readable> moment = store_.TakeSnapshot();
  const auto top = ledger::Find(*moment, issuing::kUnionIdTable, ancestor.text());
  const auto bottom = ledger::Find(*moment, issuing::kUnionIdTable, union_id.text());
  if (!top.ok() || !top->has_value() || !bottom.ok() || !bottom->has_value()) return false;
  UnionNumber at = **bottom;
  for (std::uint32_t depth = 0; depth < kUnionDepthMax; ++depth) {
    if (at == **top) return true;
    const auto row = ledger::Find(*moment, issuing::kUnionTable, at);
    if (!row.ok() || !row->has_value() || (*row)->parent == UnionNumber{}) return false;
    at = (*row)->parent;
  }
  return false;
}

absl::Status AllowMemberById(const Principal& principal, const MemberId& member,
                             const ledger::Readable& store, const UnionTree& tree) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, issuing::kMemberTable, member));
  if (!row.has_value()) return NotFound("member");
  PUHUI_ASSIGN_OR_RETURN(const auto of,
                         ledger::Find(store, issuing::kUnionTable, row->union_number));
  if (!of.has_value()) return absl::DataLossError("a member's union is missing");
  PUHUI_ASSIGN_OR_RETURN(const UnionId union_id, UnionId::Parse(of->id, "union"));
  return AllowMember(principal, member, union_id, tree);
}

}  // namespace puhui::services
