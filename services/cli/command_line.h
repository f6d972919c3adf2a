// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_COMMAND_LINE_H_
#define PUHUI_SERVICES_CLI_COMMAND_LINE_H_

#include "services/cli/environment.h"
#include "services/cli/exit_code.h"
#include "services/cli/invocation.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// The grammar of the program: nouns with verbs, global flags anywhere, exactly one verb chosen.
// Threads: one at a time.
class CommandLine {
 public:
  using Action = std::function<ExitCode(Invocation&)>;

  CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // A command directly under `puhui`: a noun, or a verb that needs none.
  CLI::App& AddCommand(const std::string& name, const std::string& help);
  // What is done once the line is parsed and `command` was on it.
  void OnCommand(CLI::App& command, Action action);

  // Parses `arguments`, without the program's name, and does what they ask.
  ExitCode Run(const std::vector<std::string>& arguments, const Environment& environment);

 private:
  void AddGlobalFlags();

  CLI::App app_;
  GlobalFlags flags_;
  Action chosen_;
};

// The whole program: every command, then Run.
ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Environment& environment);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_COMMAND_LINE_H_
