// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/statement_load.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/random.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/cli/request_id.h"
#include "services/cli/statement_file.h"
#include "tests/bench/connections.h"

#include "absl/strings/str_format.h"

#include <chrono>

namespace puhui::bench {
namespace {

using std::chrono::steady_clock;
using Settlement = v1::SettlementService;

double SecondsSince(steady_clock::time_point begun) {
  return std::chrono::duration<double>(steady_clock::now() - begun).count();
}

}  // namespace

std::string StatementReport::ToJson() const {
  return absl::StrFormat(R"({"lines":%d,"bytes":%d,"cut_seconds":%.4f,"read_seconds":%.3f})", lines,
                         bytes, cut_seconds, read_seconds);
}

absl::StatusOr<StatementReport> CutStatement(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& name) {
  const auto settlement = Settlement::NewStub(channel);
  v1::CutDayRequest request;
  ledger::OpenSslRandom random;
  request.set_request_id(services::MakeRequestId(random));
  request.set_name(name);
  v1::CutDayResponse response;
  grpc::ClientContext context;
  StatementReport report;
  const steady_clock::time_point begun = steady_clock::now();
  PUHUI_RETURN_IF_ERROR(ToStatus(settlement->CutDay(&context, request, &response)));
  report.cut_seconds = SecondsSince(begun);
  return report;
}

absl::Status ReadStatement(const std::shared_ptr<grpc::Channel>& channel, const std::string& name,
                           StatementReport* report) {
  const auto settlement = Settlement::NewStub(channel);
  v1::GetStatementRequest request;
  request.set_name(name);
  grpc::ClientContext context;
  services::StatementCheck check;
  const steady_clock::time_point begun = steady_clock::now();
  const auto reader = settlement->GetStatement(&context, request);
  for (v1::GetStatementResponse part; reader->Read(&part);) {
    check.Take(part);
    report->lines += static_cast<std::uint64_t>(part.lines_size());
    report->bytes += part.ByteSizeLong();
  }
  PUHUI_RETURN_IF_ERROR(ToStatus(reader->Finish()));
  report->read_seconds = SecondsSince(begun);
  return check.Compare();
}

}  // namespace puhui::bench
