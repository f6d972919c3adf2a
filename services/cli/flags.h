// SPDX-License-Identifier: Apache-2.0
// Flags that several commands share, bound to the fields of a request.
#ifndef PUHUI_SERVICES_CLI_FLAGS_H_
#define PUHUI_SERVICES_CLI_FLAGS_H_

#include "services/cli/enum_text.h"
#include "services/cli/times.h"

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include <CLI/CLI.hpp>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <functional>
#include <string>

namespace puhui::services {

// A resource name: "fh-1" for the collection "unions" is "unions/fh-1"; what has a slash is taken
// as it is. `flag` without leading dashes is a positional argument.
// Borrows: the field, until the command line is parsed; so do all functions here.
CLI::Option* AddName(CLI::App& app, const std::string& flag, std::string* field,
                     const std::string& collection);
// The same for one field of several, of which only what is named may be touched.
CLI::Option* AddNameOf(CLI::App& app, const std::string& flag,
                       std::function<void(const std::string&)> set, const std::string& collection);

// Whole points, from 1 up, in decimal digits and nothing else.
CLI::Option* AddPointsOf(CLI::App& app, const std::string& flag,
                         std::function<void(std::int64_t)> set, const std::string& help);
// The same as --points.
CLI::Option* AddPoints(CLI::App& app, std::function<void(std::int64_t)> set);

// --request-id of a call that changes something.
CLI::Option* AddRequestId(CLI::App& app, std::string* field);

// A UUID under another flag.
CLI::Option* AddUuid(CLI::App& app, const std::string& flag, std::string* field,
                     const std::string& help);

// A flag that is there or is not.
CLI::Option* AddSwitch(CLI::App& app, const std::string& flag, std::function<void(bool)> set,
                       const std::string& help);

// What a flag is for, and what holds without it; empty: nothing does, as of one that is required.
struct MomentHelp {
  std::string what;
  std::string fallback;
  absl::optional<DayAs> day{};  // What a civil day stands for; absent: none is taken.
};

// A moment, as of ParseMoment, or of ParseDayOrMoment in --zone, wherever that stands in the
// command line.
CLI::Option* AddMoment(CLI::App& app, const std::string& flag,
                       std::function<void(google::protobuf::Timestamp)> set,
                       const MomentHelp& help);

// A value of the protobuf enum `Enum`, by its name without prefix, in either case.
template <class Enum>
CLI::Option* AddEnum(CLI::App& app, const std::string& flag, std::function<void(Enum)> set,
                     const std::string& help) {
  const auto* const descriptor = google::protobuf::GetEnumDescriptor<Enum>();
  return app
      .add_option_function<std::string>(
          flag,
          [set = std::move(set), descriptor](const std::string& text) {
            set(static_cast<Enum>(EnumNumber(*descriptor, text)));
          },
          help + ": " + EnumChoices(*descriptor))
      ->check([descriptor](const std::string& text) {
        return EnumNumber(*descriptor, text) > 0
                   ? std::string()
                   : "wanted one of " + EnumChoices(*descriptor) + ", got " + text;
      });
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_FLAGS_H_
