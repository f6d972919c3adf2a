// SPDX-License-Identifier: Apache-2.0
#include "services/cli/till_flags.h"

#include "services/cli/times.h"
#include "services/rpc/timestamp.h"

#include <utility>

namespace puhui::services {

CLI::Option* AddTerminal(CLI::App& app, std::string* field) {
  return app.add_option("--terminal", *field, "Format: merchants/…/terminals/…")->required();
}

CLI::Option* AddNumber(CLI::App& app, const std::string& flag, std::uint32_t max,
                       std::function<void(std::uint32_t)> set) {
  return app
      .add_option_function<std::uint32_t>(
          flag, [set = std::move(set)](const std::uint32_t& number) { set(number); })
      ->check(CLI::Range(std::uint32_t{1}, max));
}

void AddLifetime(CLI::App& app, std::function<google::protobuf::Duration*()> lifetime,
                 const std::string& about) {
  app.add_option_function<std::string>(
         "--lifetime",
         [lifetime = std::move(lifetime)](const std::string& text) {
           const absl::Duration lasting = *ParseTimeout(text);
           google::protobuf::Duration* const to = lifetime();
           to->set_seconds(absl::ToInt64Seconds(lasting));
           to->set_nanos(
               static_cast<std::int32_t>(absl::ToInt64Nanoseconds(lasting % absl::Seconds(1))));
         },
         about)
      ->check([](const std::string& text) {
        return std::string(ParseTimeout(text).status().message());
      });
}

Prepare BindTill(CLI::App& app, v1::Till& till) {
  AddTerminal(app, till.mutable_terminal());
  AddNumber(app, "--batch", UINT32_MAX, [&till](std::uint32_t batch) {
    till.set_batch_number(batch);
  })->description("The till's batch. Default: the day in --zone, such as 20270301");
  AddNumber(app, "--trace", kTraceNumberMax, [&till](std::uint32_t trace) {
    till.set_trace_number(trace);
  })->description("The till's trace number. Default: the tenth of a second of the day, from 1");
  AddMoment(
      app, "--local-time",
      [&till](google::protobuf::Timestamp time) { *till.mutable_local_time() = std::move(time); },
      {"The till's own clock", "now"});
  // An earlier call is only repeated when all three are as they were.
  return [&till](const Invocation& invocation) {
    const absl::Time now = invocation.environment().now();
    const TillClock clock = TillClockAt(now, invocation.zone());
    if (till.batch_number() == 0) till.set_batch_number(clock.batch_number);
    if (till.trace_number() == 0) till.set_trace_number(clock.trace_number);
    if (!till.has_local_time()) *till.mutable_local_time() = ToTimestamp(now);
    return absl::OkStatus();
  };
}

}  // namespace puhui::services
