// SPDX-License-Identifier: Apache-2.0
#include "services/cli/limit_command.h"

#include "puhui/v1/admin_service.grpc.pb.h"

#include "absl/strings/str_cat.h"

#include <array>
#include <cstdint>
#include <string>

namespace puhui::services {
namespace {

using AdminStub = v1::AdminService::Stub;

struct NamedWindow {
  v1::LimitWindow window;
  const char* name;
};
constexpr std::array kWindows = {NamedWindow{v1::LIMIT_WINDOW_MINUTE, "minute"},
                                 NamedWindow{v1::LIMIT_WINDOW_HOUR, "hour"},
                                 NamedWindow{v1::LIMIT_WINDOW_DAY, "day"}};

v1::Limit& LimitOf(v1::Limits& limits, v1::LimitWindow window) {
  for (v1::Limit& limit : *limits.mutable_limits()) {
    if (limit.window() == window) return limit;
  }
  v1::Limit& limit = *limits.add_limits();
  limit.set_window(window);
  return limit;
}

// Of a Limits or a GetLimitsRequest.
template <class Message>
void AddWhom(CLI::App& app, Message& message) {
  AddEnum<v1::LimitSubject>(
      app, "--subject", [&message](v1::LimitSubject subject) { message.set_subject(subject); },
      "What for")
      ->required();
  app.add_option("--name", *message.mutable_name(),
                 "Whom, such as merchants/m-7. Default: everyone without limits of their own");
}

void PrintLimits(Output& output, const v1::Limits& limits) {
  output.Fields(
      {{"subject", EnumText(limits.subject())},
       {"name", limits.name().empty() ? "all without limits of their own" : limits.name()},
       {"set by record",
        limits.change_sequence() == 0 ? "" : absl::StrCat(limits.change_sequence())},
       {"set", limits.has_change_time() ? output.Time(limits.change_time()) : "never"}});
  Table table({{"WITHIN A"}, {"AT MOST", Table::Align::kRight}, {"POINTS", Table::Align::kRight}});
  for (const v1::Limit& limit : limits.limits()) {
    table.AddRow({EnumText(limit.window()),
                  limit.has_count_max() ? absl::StrCat(limit.count_max()) : "any",
                  limit.has_points_max() ? output.Points(limit.points_max()) : "any"});
  }
  output.Flush(table);
}

}  // namespace

void AddLimitVerbs(Noun& admin) {
  Noun limits(admin, {"limits", "How often and with how many points may be paid"});
  limits.Changes(
      {"set", "Set all limits of somebody, or of everyone of a kind; without any, there are none"},
      &AdminStub::SetLimits,
      [](CLI::App& app, v1::SetLimitsRequest& request) {
        v1::Limits& wish = *request.mutable_limits();
        AddWhom(app, wish);
        for (const NamedWindow& named : kWindows) {
          app.add_option_function<std::uint32_t>(
              absl::StrCat("--per-", named.name),
              [&wish, window = named.window](const std::uint32_t& count) {
                LimitOf(wish, window).set_count_max(count);
              },
              absl::StrCat("How many within a ", named.name));
          app.add_option_function<std::int64_t>(
              absl::StrCat("--points-per-", named.name),
              [&wish, window = named.window](const std::int64_t& points) {
                LimitOf(wish, window).set_points_max(points);
              },
              absl::StrCat("Of how many points within a ", named.name));
        }
      },
      [](Output& output, const v1::SetLimitsResponse& response) {
        PrintLimits(output, response.limits());
      });
  limits.Reads(
      {"show", "Show the limits of somebody, or of everyone of a kind"}, &AdminStub::GetLimits,
      [](CLI::App& app, v1::GetLimitsRequest& request) { AddWhom(app, request); },
      [](Output& output, const v1::GetLimitsResponse& response) {
        PrintLimits(output, response.limits());
      });
}

}  // namespace puhui::services
