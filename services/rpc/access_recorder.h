// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_ACCESS_RECORDER_H_
#define PUHUI_SERVICES_RPC_ACCESS_RECORDER_H_

#include "services/auth/identity.h"
#include "services/auth/rpc.h"

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// What is to be on record of a call.
struct AccessNote {
  Rpc rpc;
  const Principal& principal;
  std::string filter;   // What was asked for, in words and without personal data.
  std::string purpose;  // Why.
  std::uint64_t rows = 0;
  absl::Status outcome{};
  bool unended = false;     // A stream goes on, whatever its outcome will be.
  std::uint64_t begun = 0;  // The place of the stream's first note; 0 on that itself.
};

// Where calls are noted that have to be on record (IsOnRecord of policy.h).
// Threads: safe.
class AccessRecorder {
 public:
  virtual ~AccessRecorder() = default;
  using Recorded = absl::AnyInvocable<void(absl::StatusOr<std::uint64_t>)>;
  // Calls `recorded` exactly once, when the note is durable, with its place; from any thread, and
  // it must not wait. Fails: kResourceExhausted, kUnavailable.
  virtual void Record(const AccessNote& note, Recorded recorded) = 0;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_ACCESS_RECORDER_H_
