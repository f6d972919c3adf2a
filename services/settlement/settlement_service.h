// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_SERVICE_H_
#define PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_SERVICE_H_

#include "merchant/app/till_call.h"
#include "puhui/v1/settlement_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>
#include <utility>

namespace puhui::services {

// What merchants are owed: business days, statements and disputes, and what was spent where.
// Threads: safe. Borrows: its parts.
class SettlementService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;  // Of the engine's fold: for commands.
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit SettlementService(Parts parts);
  ~SettlementService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeStatements(Calls& calls);
  void ServeDisputes(Calls& calls);
  void ServeSpending(Calls& calls);

  // On a worker: what finance may decide about takes a look at every union that paid.
  template <class Request>
  absl::StatusOr<ledger::Outcome> Run(const CallContext& call, const Request& request,
                                      std::unique_ptr<ledger::Command> command) const {
    PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
    return parts_.ledger.engine->Run(std::move(command), ledger::Priority::kInteractive);
  }

  absl::StatusOr<v1::CutDayResponse> DoCutDay(const CallContext& call,
                                              const v1::CutDayRequest& request) const;
  absl::StatusOr<v1::ListStatementsResponse> DoListStatements(
      const CallContext& call, const v1::ListStatementsRequest& request) const;
  absl::StatusOr<MessageSource<v1::GetStatementResponse>> OpenStatement(
      const CallContext& call, const v1::GetStatementRequest& request) const;
  absl::StatusOr<v1::AgreeStatementResponse> DoAgree(
      const CallContext& call, const v1::AgreeStatementRequest& request) const;
  absl::StatusOr<v1::DisputeStatementResponse> DoDispute(
      const CallContext& call, const v1::DisputeStatementRequest& request) const;
  absl::StatusOr<v1::ListDisputesResponse> DoListDisputes(
      const CallContext& call, const v1::ListDisputesRequest& request) const;
  absl::StatusOr<v1::ResolveDisputeResponse> DoResolve(
      const CallContext& call, const v1::ResolveDisputeRequest& request) const;
  absl::StatusOr<v1::ConfirmResolutionResponse> DoConfirm(
      const CallContext& call, const v1::ConfirmResolutionRequest& request) const;
  absl::StatusOr<v1::ListSpendingResponse> DoListSpending(
      const CallContext& call, const v1::ListSpendingRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_SERVICE_H_
