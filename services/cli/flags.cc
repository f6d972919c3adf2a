// SPDX-License-Identifier: Apache-2.0
#include "services/cli/flags.h"

#include "ledger/base/points.h"
#include "services/cli/request_id.h"
#include "services/cli/times.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/match.h"

#include <utility>

namespace puhui::services {

CLI::Option* AddName(CLI::App& app, const std::string& flag, std::string* field,
                     const std::string& collection) {
  return app.add_option(flag, *field, "Format: " + collection + "/…, or the id alone")
      ->transform([collection](const std::string& text) {
        return absl::StrContains(text, '/') ? text : collection + "/" + text;
      });
}

CLI::Option* AddPoints(CLI::App& app, std::function<void(std::int64_t)> set) {
  return app
      .add_option_function<std::int64_t>(
          "--points", [set = std::move(set)](const std::int64_t& points) { set(points); },
          "Whole points")
      ->check(CLI::Range(std::int64_t{1}, Points::kMax));
}

CLI::Option* AddUuid(CLI::App& app, const std::string& flag, std::string* field,
                     const std::string& help) {
  return app.add_option(flag, *field, help)->check([](const std::string& text) {
    return IsRequestId(text) ? std::string() : "wanted a UUID, got " + text;
  });
}

CLI::Option* AddRequestId(CLI::App& app, std::string* field) {
  return AddUuid(app, "--request-id", field,
                 "A UUID; the same again gives the first answer. Default: a fresh one");
}

CLI::Option* AddSwitch(CLI::App& app, const std::string& flag, std::function<void(bool)> set,
                       const std::string& help) {
  return app.add_flag_function(
      flag, [set = std::move(set)](std::int64_t times) { set(times > 0); }, help);
}

CLI::Option* AddMoment(CLI::App& app, const std::string& flag,
                       std::function<void(google::protobuf::Timestamp)> set,
                       const std::string& help) {
  return app
      .add_option_function<std::string>(
          flag,
          [set = std::move(set)](const std::string& text) { set(ToTimestamp(*ParseMoment(text))); },
          help + ", such as 2027-03-01T09:00:00+08:00. Default: now")
      ->check([](const std::string& text) {
        return std::string(ParseMoment(text).status().message());
      });
}

}  // namespace puhui::services
