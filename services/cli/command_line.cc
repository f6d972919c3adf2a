// SPDX-License-Identifier: Apache-2.0
#include "services/cli/command_line.h"

#include "ledger/base/check.h"
#include "services/cli/commands.h"
#include "services/cli/money.h"
#include "services/cli/times.h"

#include "absl/time/time.h"

#include <algorithm>
#include <cstdint>
#include <ostream>

namespace puhui::services {
namespace {

constexpr std::int64_t kPointsPerYuanMax = 1'000'000;

std::string CheckZone(const std::string& name) {
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone) ? std::string() : "no such time zone: " + name;
}

std::string CheckTimeout(const std::string& text) {
  return std::string(ParseTimeout(text).status().message());
}

}  // namespace

CommandLine::CommandLine()
    : app_("The command-line client of puhui, a welfare-points ledger and marketplace.", "puhui") {
  app_.require_subcommand(1);
  app_.fallthrough();  // Global flags may follow the verb.
  AddGlobalFlags();
  app_.footer(std::string(ExitCodesHelp()));
}

void CommandLine::AddGlobalFlags() {
  app_.add_option("--profile", flags_.profile,
                  "Where the service is and who is asking. Default: $PUHUI_PROFILE, else "
                  "~/.config/puhui/profile.yaml");
  app_.add_option("--as", flags_.as, "An identity of the profile, by its name");
  app_.add_option("--purpose", flags_.purpose, "Why you ask, for who looks after auditors");
  app_.add_flag("--json", flags_.json,
                "Protobuf JSON: one document, or one a line for what is a stream");
  app_.add_flag("-v,--verbose", flags_.verbose, "Show the request id of a call before it is made");
  app_.add_option("--timeout", flags_.timeout,
                  "How long a call may take. Default: 10s, and 1h for streams")
      ->check(CheckTimeout);
  app_.add_option("--zone", flags_.zone, "The time zone of civil days and of the times shown")
      ->default_val("Asia/Shanghai")
      ->check(CheckZone);
  app_.add_option("--points-per-yuan", flags_.points_per_yuan, "For display only")
      ->default_val(kPointsPerYuanDefault)
      ->check(CLI::Range(std::int64_t{1}, kPointsPerYuanMax));
}

CLI::App& CommandLine::AddCommand(const std::string& name, const std::string& help) {
  CLI::App& command = *app_.add_subcommand(name, help);
  command.footer("Global flags and exit codes: puhui --help");
  return command;
}

void CommandLine::OnCommand(CLI::App& command, Action action) {
  command.callback([this, action = std::move(action)] { chosen_ = action; });
}

ExitCode CommandLine::Run(const std::vector<std::string>& arguments,
                          const Environment& environment) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // As CLI11 wants them.
  try {  // The only way CLI11 reports, --help included.
    app_.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    const int code = app_.exit(error, *environment.out, *environment.err);
    return code == 0 ? ExitCode::kOk : ExitCode::kUsage;
  }
  PUHUI_CHECK(chosen_ != nullptr);
  Invocation invocation(environment, flags_);
  return chosen_(invocation);
}

ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Environment& environment) {
  CommandLine line;
  AddUnionCommands(line);
  AddMemberCommands(line);
  AddCampaignCommands(line);
  AddWalletCommands(line);
  AddOrderCommands(line);
  AddVoucherCommands(line);
  AddMerchantCommands(line);
  AddOfferCommands(line);
  AddNoticeCommands(line);
  AddMallCommands(line);
  AddTillCommands(line);
  AddPayoutCommands(line);
  AddReconcileCommand(line);
  AddSettlementCommands(line);
  AddPosCheckCommand(line);
  AddAuditCommands(line);
  AddVerifyCommand(line);
  AddReceiptCommands(line);
  AddWitnessCommand(line);
  AddAdminCommands(line);
  AddPeriodCommands(line);
  AddArchiveCommands(line);
  return line.Run(arguments, environment);
}

}  // namespace puhui::services
