// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/call_log.h"

#include "services/rpc/json_text.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::services {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

CallLog::CallLog(Sink sink, absl::Duration interval)
    : interval_(interval), sink_(std::move(sink)), thread_([this] { Run(); }) {}

CallLog::~CallLog() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  thread_.join();
  WritePending();
}

void CallLog::AppendTime(absl::Time time) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  if (micros / kMicrosPerSecond != second_) {
    second_ = micros / kMicrosPerSecond;
    second_text_ = absl::FormatTime("%Y-%m-%dT%H:%M:%S", time, absl::UTCTimeZone());
  }
  absl::StrAppend(&pending_, second_text_, ".",
                  absl::Dec(micros % kMicrosPerSecond, absl::kZeroPad6), "Z");
}

void CallLog::Append(const CallLine& line) {
  MutexLock lock(&mutex_);
  if (pending_.size() >= kPendingBytesMax) {
    ++dropped_;
    return;
  }
  pending_ += "{\"time\":\"";
  AppendTime(line.time);
  absl::StrAppend(&pending_, "\",\"rpc\":\"", line.service, "/", line.method, "\",\"caller\":\"");
  AppendJsonText(line.caller, &pending_);
  absl::StrAppend(&pending_, "\",\"code\":\"", absl::StatusCodeToString(line.code),
                  "\",\"reason\":\"", line.reason, "\",\"micros\":", line.micros);
  if (!line.detail.empty()) {
    pending_ += ",\"detail\":\"";
    AppendJsonText(line.detail, &pending_);
    pending_ += '"';
  }
  pending_ += "}\n";
}

void CallLog::Flush() { WritePending(); }

void CallLog::WritePending() {
  MutexLock sink_lock(&sink_mutex_);
  std::string lines;
  std::uint64_t dropped = 0;
  {
    MutexLock lock(&mutex_);
    lines.swap(pending_);
    std::swap(dropped, dropped_);
  }
  if (dropped > 0) absl::StrAppend(&lines, "{\"dropped_lines\":", dropped, "}\n");
  if (!lines.empty()) sink_(lines);
}

void CallLog::Run() {
  while (true) {
    {
      MutexLock lock(&mutex_);
      if (!stopping_) wake_.WaitFor(&mutex_, absl::ToChronoMicroseconds(interval_));
      if (stopping_) return;
    }
    WritePending();
  }
}

}  // namespace puhui::services
