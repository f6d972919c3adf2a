// SPDX-License-Identifier: Apache-2.0
// The rows of SettlementService.
#include "puhui/v1/settlement_service.pb.h"
#include "tests/integration/scope_rows.h"

#include "absl/strings/str_cat.h"

#include <set>
#include <string>

namespace puhui {

using services::Role;
using services::Rpc;

// Finance decides about what its scope takes in, and sees what any merchant is owed. An auditor
// sees the statements with money of its unions.
std::vector<ScopeRow> SettlementRows(SeededRandom* r) {
  const std::set<Role> owners = {Role::kMerchant};
  const std::set<Role> readers = {Role::kMerchant, Role::kAuditor};
  const std::set<Role> finance = {Role::kFinance};
  const std::set<Role> both = {Role::kMerchant, Role::kFinance};
  const auto statement = [](const World& w, auto& q) { q.set_name(w.statement); };
  const auto dispute = [](const World& w, auto& q) {
    q.set_name(absl::StrCat(w.statement, "/disputes/7"));
    q.set_adjustment_points(0);
    if constexpr (requires { q.set_reason(""); }) q.set_reason("fresh");
  };
  const auto days = [](auto& q) {
    q.set_first_day("2026-01-01");
    q.set_last_day("2026-12-31");
  };
  return {
      {Rpc::kCutDay, finance, One<v1::CutDayRequest>(r, statement)},
      {Rpc::kListStatements, owners,
       One<v1::ListStatementsRequest>(r,
                                      [](const World& w, auto& q) { q.set_parent(w.merchant); })},
      {Rpc::kGetStatement, readers, One<v1::GetStatementRequest>(r, statement)},
      {Rpc::kAgreeStatement, both,
       One<v1::AgreeStatementRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_name(w.statement);
                                        q.set_digest(std::string(32, '0'));
                                      })},
      {Rpc::kDisputeStatement, both,
       One<v1::DisputeStatementRequest>(r,
                                        [](const World& w, auto& q) {
                                          q.set_name(w.statement);
                                          q.add_lines()->set_sequence(7);
                                          q.mutable_lines(0)->set_reason("fresh");
                                        })},
      {Rpc::kListDisputes, readers,
       One<v1::ListDisputesRequest>(r, [](const World& w, auto& q) { q.set_parent(w.statement); })},
      {Rpc::kResolveDispute, finance, One<v1::ResolveDisputeRequest>(r, dispute)},
      {Rpc::kConfirmResolution, finance, One<v1::ConfirmResolutionRequest>(r, dispute)},
      {Rpc::kListSpending, owners,
       One<v1::ListSpendingRequest>(r,
                                    [days](const World& w, auto& q) {
                                      q.set_merchant(w.merchant);
                                      days(q);
                                    })},
      {Rpc::kListSpending, UnionRoles(),
       One<v1::ListSpendingRequest>(r,
                                    [days](const World& w, auto& q) {
                                      q.set_union_(w.union_name);
                                      days(q);
                                    })},
      {Rpc::kListSpending, UnionRoles(),
       One<v1::ListSpendingRequest>(r,
                                    [days](const World& w, auto& q) {
                                      q.set_campaign(w.campaign);
                                      days(q);
                                    })},
  };
}

}  // namespace puhui
