// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_VERIFY_ONLINE_H_
#define PUHUI_SERVICES_CLI_VERIFY_ONLINE_H_

#include "services/cli/client.h"
#include "services/cli/exit_code.h"
#include "services/cli/invocation.h"
#include "services/cli/progress.h"

#include "absl/status/status.h"
#include "absl/types/optional.h"

namespace puhui::services {

// Has the service verify a journal, shows how far it is, and prints what came of it.
// `verdict_in`: the verdict that a message of the stream ends it with, or null.
template <class Verdict, class Request, class Method, class VerdictIn, class Print>
ExitCode VerifyByService(Invocation& invocation, Method method, const Request& request,
                         const char* unit, VerdictIn verdict_in, Print print) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  absl::optional<Verdict> verdict;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "verifying", unit);
    status =
        service->ReadStream(method, request, Client::Restart::kAlways, [&](const auto& message) {
          const Verdict* const come = verdict_in(message);
          if (come != nullptr) verdict = *come;
          if (invocation.output().json()) {
            invocation.output().Json(message, false);
          } else {
            progress.Show(message.records_done(), message.records());
          }
        });
  }
  const ExitCode code = invocation.Settle(status);
  if (code != ExitCode::kOk) return code;
  if (!verdict.has_value()) {
    return invocation.Fail(absl::InternalError("the verification ended without a verdict"),
                           ExitCode::kFailed);
  }
  if (!invocation.output().json()) print(invocation.output(), *verdict);
  return verdict->ok() ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_VERIFY_ONLINE_H_
