// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/restart.h"

#include "ledger/base/status_macros.h"
#include "tests/bench/connections.h"
#include "tests/bench/load.h"
#include "tests/bench/purchase_calls.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include <memory>
#include <vector>

namespace puhui::bench {
namespace {

// Recovery of a large ledger, and then some.
constexpr absl::Duration kPatience = absl::Minutes(2);

absl::StatusOr<LoadReport> Buy(const RestartWish& wish, const Accounts& accounts, int port,
                               std::uint32_t batch, const LoadOptions& load) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (std::size_t i = 0; i < load.connections; ++i) {
    PUHUI_ASSIGN_OR_RETURN(channels.emplace_back(),
                           Connect(port, wish.certificates, MerchantOf(i)));
  }
  PurchaseCalls calls(channels, &accounts, {.batch = batch});
  return RunLoad(load, &calls);
}

}  // namespace

absl::StatusOr<RestartReport> KillAndRestart(const RestartWish& wish, const Accounts& accounts) {
  RestartReport report;
  {
    PUHUI_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(wish.server, kPatience));
    LoadOptions load{.connections = wish.connections, .in_flight = wish.in_flight};
    load.duration = wish.load_max;
    load.stop_at_failure = true;
    load.milestone = wish.purchases;
    load.at_milestone = [&server] { server->Kill(); };
    PUHUI_ASSIGN_OR_RETURN(const LoadReport done,
                           Buy(wish, accounts, server->port(), wish.batch, load));
    report.answered = done.answered;
    if (done.answered < wish.purchases) {
      return absl::InternalError(
          absl::StrCat(done.answered, " purchases were answered, then ", done.first_failure));
    }
  }
  const absl::Time begin = absl::Now();
  PUHUI_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(wish.server, kPatience));
  report.seconds_to_port = absl::ToDoubleSeconds(absl::Now() - begin);
  const LoadOptions one{.connections = 1, .in_flight = 1, .threads = 1, .calls_max = 1};
  PUHUI_ASSIGN_OR_RETURN(const LoadReport first,
                         Buy(wish, accounts, server->port(), wish.batch + 1, one));
  report.seconds_to_answer = absl::ToDoubleSeconds(absl::Now() - begin);
  if (first.answered != 1) {
    return absl::InternalError(absl::StrCat("after the restart: ", first.first_failure));
  }
  PUHUI_RETURN_IF_ERROR(server->Stop());
  return report;
}

}  // namespace puhui::bench
