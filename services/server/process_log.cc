// SPDX-License-Identifier: Apache-2.0
#include "services/server/process_log.h"

#include "ledger/base/check_report.h"
#include "services/rpc/json_text.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <grpc/support/log.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace puhui::services {
namespace {

absl::string_view ViewOf(spdlog::string_view_t text) { return {text.data(), text.size()}; }

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    std::string line =
        absl::StrCat("{\"time\":\"",
                     absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::FromChrono(message.time),
                                      absl::UTCTimeZone()),
                     "\",\"level\":\"", ViewOf(spdlog::level::to_string_view(message.level)),
                     "\",\"message\":\"");
    AppendJsonText(ViewOf(message.payload), &line);
    line += "\"}\n";
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return MakeJsonFormatter(); }
};

spdlog::level::level_enum LevelOf(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_DEBUG:
      return spdlog::level::debug;
    case GPR_LOG_SEVERITY_INFO:
      return spdlog::level::info;
    case GPR_LOG_SEVERITY_ERROR:
      break;
  }
  return spdlog::level::err;
}

void LogForGrpc(gpr_log_func_args* said) {
  spdlog::log(LevelOf(said->severity), "gRPC: {} ({}:{})", said->message, said->file, said->line);
}

void LogFailedCheck(const char* file, int line, absl::string_view message) {
  spdlog::critical("check failed: {} ({}:{})", std::string(message), file, line);
}

}  // namespace

std::unique_ptr<spdlog::formatter> MakeJsonFormatter() { return std::make_unique<JsonFormatter>(); }

void LogToStandardError() {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("puhuid"));
  spdlog::set_formatter(MakeJsonFormatter());
  gpr_set_log_function(LogForGrpc);
  ReportFailedChecksBy(LogFailedCheck);
}

}  // namespace puhui::services
