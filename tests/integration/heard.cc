// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/heard.h"

#include "ledger/base/status_macros.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/rpc/error.h"
#include "tests/support/wire/ask.h"

#include <grpcpp/client_context.h>

#include <memory>

namespace puhui {
namespace {

using AuditStub = v1::AuditService::Stub;

constexpr Sequence kOneRecord = 7;
constexpr std::uint64_t kBundledMore = 5;    // Records than are listed.
constexpr std::uint64_t kBalancedLess = 50;  // A balance as of a record that is listed.

std::unique_ptr<AuditStub> AuditorOf(const Deployment& deployment) {
  return v1::AuditService::NewStub(deployment.Connect("/auditor/people/a-1"));
}

}  // namespace

absl::StatusOr<v1::ListRecordsResponse> FirstRecords(const Deployment& deployment,
                                                     std::size_t count) {
  v1::ListRecordsRequest request;
  request.set_page_size(static_cast<std::int32_t>(count));
  return Ask(*AuditorOf(deployment), &AuditStub::ListRecords, request);
}

absl::StatusOr<std::string> Listener::Export(std::size_t most) {
  v1::ExportBundleRequest request;
  request.set_last_sequence(count_ + kBundledMore);
  request.set_resume_token(token_);
  const auto audit = AuditorOf(deployment_);
  grpc::ClientContext context;
  SetPatience(&context);
  const auto reader = audit->ExportBundle(&context, request);
  std::string bytes;
  for (v1::ExportBundleResponse part; reader->Read(&part);) {
    if (!part.resume_token().empty()) token_ = part.resume_token();
    bytes.append(part.chunk());
    if (bytes.size() >= most) context.TryCancel();
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok() && bytes.size() < most) return services::FromGrpcStatus(status);
  return bytes;
}

absl::StatusOr<Heard> Listener::Listen() {
  Heard heard;
  PUHUI_ASSIGN_OR_RETURN(const auto records, FirstRecords(deployment_, count_));
  for (const v1::RecordView& record : records.records()) {
    heard.records.push_back(record.SerializeAsString());
  }
  const auto audit = AuditorOf(deployment_);
  v1::GetRecordRequest get;
  get.set_sequence(kOneRecord);
  PUHUI_ASSIGN_OR_RETURN(const auto one, Ask(*audit, &AuditStub::GetRecord, get));
  heard.one = one.SerializeAsString();
  v1::ProveInclusionRequest prove;
  prove.set_sequence(kOneRecord);
  prove.set_tree_size(size_);
  PUHUI_ASSIGN_OR_RETURN(const auto proof, Ask(*audit, &AuditStub::ProveInclusion, prove));
  heard.path.assign(proof.path().begin(), proof.path().end());
  v1::GetTrialBalanceRequest balance;
  balance.set_as_of_sequence(count_ - kBalancedLess);
  PUHUI_ASSIGN_OR_RETURN(const auto lines, Ask(*audit, &AuditStub::GetTrialBalance, balance));
  heard.balance = lines.SerializeAsString();
  if (token_.empty()) PUHUI_RETURN_IF_ERROR(Export(1).status());
  PUHUI_ASSIGN_OR_RETURN(heard.bundle, Export(std::string::npos));
  return heard;
}

}  // namespace puhui
