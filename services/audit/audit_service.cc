// SPDX-License-Identifier: Apache-2.0
#include "services/audit/audit_service.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "services/audit/audit_wire.h"
#include "services/audit/record_view.h"
#include "services/audit/redecide_grant.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {

AuditService::AuditService(const Parts& parts) : parts_(parts), wire_(std::make_unique<Wire>()) {}

AuditService::~AuditService() = default;

void AuditService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeListRecords(calls);
  ServeGetRecord(calls);
  ServeAccountCalls(calls);
  ServeRecordCalls(calls);
  ServeTracePoints(calls);
  ServeGetHistory(calls);
  ServeProofCalls(calls);
  ServeReDecideGrant(calls);
  ServeExportBundle(calls);
  ServePeriodCalls(calls);
}

void AuditService::ServeListRecords(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListRecords, wire_.get(), &Wire::RequestListRecords,
                      [this](const CallContext& call, const v1::ListRecordsRequest& asked) {
                        return DoListRecords(call, asked);
                      });
}

void AuditService::ServeGetRecord(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetRecord, wire_.get(), &Wire::RequestGetRecord,
                      [this](const CallContext& call, const v1::GetRecordRequest& asked) {
                        return DoGetRecord(call, asked);
                      });
}

void AuditService::ServeReDecideGrant(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kReDecideGrant, wire_.get(), &Wire::RequestReDecideGrant,
                      [this](const CallContext& call, const v1::ReDecideGrantRequest& asked) {
                        return ReDecideGrant(call.principal(), asked, *parts_.engine->Read(),
                                             *parts_.tree);
                      });
}

absl::StatusOr<v1::ListRecordsResponse> AuditService::DoListRecords(
    const CallContext& call, const v1::ListRecordsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  Sequence from = request.from_sequence() == 0 ? 1 : request.from_sequence();
  if (!cursor.empty()) {
    PUHUI_ASSIGN_OR_RETURN(from, NumberIn<Sequence>(cursor));
  }
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(*store));
  v1::ListRecordsResponse response;
  if (from > last) return response;
  RecordViewer viewer(&call.principal(), store.get());
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
      *store, from, page_size,
      [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        if (sequence > last) return false;
        PUHUI_ASSIGN_OR_RETURN(v1::RecordView view, viewer.ViewOf(sequence, bytes));
        if (!viewer.Fits(view, bytes.size())) return false;
        *response.add_records() = std::move(view);
        return true;
      }));
  const Sequence next = from + static_cast<Sequence>(response.records_size());
  if (next <= last) response.set_next_page_token(parts_.tokens->Seal(bound, absl::StrCat(next)));
  return response;
}

absl::StatusOr<v1::GetRecordResponse> AuditService::DoGetRecord(
    const CallContext& call, const v1::GetRecordRequest& request) const {
  if (request.sequence() == 0) return InvalidField("sequence", "want a number from 1, got 0");
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(*store));
  if (request.sequence() > last) return NotFound("record");
  v1::GetRecordResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_record_bytes(),
                         ledger::ReadRecord(*store, request.sequence()));
  RecordViewer viewer(&call.principal(), store.get());
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_record(),
                         viewer.ViewOf(request.sequence(), response.record_bytes()));
  return response;
}

}  // namespace puhui::services
