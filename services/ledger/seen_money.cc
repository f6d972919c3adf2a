// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/seen_money.h"

#include "ledger/base/status_macros.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {

absl::StatusOr<bool> SeenMoney::Has(UnionNumber origin) {
  if (!narrowed_) return true;
  const auto known = origins_.find(origin);
  if (known != origins_.end()) return known->second;
  PUHUI_ASSIGN_OR_RETURN(const bool has, LookUp(origin));
  origins_[origin] = has;
  return has;
}

absl::StatusOr<bool> SeenMoney::LookUp(UnionNumber origin) {
  PUHUI_ASSIGN_OR_RETURN(const std::string name, names_.OfUnion(origin));
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, "origin"));
  return AllowUnion(principal_, id, tree_).ok();
}

bool SeenMoney::TellsWho(const std::string& caller) {
  if (!narrowed_) return true;
  const auto known = callers_.find(caller);
  if (known != callers_.end()) return known->second;
  const absl::StatusOr<Principal> who = ParseSpiffeUri(absl::StrCat("spiffe://-", caller), "-");
  const bool tells = who.ok() && (who->union_id.text().empty() ||
                                  AllowUnion(principal_, who->union_id, tree_).ok());
  callers_[caller] = tells;
  return tells;
}

}  // namespace puhui::services
