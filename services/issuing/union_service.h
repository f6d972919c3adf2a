// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_
#define PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_

#include "ledger/base/status_macros.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/union_service.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>
#include <utility>

namespace puhui::services {

// Unions, and the money they pay in and hand down. Threads: safe. Borrows: its parts.
class UnionService final {
 public:
  explicit UnionService(const IssuingParts& parts);
  ~UnionService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeTree(Calls& calls);
  void ServeReads(Calls& calls);
  void ServeBudgets(Calls& calls);
  void ServeReports(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  template <class Request>
  using Read = MaybeCommand (UnionService::*)(const CallContext&, const Request&) const;

  // A call that changes something: `read` makes its command, and `build(store, record, response)`
  // its answer from the first record of it.
  template <class Base, class Request, class Response, class Build>
  void ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask, Read<Request> read,
                   Build build);

  MaybeCommand ReadCreate(const CallContext& call, const v1::CreateUnionRequest& request) const;
  MaybeCommand ReadUpdate(const CallContext& call, const v1::UpdateUnionRequest& request) const;
  MaybeCommand ReadMove(const CallContext& call, const v1::MoveUnionRequest& request) const;
  MaybeCommand ReadClose(const CallContext& call, const v1::CloseUnionRequest& request) const;
  MaybeCommand ReadFund(const CallContext& call, const v1::FundBudgetRequest& request) const;
  MaybeCommand ReadConfirm(const CallContext& call, const v1::ConfirmFundingRequest& request) const;
  MaybeCommand ReadReject(const CallContext& call, const v1::RejectFundingRequest& request) const;
  MaybeCommand ReadAllocate(const CallContext& call,
                            const v1::AllocateBudgetRequest& request) const;
  MaybeCommand ReadReturn(const CallContext& call, const v1::ReturnBudgetRequest& request) const;
  absl::StatusOr<v1::GetUnionResponse> DoGetUnion(const CallContext& call,
                                                  const v1::GetUnionRequest& request) const;
  absl::StatusOr<v1::ListUnionsResponse> DoListUnions(const CallContext& call,
                                                      const v1::ListUnionsRequest& request) const;
  absl::StatusOr<v1::GetFundingResponse> DoGetFunding(const CallContext& call,
                                                      const v1::GetFundingRequest& request) const;
  absl::StatusOr<v1::ListFundingsResponse> DoListFundings(
      const CallContext& call, const v1::ListFundingsRequest& request) const;
  absl::StatusOr<v1::GetBudgetResponse> DoGetBudget(const CallContext& call,
                                                    const v1::GetBudgetRequest& request) const;

  const IssuingParts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UNION_SERVICE_H_
