// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_
#define PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_

#include "puhui/v1/union_service.grpc.pb.h"
#include "services/issuing/issuing_parts.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Unions, and the money they pay in. Threads: safe. Borrows: its parts.
class UnionService final : public v1::UnionService::CallbackService {
 public:
  explicit UnionService(const IssuingParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* CreateUnion(grpc::CallbackServerContext* wire,
                                        const v1::CreateUnionRequest* request,
                                        v1::CreateUnionResponse* response) override;
  grpc::ServerUnaryReactor* GetUnion(grpc::CallbackServerContext* wire,
                                     const v1::GetUnionRequest* request,
                                     v1::GetUnionResponse* response) override;
  grpc::ServerUnaryReactor* FundBudget(grpc::CallbackServerContext* wire,
                                       const v1::FundBudgetRequest* request,
                                       v1::FundBudgetResponse* response) override;
  grpc::ServerUnaryReactor* ConfirmFunding(grpc::CallbackServerContext* wire,
                                           const v1::ConfirmFundingRequest* request,
                                           v1::ConfirmFundingResponse* response) override;

 private:
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadCreate(const CallContext& call, const v1::CreateUnionRequest& request) const;
  MaybeCommand ReadFund(const CallContext& call, const v1::FundBudgetRequest& request) const;
  MaybeCommand ReadConfirm(const CallContext& call, const v1::ConfirmFundingRequest& request) const;
  absl::StatusOr<v1::GetUnionResponse> DoGetUnion(const CallContext& call,
                                                  const v1::GetUnionRequest& request) const;

  const IssuingParts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_
