// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_AUDIT_SERVICE_H_
#define PUHUI_SERVICES_AUDIT_AUDIT_SERVICE_H_

#include "audit/index/audit_index.h"
#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/prover.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/audit/export_seats.h"
#include "services/audit/subtrees.h"
#include "services/audit/witness_shelf.h"
#include "services/auth/policy.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"
#include "services/rpc/server_stream.h"

#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// What happened, and the evidence. Threads: safe. Borrows: its parts.
class AuditService final {
 public:
  struct Parts {
    const ledger::Engine* engine;
    const PageTokens* tokens;
    const UnionTree* tree;
    audit::AuditIndex* index;
    ledger::Prover* prover;
    const ledger::VerifyKey* key;  // Of the ledger's checkpoints.
    WitnessShelf* witnesses;
    Subtrees* subtrees = nullptr;  // Required for calls that may name a union.
  };
  explicit AuditService(const Parts& parts);
  ~AuditService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeListRecords(Calls& calls);
  void ServeGetRecord(Calls& calls);
  void ServeAccountCalls(Calls& calls);
  void ServeRecordCalls(Calls& calls);
  void ServeTracePoints(Calls& calls);
  void ServeGetHistory(Calls& calls);
  void ServeProofCalls(Calls& calls);
  void ServeReDecideGrant(Calls& calls);
  void ServeExportBundle(Calls& calls);
  void ServePeriodCalls(Calls& calls);

  absl::StatusOr<v1::ListRecordsResponse> DoListRecords(
      const CallContext& call, const v1::ListRecordsRequest& request) const;
  absl::StatusOr<v1::GetRecordResponse> DoGetRecord(const CallContext& call,
                                                    const v1::GetRecordRequest& request) const;
  absl::StatusOr<v1::GetAccountResponse> DoGetAccount(const CallContext& call,
                                                      const v1::GetAccountRequest& request) const;
  absl::StatusOr<v1::GetTrialBalanceResponse> DoGetTrialBalance(
      const CallContext& call, const v1::GetTrialBalanceRequest& request) const;
  absl::StatusOr<v1::GetAccountStatementResponse> DoGetAccountStatement(
      const CallContext& call, const v1::GetAccountStatementRequest& request) const;
  absl::StatusOr<v1::QueryRecordsResponse> DoQueryRecords(
      const CallContext& call, const v1::QueryRecordsRequest& request) const;
  absl::StatusOr<MessageSource<v1::StreamRecordsResponse>> OpenRecordStream(
      const CallContext& call, const v1::StreamRecordsRequest& request) const;
  absl::StatusOr<MessageSource<v1::WatchRecordsResponse>> OpenRecordWatch(
      const CallContext& call, const v1::WatchRecordsRequest& request) const;
  absl::StatusOr<v1::TracePointsResponse> DoTracePoints(
      const CallContext& call, const v1::TracePointsRequest& request) const;
  absl::StatusOr<v1::GetHistoryResponse> DoGetHistory(const CallContext& call,
                                                      const v1::GetHistoryRequest& request) const;
  absl::StatusOr<v1::GetCheckpointResponse> DoGetCheckpoint(const CallContext& call) const;
  absl::StatusOr<v1::ProveInclusionResponse> DoProveInclusion(
      const CallContext& call, const v1::ProveInclusionRequest& request) const;
  absl::StatusOr<v1::ProveConsistencyResponse> DoProveConsistency(
      const CallContext& call, const v1::ProveConsistencyRequest& request) const;
  absl::StatusOr<v1::ListPeriodsResponse> DoListPeriods(
      const CallContext& call, const v1::ListPeriodsRequest& request) const;
  absl::StatusOr<v1::GetPeriodResponse> DoGetPeriod(const CallContext& call,
                                                    const v1::GetPeriodRequest& request) const;
  absl::StatusOr<v1::ListPeriodLinesResponse> DoListPeriodLines(
      const CallContext& call, const v1::ListPeriodLinesRequest& request) const;
  absl::StatusOr<MessageSource<v1::ExportBundleResponse>> OpenBundle(
      const CallContext& call, const v1::ExportBundleRequest& request) const;

  const Parts parts_;
  const ExportSeats export_seats_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_AUDIT_SERVICE_H_
