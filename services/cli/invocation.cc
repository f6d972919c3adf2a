// SPDX-License-Identifier: Apache-2.0
#include "services/cli/invocation.h"

#include "ledger/base/check.h"
#include "services/cli/error_text.h"
#include "services/cli/request_id.h"
#include "services/cli/times.h"

#include <utility>

namespace puhui::services {
namespace {

absl::TimeZone LoadZone(const std::string& name) {
  absl::TimeZone zone;
  PUHUI_CHECK(absl::LoadTimeZone(name, &zone));
  return zone;
}

// After these nobody knows whether the service did what it was asked.
bool OutcomeUnknown(grpc::StatusCode code) {
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::DEADLINE_EXCEEDED ||
         code == grpc::StatusCode::CANCELLED || code == grpc::StatusCode::UNKNOWN ||
         code == grpc::StatusCode::INTERNAL;
}

}  // namespace

Invocation::Invocation(const Environment& environment, const GlobalFlags& flags)
    : environment_(environment),
      flags_(flags),
      zone_(LoadZone(flags.zone)),
      output_(*environment.out,
              Output::Style{
                  .json = flags.json, .points_per_yuan = flags.points_per_yuan, .zone = zone_}) {}

Progress::Screen Invocation::screen() const {
  return Progress::Screen{.out = environment_.err,
                          .is_terminal = environment_.err_is_terminal,
                          .now = environment_.now};
}

void Invocation::SettleRequestId(std::string* request_id) const {
  if (request_id->empty()) *request_id = MakeRequestId(*environment_.random);
  if (flags_.verbose) *environment_.err << "request id: " << *request_id << std::endl;
}

const std::string& Invocation::profile() const {
  return flags_.profile.empty() ? environment_.default_profile : flags_.profile;
}

Client* Invocation::service() {
  if (client_.has_value()) return &*client_;
  absl::StatusOr<std::shared_ptr<grpc::Channel>> channel =
      environment_.connect(profile(), flags_.as);
  if (!channel.ok()) {
    Fail(channel.status(), ExitCode::kUsage);
    return nullptr;
  }
  Client::Timeouts timeouts;
  if (!flags_.timeout.empty()) {
    const absl::StatusOr<absl::Duration> timeout = ParseTimeout(flags_.timeout);
    PUHUI_CHECK(timeout.ok());
    timeouts.unary = timeouts.long_unary = timeouts.stream = *timeout;
  }
  client_.emplace(*std::move(channel), environment_, timeouts, flags_.purpose);
  return &*client_;
}

ExitCode Invocation::Settle(const grpc::Status& status, absl::string_view advice) const {
  if (status.ok()) return ExitCode::kOk;
  *environment_.err << ErrorText(status);
  if (!advice.empty() && OutcomeUnknown(status.error_code())) {
    *environment_.err << "note: it is not known whether this was done; " << advice << '\n';
  }
  return ExitCodeFor(status.error_code());
}

ExitCode Invocation::Fail(const absl::Status& status, ExitCode code) const {
  *environment_.err << ErrorText(FoundHere(status));
  return code;
}

}  // namespace puhui::services
