// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"

#include "absl/types/optional.h"

#include <ostream>

namespace puhui::services {
namespace {

using Stub = v1::AdminService::Stub;

void PrintResult(Output& output, const v1::VerifyResult& result) {
  output.Fields({{"result", result.ok() ? "nothing found" : "FINDINGS"},
                 {"records", FormatCount(result.records())},
                 {"entries", FormatCount(result.entries())},
                 {"rows compared", FormatCount(result.rows_compared())},
                 {"root", result.root()}});
  for (const std::string& finding : result.findings()) output.Line(finding);
}

ExitCode VerifyOnline(Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  absl::optional<v1::VerifyResult> result;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "verifying", "records");
    status =
        service->ReadStream(&Stub::StartVerify, v1::StartVerifyRequest(), Client::Restart::kAlways,
                            [&](const v1::StartVerifyResponse& message) {
                              if (message.has_result()) result = message.result();
                              if (invocation.output().json()) {
                                invocation.output().Json(message, false);
                              } else {
                                progress.Show(message.records_done(), message.records());
                              }
                            });
  }
  const ExitCode code = invocation.Settle(status);
  if (code != ExitCode::kOk) return code;
  if (!result.has_value()) {
    return invocation.Fail(absl::InternalError("the verification ended without a result"),
                           ExitCode::kFailed);
  }
  if (!invocation.output().json()) PrintResult(invocation.output(), *result);
  return result->ok() ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace

void AddAdminCommands(CommandLine& line) {
  Noun noun(line, "admin", "Running the service");
  noun.Reads(
      {"status", "Say how the service is"}, &Stub::GetStatus,
      [](CLI::App&, v1::GetStatusRequest&) {},
      [](Output& output, const v1::GetStatusResponse& response) {
        output.Fields({{"version", response.version()},
                       {"last record", FormatCount(response.sequence())},
                       {"writes", response.accepting_writes() ? "accepted" : "NOT accepted"},
                       {"detail", response.detail()}});
      });

  CLI::App& verify =
      line.AddCommand("verify", "Re-hash the journal, rebuild every view from it and compare");
  // Required, so that it stays clear that a running service does this about itself.
  verify
      .add_flag_callback(
          "--online", [] {}, "By the service, while it runs")
      ->required();
  line.OnCommand(verify, VerifyOnline);

  CLI::App& version = line.AddCommand("version", "Show the version of this program");
  line.OnCommand(version, [](Invocation& invocation) {
    *invocation.environment().out << "puhui " << PUHUI_VERSION << '\n';
    return ExitCode::kOk;
  });
}

}  // namespace puhui::services
