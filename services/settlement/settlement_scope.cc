// SPDX-License-Identifier: Apache-2.0
#include "services/settlement/settlement_scope.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/statement_queries.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <utility>
#include <vector>

namespace puhui::services {

absl::StatusOr<SeenMerchant> SeeMerchant(const Principal& principal, const MerchantId& id,
                                         const ledger::Readable& store) {
  PUHUI_RETURN_IF_ERROR(AllowSettlement(principal, id));
  PUHUI_ASSIGN_OR_RETURN(auto found, merchant::FindMerchant(store, id.text()));
  if (!found.has_value()) return NotFound("merchant");
  return SeenMerchant{
      .number = found->number, .name = FormatMerchantName(id), .row = std::move(found->row)};
}

absl::StatusOr<SeenStatement> SeeStatement(const Principal& principal, const StatementName& name,
                                           const ledger::Readable& store) {
  absl::StatusOr<SeenMerchant> seller = SeeMerchant(principal, name.merchant_id, store);
  if (absl::IsNotFound(seller.status())) return NotFound("statement");
  if (!seller.ok()) return seller.status();
  const merchant::StatementKey key{seller->number, name.day};
  PUHUI_ASSIGN_OR_RETURN(auto row, merchant::FindStatement(store, key));
  if (!row.has_value()) return NotFound("statement");
  return SeenStatement{.seller = *std::move(seller), .key = key, .row = *std::move(row)};
}

absl::StatusOr<StatementParts> ToldParts(const merchant::StatementKey& key,
                                         const merchant::StatementRow& row,
                                         const ledger::Readable& store, SeenMoney* money) {
  StatementParts parts;
  PUHUI_ASSIGN_OR_RETURN(const auto all, merchant::PartsOf(store, key, row));
  for (const auto& [origin, part] : all) {
    PUHUI_ASSIGN_OR_RETURN(const bool told, money->Has(origin));
    if (told) parts.by_origin.emplace(origin, part);
  }
  parts.whole = parts.by_origin.size() == all.size();
  return parts;
}

absl::Status CheckIsTold(const SeenStatement& statement, const ledger::Readable& store,
                         SeenMoney* money) {
  if (!money->narrowed()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const StatementParts parts,
                         ToldParts(statement.key, statement.row, store, money));
  return parts.by_origin.empty() ? NotFound("statement") : absl::OkStatus();
}

absl::StatusOr<bool> KeepTold(merchant::StatementLine* line, SeenMoney* money) {
  if (!money->narrowed()) return true;
  std::vector<merchant::LineShare> told;
  for (merchant::LineShare& share : line->shares) {
    PUHUI_ASSIGN_OR_RETURN(const bool has, money->Has(share.origin));
    if (has) told.push_back(std::move(share));
  }
  line->shares = std::move(told);
  return !line->shares.empty();
}

absl::Status AllowDeciding(const Principal& principal, const SeenStatement& statement,
                           const ledger::Readable& store, const UnionTree& tree) {
  if (principal.role != Role::kFinance) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const auto parts, merchant::PartsOf(store, statement.key, statement.row));
  for (const auto& [origin, part] : parts) {
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of, issuing::UnionByNumber(store, origin));
    PUHUI_ASSIGN_OR_RETURN(const UnionId id, UnionId::Parse(of.id, "union"));
    if (!AllowUnion(principal, id, tree).ok()) return NotFound("statement");
  }
  return absl::OkStatus();
}

}  // namespace puhui::services
