// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_PAYOUT_PAYOUT_SERVICE_H_
#define PUHUI_SERVICES_PAYOUT_PAYOUT_SERVICE_H_

#include "puhui/v1/payout_service.pb.h"
#include "services/payout/payout_parts.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>
#include <utility>

namespace puhui::services {

// What merchants are paid, and to which bank accounts. Everything runs on a worker: nobody waits at
// a till for it. Threads: safe. Borrows: its parts.
class PayoutService final {
 public:
  explicit PayoutService(PayoutParts parts);
  ~PayoutService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeBankAccounts(Calls& calls);
  void ServeRuns(Calls& calls);
  void ServeCorrections(Calls& calls);
  void ServeReads(Calls& calls);

  template <class Request>
  absl::StatusOr<ledger::Outcome> Run(const CallContext& call, const Request& request,
                                      std::unique_ptr<ledger::Command> command) const {
    PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
    return parts_.ledger.engine->Run(std::move(command), ledger::Priority::kInteractive);
  }

  absl::StatusOr<v1::ProposeBankAccountResponse> DoPropose(
      const CallContext& call, const v1::ProposeBankAccountRequest& request) const;
  absl::StatusOr<v1::ConfirmBankAccountResponse> DoConfirm(
      const CallContext& call, const v1::ConfirmBankAccountRequest& request) const;
  absl::StatusOr<v1::RejectBankAccountResponse> DoReject(
      const CallContext& call, const v1::RejectBankAccountRequest& request) const;
  absl::StatusOr<v1::ListBankAccountsResponse> DoListAccounts(
      const CallContext& call, const v1::ListBankAccountsRequest& request) const;

  absl::StatusOr<v1::CreatePayoutRunResponse> DoCreate(
      const CallContext& call, const v1::CreatePayoutRunRequest& request) const;
  absl::StatusOr<v1::ApprovePayoutRunResponse> DoApprove(
      const CallContext& call, const v1::ApprovePayoutRunRequest& request) const;
  absl::StatusOr<v1::CancelPayoutRunResponse> DoCancel(
      const CallContext& call, const v1::CancelPayoutRunRequest& request) const;
  absl::StatusOr<v1::ExportPayoutRunResponse> DoExport(
      const CallContext& call, const v1::ExportPayoutRunRequest& request) const;
  absl::StatusOr<v1::ImportBankAnswerResponse> DoImport(
      const CallContext& call, const v1::ImportBankAnswerRequest& request) const;

  absl::StatusOr<v1::ProposePaymentCorrectionResponse> DoProposeCorrection(
      const CallContext& call, const v1::ProposePaymentCorrectionRequest& request) const;
  absl::StatusOr<v1::ConfirmPaymentCorrectionResponse> DoConfirmCorrection(
      const CallContext& call, const v1::ConfirmPaymentCorrectionRequest& request) const;
  absl::StatusOr<v1::RejectPaymentCorrectionResponse> DoRejectCorrection(
      const CallContext& call, const v1::RejectPaymentCorrectionRequest& request) const;

  absl::StatusOr<v1::ListDuePayoutsResponse> DoListDue(
      const CallContext& call, const v1::ListDuePayoutsRequest& request) const;
  absl::StatusOr<v1::GetPayoutResponse> DoGetPayout(const CallContext& call,
                                                    const v1::GetPayoutRequest& request) const;
  absl::StatusOr<v1::GetPayoutRunResponse> DoGetRun(const CallContext& call,
                                                    const v1::GetPayoutRunRequest& request) const;
  absl::StatusOr<v1::ListPayoutRunsResponse> DoListRuns(
      const CallContext& call, const v1::ListPayoutRunsRequest& request) const;

  const PayoutParts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_PAYOUT_SERVICE_H_
