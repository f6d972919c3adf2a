// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_CALL_LOG_H_
#define PUHUI_SERVICES_RPC_CALL_LOG_H_

#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

namespace puhui::services {

// One finished call, without anything of its content.
struct CallLine {
  absl::Time time;
  absl::string_view service;
  absl::string_view method;
  absl::string_view caller;  // Empty when nobody was authenticated.
  absl::StatusCode code = absl::StatusCode::kOk;
  absl::string_view reason;  // Empty for OK.
  std::int64_t micros = 0;
  absl::string_view
      detail;  // What a machine broke over; empty for outcomes that the caller sees whole.
};

// One JSON line per call, gathered in memory and written in blocks by a thread of its own: a caller
// pays for appending some 150 bytes and never for waking a thread or for a slow disk. When the sink
// cannot keep up, new lines are dropped and counted, and the count is written in their place.
// Threads: safe. Owns: the thread and the sink; the destructor writes what is left.
class CallLog {
 public:
  using Sink = absl::AnyInvocable<void(absl::string_view lines)>;
  static constexpr std::size_t kPendingBytesMax = std::size_t{4} << 20;

  // `sink` gets whole lines, from one thread at a time.
  explicit CallLog(Sink sink, absl::Duration interval = absl::Milliseconds(200));
  ~CallLog();
  CallLog(const CallLog&) = delete;
  CallLog& operator=(const CallLog&) = delete;

  void Append(const CallLine& line);
  // Returns when everything appended before has been given to the sink.
  void Flush();

 private:
  void Run();
  void WritePending();
  void AppendTime(absl::Time time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration interval_;
  Mutex sink_mutex_;
  Sink sink_ ABSL_GUARDED_BY(sink_mutex_);
  Mutex mutex_ ABSL_ACQUIRED_AFTER(sink_mutex_);
  CondVar wake_;
  std::string pending_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t second_ ABSL_GUARDED_BY(mutex_) =
      -1;  // Formatting a date costs more than the rest of a line.
  std::string second_text_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_CALL_LOG_H_
