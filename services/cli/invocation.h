// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_INVOCATION_H_
#define PUHUI_SERVICES_CLI_INVOCATION_H_

#include "services/cli/client.h"
#include "services/cli/environment.h"
#include "services/cli/exit_code.h"
#include "services/cli/output.h"
#include "services/cli/progress.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// The flags that every command takes.
struct GlobalFlags {
  std::string profile;  // Empty: the environment's default.
  std::string as;
  std::string purpose;  // Empty: none is said.
  bool json = false;
  bool verbose = false;
  std::string timeout;  // Empty: the client's defaults.
  std::string zone;
  std::int64_t points_per_yuan = 0;
};

// One run of one command: its flags, where its answer goes, and the service.
// Threads: one at a time. Borrows: the environment.
class Invocation {
 public:
  // Requires: `flags` were validated when they were parsed (checked).
  Invocation(const Environment& environment, const GlobalFlags& flags);

  const Environment& environment() const { return environment_; }
  // The path of the profile, and whom to speak as; for who connects otherwise than by service().
  const std::string& profile() const;
  const std::string& as() const { return flags_.as; }
  absl::TimeZone zone() const { return zone_; }
  std::int64_t points_per_yuan() const { return flags_.points_per_yuan; }
  Output& output() { return output_; }
  Progress::Screen screen() const;

  // A fresh request id when `request_id` is empty; with -v it is shown before it is used.
  void SettleRequestId(std::string* request_id) const;

  // The service, connected at the first use; nullptr after having said why not: end with kUsage.
  Client* service();

  // kOk, or the class of the error after having printed it. `advice` is for a call that changes
  // something: what to do when nobody knows whether it did.
  ExitCode Settle(const grpc::Status& status, absl::string_view advice = {}) const;
  // The same for a flag or file that turned out wrong, with the exit code that is given.
  ExitCode Fail(const absl::Status& status, ExitCode code) const;

  template <class Stub, class Request, class Response>
  ExitCode Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request, Response* response, absl::string_view advice = {}) {
    Client* const client = service();
    if (client == nullptr) return ExitCode::kUsage;
    return Settle(client->Unary(method, request, response), advice);
  }
  // The same for an answer that takes longer than others.
  template <class Stub, class Request, class Response>
  ExitCode CallLong(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response, absl::string_view advice) {
    Client* const client = service();
    if (client == nullptr) return ExitCode::kUsage;
    return Settle(client->LongUnary(method, request, response), advice);
  }

 private:
  const Environment& environment_;
  const GlobalFlags& flags_;
  const absl::TimeZone zone_;
  Output output_;
  absl::optional<Client> client_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_INVOCATION_H_
