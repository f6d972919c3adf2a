// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_
#define PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_

#include "puhui/v1/union_service.grpc.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Unions, and the money they pay in. Threads: safe. Borrows: its parts.
class UnionService final {
 public:
  explicit UnionService(const IssuingParts& parts) : parts_(parts) {}

  void Serve(Calls& calls);

 private:
  using Wire = v1::UnionService::AsyncService;
  void ServeCreateUnion(Calls& calls);
  void ServeGetUnion(Calls& calls);
  void ServeFundBudget(Calls& calls);
  void ServeConfirmFunding(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadCreate(const CallContext& call, const v1::CreateUnionRequest& request) const;
  MaybeCommand ReadFund(const CallContext& call, const v1::FundBudgetRequest& request) const;
  MaybeCommand ReadConfirm(const CallContext& call, const v1::ConfirmFundingRequest& request) const;
  absl::StatusOr<v1::GetUnionResponse> DoGetUnion(const CallContext& call,
                                                  const v1::GetUnionRequest& request) const;

  const IssuingParts parts_;
  Wire wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_
