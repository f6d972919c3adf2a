// SPDX-License-Identifier: Apache-2.0
#include "services/cli/flags.h"

#include "ledger/base/points.h"
#include "services/cli/request_id.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <utility>

namespace puhui::services {

CLI::Option* AddName(CLI::App& app, const std::string& flag, std::string* field,
                     const std::string& collection) {
  return AddNameOf(
      app, flag, [field](const std::string& name) { *field = name; }, collection);
}

CLI::Option* AddNameOf(CLI::App& app, const std::string& flag,
                       std::function<void(const std::string&)> set, const std::string& collection) {
  return app
      .add_option_function<std::string>(flag, std::move(set),
                                        "Format: " + collection + "/…, or the id alone")
      ->transform([collection](const std::string& text) {
        return absl::StrContains(text, '/') ? text : collection + "/" + text;
      });
}

namespace {

// Read here: the library takes 0600 for octal, and says of 600,000 that it is out of range.
absl::optional<std::int64_t> PointsIn(const std::string& text) {
  std::int64_t points = 0;
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return absl::ascii_isdigit(c);
  });
  if (!digits || !absl::SimpleAtoi(text, &points)) return absl::nullopt;
  if (points < 1 || points > Points::kMax) return absl::nullopt;
  return points;
}

}  // namespace

CLI::Option* AddPointsOf(CLI::App& app, const std::string& flag,
                         std::function<void(std::int64_t)> set, const std::string& help) {
  return app
      .add_option_function<std::string>(
          flag, [set = std::move(set)](const std::string& text) { set(*PointsIn(text)); }, help)
      ->type_name("POINTS")
      ->check([](const std::string& text) {
        return PointsIn(text).has_value()
                   ? std::string()
                   : absl::StrCat("want whole points without separators, from 1 to ", Points::kMax,
                                  ", got ", text);
      });
}

CLI::Option* AddPoints(CLI::App& app, std::function<void(std::int64_t)> set) {
  return AddPointsOf(app, "--points", std::move(set), "Whole points");
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

namespace {

// Of the whole command line, whose own flags are read before those of its commands.
absl::TimeZone ZoneOf(CLI::App* app) {
  while (app->get_parent() != nullptr) app = app->get_parent();
  const CLI::Option* const flag = app->get_option_no_throw("--zone");
  absl::TimeZone zone = absl::UTCTimeZone();
  if (flag != nullptr) absl::LoadTimeZone(flag->as<std::string>(), &zone);
  return zone;
}

absl::StatusOr<absl::Time> MomentIn(const std::string& text, absl::TimeZone zone,
                                    absl::optional<DayAs> day) {
  return day.has_value() ? ParseDayOrMoment(text, zone, *day) : ParseMoment(text);
}

std::string DayHelp(absl::optional<DayAs> day) {
  if (!day.has_value()) return "";
  return absl::StrCat(" or 2027-03-01 (its ", *day == DayAs::kBegin ? "beginning" : "end",
                      " in --zone)");
}

}  // namespace

CLI::Option* AddMoment(CLI::App& app, const std::string& flag,
                       std::function<void(google::protobuf::Timestamp)> set,
                       const MomentHelp& help) {
  const absl::optional<DayAs> day = help.day;
  return app
      .add_option_function<std::string>(
          flag,
          [set = std::move(set), day, app = &app](const std::string& text) {
            set(ToTimestamp(*MomentIn(text, ZoneOf(app), day)));
          },
          help.what + ", such as 2027-03-01T09:00:00+08:00" + DayHelp(day) +
              (help.fallback.empty() ? "" : ". Default: " + help.fallback))
      ->check([day](const std::string& text) {
        return std::string(MomentIn(text, absl::UTCTimeZone(), day).status().message());
      });
}

}  // namespace puhui::services
