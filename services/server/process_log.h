// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_PROCESS_LOG_H_
#define PUHUI_SERVICES_SERVER_PROCESS_LOG_H_

#include <spdlog/formatter.h>

#include <memory>

namespace puhui::services {

// One JSON object a line: {"time":"…Z","level":"…","message":"…"}, with the time in UTC as in the
// call log, and a message that says whatever it likes.
std::unique_ptr<spdlog::formatter> MakeJsonFormatter();

// From now on what this process has to say apart from its calls is such lines on stderr: what
// spdlog is given, gRPC's own log, and the check that ends it.
// Threads: before others log.
void LogToStandardError();

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_PROCESS_LOG_H_
